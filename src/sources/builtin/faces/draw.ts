import { BLACK, hex, mix } from './colour.ts';
import { drawBeard, drawEarrings, drawFeatures, drawGlasses, drawHat, drawScarf } from './features.ts';
import { drawHairBehind, drawHairInFront } from './hair.ts';
import type { FaceParameters, Light } from './parameters.ts';
import { AS_IT_IS, createPen, type Pen } from './path.ts';
import { createRaster, type Raster } from './raster.ts';

/**
 * A face at any size: RGB bytes [y, x, channel], size x size, with its light but without blur and noise.
 * @throws RangeError unless size is a whole number from 8 to 2048.
 */
export function drawFace(face: FaceParameters, size: number): Uint8Array {
  return Uint8Array.from(paintFace(face, size).rgb, (value) => Math.round(Math.min(Math.max(value, 0), 255)));
}

/** The same before it is rounded to bytes; values may lie beyond 0 ... 255. */
export function paintFace(face: FaceParameters, size: number): Raster {
  if (!Number.isInteger(size) || size < 8 || size > 2048) throw new RangeError(`no face of ${String(size)} pixels`);
  const raster = createRaster(size, face.background);
  drawBackground(createPen(raster, AS_IT_IS), face);
  drawPerson(createPen(raster, face.placement), face);
  shine(raster, face.light);
  return raster;
}

function drawBackground(pen: Pen, face: FaceParameters): void {
  const [left, right] = face.wallEdge;
  pen.fill(pen.from(0, left).line(64, right).line(64, 64).line(0, 64), mix(face.background, BLACK, 0.08));
  for (const { kind, x, y, radius, colour } of face.clutter) {
    if (kind === 'disc') pen.ellipse(x, y, radius, radius, colour);
    else pen.stroke(pen.from(x, -8).line(x + (y - 32) * 0.6, 72), radius * 0.7, colour);
  }
}

function drawPerson(pen: Pen, face: FaceParameters): void {
  const { traits, skin, headWidth: w, light } = face;
  const shade = mix(skin, hex('#4a1f10'), 0.28);
  const [left, right] = [32 - w, 32 + w];
  const head = pen
    .from(left, 29)
    .curve(left, 11.5, right, 11.5, right, 29)
    .curve(right, 39, 32 + w * face.jaw, face.chin, 32, face.chin)
    .curve(32 - w * face.jaw, face.chin, left, 39, left, 29);
  drawHairBehind(pen, face);
  const shoulders = pen.from(2, 90).line(5, 70).curve(7, 54, 20, 53.5, 26, 51).line(38, 51);
  pen.fill(shoulders.curve(44, 53.5, 57, 54, 59, 70).line(62, 90), face.cloth);
  pen.fill(pen.from(26.4, 44).line(37.6, 44).line(38.6, 52.4).bow(32, 57.6, 25.4, 52.4), shade);
  for (const side of [-1, 1]) pen.ellipse(32 + side * (w + 0.2), 32.4, 2.1, 3.3, shade);
  pen.fill(head, skin);
  const within = pen.mask(head);
  pen.ellipse(32 + light.shadowSide * 16, 38, 13, 24, shade, light.shadow * 1.3, within);
  if (traits.beard) drawBeard(pen, face, within);
  drawFeatures(pen, face);
  drawHairInFront(pen, face);
  if (traits.glasses) drawGlasses(pen, face);
  if (traits.earrings) drawEarrings(pen, face);
  if (traits.scarf) drawScarf(pen, face);
  if (traits.hat) drawHat(pen, face);
}

/** Lights the picture: gain per channel, falling off across it. */
function shine(raster: Raster, light: Light): void {
  const { rgb, size } = raster;
  const [red, green, blue] = light.gain;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const local = 1 + light.slopeX * ((2 * x + 1) / size - 1) + light.slopeY * ((2 * y + 1) / size - 1);
      const i = (y * size + x) * 3;
      rgb[i]! *= red * local;
      rgb[i + 1]! *= green * local;
      rgb[i + 2]! *= blue * local;
    }
  }
}
