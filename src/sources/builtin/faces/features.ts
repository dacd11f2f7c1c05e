import { BLACK, hex, mix, WHITE } from './colour.ts';
import type { FaceParameters } from './parameters.ts';
import type { Path, Pen } from './path.ts';
import type { Mask } from './raster.ts';

const EYE_Y = 31.2;
const EYE_X = 5.7; // from the middle

/** Brows, eyes, nose, mouth and the lines of age, moved sideways by the turn of the head. */
export function drawFeatures(pen: Pen, face: FaceParameters): void {
  const { traits, skin } = face;
  const cx = 32 + face.turn;
  const shade = mix(skin, hex('#4a1f10'), 0.28);
  const outline = mix(skin, hex('#3a160c'), 0.45);
  if (!traits.young) drawLines(pen, cx, shade);
  if (traits.freckles) drawFreckles(pen, face, cx);
  const brow = mix(face.hair, hex('#2a1a12'), traits.blond ? 0.35 : 0.25);
  for (const side of [-1, 1]) {
    const at = (x: number): number => cx + side * x;
    pen.stroke(pen.from(at(8.6), 27.8).bow(at(6), 26, at(3.2), 27.4), traits.male ? 1.5 : 1, brow);
    pen.ellipse(at(EYE_X), EYE_Y, 2.5, 1.55, hex('#fbf8f3'));
    pen.ellipse(at(EYE_X) + face.turn * 0.15, EYE_Y, 1.4, 1.4, face.iris);
    pen.ellipse(at(EYE_X) + face.turn * 0.15, EYE_Y, 0.6, 0.6, hex('#1a1413'));
    pen.stroke(
      pen.from(at(8.4), EYE_Y - 0.5).bow(at(EYE_X), EYE_Y - 2.3, at(3), EYE_Y - 0.5),
      traits.male ? 0.8 : 1.05,
      outline,
    );
  }
  const nose = pen
    .from(cx - 0.4, 31.6)
    .bow(cx - 1.8, 35.6, cx - 2, 37)
    .bow(cx, 38.6, cx + 2, 37.2);
  pen.stroke(nose, 1.1, shade);
  drawMouth(pen, face, cx);
}

function drawLines(pen: Pen, cx: number, shade: FaceParameters['skin']): void {
  for (const side of [-1, 1]) {
    const at = (x: number): number => cx + side * x;
    pen.stroke(pen.from(at(6), 37.2).bow(at(7.8), 40, at(7), 43), 0.75, shade, 0.9);
    pen.stroke(pen.from(at(8), 33.9).bow(at(5.6), 35, at(3.6), 34.1), 0.75, shade, 0.9);
  }
  pen.stroke(pen.from(cx - 6, 23.6).bow(cx, 22.8, cx + 6, 23.6), 0.75, shade, 0.9);
}

function drawFreckles(pen: Pen, face: FaceParameters, cx: number): void {
  for (let i = 0; i < 16; i++) {
    const x = cx + (i % 2 ? 1 : -1) * (2.4 + 6 * face.details[i]!);
    pen.ellipse(x, 34 + 4 * face.details[16 + i]!, 0.42, 0.42, hex('#a9643c'), 0.75);
  }
}

function drawMouth(pen: Pen, face: FaceParameters, cx: number): void {
  const { male, smiling } = face.traits;
  const lip = male ? mix(face.skin, hex('#8c3a33'), 0.42) : mix(face.skin, hex('#a8323a'), 0.58);
  if (smiling) {
    const edge = pen
      .from(cx - 5, 41.2)
      .bow(cx, 46.4, cx + 5, 41.2)
      .bow(cx, 43, cx - 5, 41.2);
    pen.fill(edge, WHITE);
    pen.stroke(edge, 1.1, lip);
  } else {
    pen.stroke(pen.from(cx - 4.2, 42.2).bow(cx, male ? 42.9 : 43.6, cx + 4.2, 42.2), 1.7, lip);
  }
}

/** A beard within the head. */
export function drawBeard(pen: Pen, face: FaceParameters, head: Mask): void {
  const { headWidth: w } = face;
  const cx = 32 + face.turn * 0.7;
  const [left, right] = [32 - w, 32 + w];
  const beard = pen
    .from(left, 32)
    .curve(left + 1.6, 40, cx - 5.4, 37.6, cx, 39.2)
    .curve(cx + 5.4, 37.6, right - 1.6, 40, right, 32)
    .line(right, 52)
    .line(left, 52);
  pen.fill(beard, mix(face.hair, hex('#2a1a12'), 0.12), 0.93, head);
}

export function drawGlasses(pen: Pen, face: FaceParameters): void {
  const cx = 32 + face.turn;
  const frame = hex('#2b2b2d');
  for (const side of [-1, 1]) {
    const rim = roundedBox(pen, cx + side * 5.7, 31.2, 4.3, 3.3, 2.4);
    pen.fill(rim, WHITE, 0.16);
    pen.stroke(rim, 1, frame);
    pen.stroke(pen.from(cx + side * 10, 30).line(32 + side * face.headWidth, 29.2), 1, frame);
  }
  pen.stroke(pen.from(cx - 1.4, 30.4).bow(cx, 29.6, cx + 1.4, 30.4), 1, frame);
}

export function drawEarrings(pen: Pen, face: FaceParameters): void {
  for (const side of [-1, 1]) pen.ellipse(32 + side * (face.headWidth + 0.2), 37.4, 1.15, 1.15, hex('#d9b45a'));
}

export function drawScarf(pen: Pen, face: FaceParameters): void {
  const colour = mix(face.hatColour, hex('#b4493f'), 0.6);
  pen.fill(pen.from(21, 48).bow(32, 55, 43, 48).line(45, 55).bow(32, 63, 19, 55), colour);
  pen.fill(pen.from(35, 55).line(41, 54).line(43.5, 66).line(36.5, 66), mix(colour, BLACK, 0.15));
}

export function drawHat(pen: Pen, face: FaceParameters): void {
  const left = 32 - face.headWidth - 1.4;
  const right = 32 + face.headWidth + 1.4;
  const colour = face.hatColour;
  if (face.brimmed) {
    pen.fill(pen.from(left - 1, 21.5).curve(left + 1, 2, right - 1, 2, right + 1, 21.5), colour);
    pen.ellipse(32, 21.6, 23.5, 3.6, mix(colour, BLACK, 0.25));
  } else {
    pen.fill(pen.from(left - 1, 25).curve(left - 1, 2.5, right + 1, 2.5, right + 1, 25), colour);
    pen.fill(roundedBox(pen, 32, 22.9, (right - left) / 2 + 1.6, 2.9, 2.4), mix(colour, WHITE, 0.16));
  }
}

function roundedBox(pen: Pen, x: number, y: number, rx: number, ry: number, r: number): Path {
  return pen
    .from(x - rx + r, y - ry)
    .line(x + rx - r, y - ry)
    .bow(x + rx, y - ry, x + rx, y - ry + r)
    .line(x + rx, y + ry - r)
    .bow(x + rx, y + ry, x + rx - r, y + ry)
    .line(x - rx + r, y + ry)
    .bow(x - rx, y + ry, x - rx, y + ry - r)
    .line(x - rx, y - ry + r)
    .bow(x - rx, y - ry, x - rx + r, y - ry);
}
