import type { RandomStream } from '#lib/random.ts';
import { stream } from '#lib/random.ts';
import { paintFace } from './draw.ts';
import type { FaceParameters } from './parameters.ts';

/** Side of the pictures that models see. */
export const MODEL_SIZE = 32;

/**
 * The face as a small camera sees it, RGB bytes [y, x, channel] of MODEL_SIZE squared: blurred, with noise on every channel.
 * Written to `out` at `offset`. The noise is the same for the same seed and index.
 */
export function photographFace(
  face: FaceParameters,
  seed: number,
  index: number,
  out: Uint8Array,
  offset: number,
): void {
  const sharp = paintFace(face, MODEL_SIZE).rgb;
  const blurred = blur(sharp, MODEL_SIZE, face.blur);
  const random = stream(seed, 'noise', index);
  const { noise } = face;
  for (let i = 0; i < blurred.length; i++) {
    const value = blurred[i]! + noise * nearlyNormal(random);
    out[offset + i] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5; // a byte takes the whole part
  }
}

/** Standard deviation of the sum of three independent whole numbers from 0 to 255. */
const THREE_BYTES_SD = Math.sqrt((3 * (256 * 256 - 1)) / 12);

/** A cheap draw of mean 0 and variance 1, close to normal: the sum of the three bytes of one 24-bit draw. */
function nearlyNormal(random: RandomStream): number {
  const bits = random.next() * 0x1000000;
  return ((bits & 255) + ((bits >>> 8) & 255) + (bits >>> 16) - 382.5) / THREE_BYTES_SD;
}

/** Three taps in each direction with variance sigma squared (sigma up to 0.8); edges are repeated. */
function blur(rgb: Float32Array, size: number, sigma: number): Float32Array {
  const side = Math.min((sigma * sigma) / 2, 1 / 3);
  return blurAlong(blurAlong(rgb, size, 3, size * 3, side), size, size * 3, 3, side);
}

/** Blurs along one direction: neighbours are `step` values apart, lines begin `line` apart. */
function blurAlong(rgb: Float32Array, size: number, step: number, line: number, side: number): Float32Array {
  const out = new Float32Array(rgb.length);
  const middle = 1 - 2 * side;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * line + j * step;
      const before = j > 0 ? at - step : at;
      const after = j < size - 1 ? at + step : at;
      out[at] = middle * rgb[at]! + side * (rgb[before]! + rgb[after]!);
      out[at + 1] = middle * rgb[at + 1]! + side * (rgb[before + 1]! + rgb[after + 1]!);
      out[at + 2] = middle * rgb[at + 2]! + side * (rgb[before + 2]! + rgb[after + 2]!);
    }
  }
  return out;
}
