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
  for (let i = 0; i < blurred.length; i++) {
    const value = blurred[i]! + face.noise * nearlyNormal(random);
    out[offset + i] = Math.round(Math.min(Math.max(value, 0), 255));
  }
}

/** A cheap draw of mean 0 and variance 1, close to normal: the sum of three uniform draws. */
function nearlyNormal(random: RandomStream): number {
  return 2 * (random.next() + random.next() + random.next() - 1.5);
}

/** Three taps in each direction with variance sigma squared (sigma up to 0.8); edges are repeated. */
function blur(rgb: Float32Array, size: number, sigma: number): Float32Array {
  const side = Math.min((sigma * sigma) / 2, 1 / 3);
  return blurAlong(blurAlong(rgb, size, 3, side), size, size * 3, side);
}

function blurAlong(rgb: Float32Array, size: number, stride: number, side: number): Float32Array {
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i++) {
    const position = Math.floor(i / stride) % size;
    const before = position > 0 ? i - stride : i;
    const after = position < size - 1 ? i + stride : i;
    out[i] = (1 - 2 * side) * rgb[i]! + side * (rgb[before]! + rgb[after]!);
  }
  return out;
}
