import {
  H_FAKE, P_BLOCKED, P_HEIGHT, P_IMAGE_STRIDE, P_LEAST, P_QUANTIZATION, P_ROW_STRIDE, P_STORED, P_WIDTH,
} from '../fields';
import { POINTS_PLAIN, POINTS_QUANTIZED, POINTS_RANGES } from '../whole-batch/codes';
import { batchMask } from './batch-join';
import { heightOf, imageAt, rowOf, storedOf, widthOf } from './batch-tensor';
import { fakeImage } from './fake';
import { imageOf, quantizeImage, rangeOfImage } from './image-quantize';
import { point } from './records';
import { stopMarked } from './round';
import { address, int } from './simd';

/** Beside those of whole-batch/codes.ts: the marked points are rounded as in a step with fake quantization. */
export const POINTS_FAKE = 3;

/** What happens to the values of a point of images [first, first + count) beside the operations, as the call asks for (POINTS_*). */
export function atPoint(table: usize, index: i32, first: i32, count: i32, mode: i32): void {
  if (mode == POINTS_PLAIN) return;
  const at = point(table, index);
  for (let b = first; b < first + count; b++)
    if (mode == POINTS_QUANTIZED) quantizeImage(table, index, index, b);
    else if (mode == POINTS_RANGES) rangeOfImage(at, imageOf(at, b), at + (P_LEAST << 2));
    else fakeImage(table, index, b);
}

/** Rounds the point as the record of `mark` says, for one operation that reads it; others read what is kept at `keep`. */
export function roundInput(table: usize, index: i32, mark: i32, keep: usize, first: i32, count: i32): void {
  const at = point(table, index);
  memory.copy(keep, imageOf(at, first), imagesBytes(at, count));
  for (let b = first; b < first + count; b++) quantizeImage(table, mark, index, b);
}

export function putBack(table: usize, index: i32, keep: usize, first: i32, count: i32): void {
  const at = point(table, index);
  memory.copy(imageOf(at, first), keep, imagesBytes(at, count));
}

/** From the first pixel of an image to the last one of the last image. */
// @ts-ignore: decorator
@inline
function imagesBytes(at: usize, count: i32): usize {
  const row = <usize>(int(at, P_WIDTH) * int(at, P_STORED)) << 2;
  return <usize>(count - 1) * address(at, P_IMAGE_STRIDE) + <usize>(int(at, P_HEIGHT) - 1) * address(at, P_ROW_STRIDE) + row;
}

/**
 * The gradient d of point `index`, whose rows have no border, before rounding and relu, written to the tensor `to`, which may
 * be d or the point's own values y. Where a step rounds the point, its marks hold relu too.
 */
export function leavePoint(table: usize, d: usize, index: i32, y: usize, relu: i32, to: usize, first: i32, count: i32): void {
  const at = point(table, index);
  if (!int(table, H_FAKE) || !int(at, P_QUANTIZATION)) {
    if (relu || to != d) batchMask(d, relu ? y : 0, to, 0, first, count);
    return;
  }
  const row = widthOf(d) * storedOf(d), bytes = <usize>row << 2, height = heightOf(d);
  for (let b = first; b < first + count; b++) {
    let from = imageAt(d, b), marks = address(at, P_BLOCKED) + <usize>(b * height) * bytes;
    for (let r = 0; r < height; r++, from += rowOf(d), marks += bytes) stopMarked(from, marks, row);
  }
  if (to != d) batchMask(d, 0, to, 0, first, count);
}
