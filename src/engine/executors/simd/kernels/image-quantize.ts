import {
  P_ACTIVATIONS, P_CHANNELS, P_HEIGHT, P_IMAGE_STRIDE, P_INTERIOR, P_QUANTIZATION, P_ROW_STRIDE, P_SCALE, P_STORED, P_WIDTH,
  P_ZERO_POINT,
} from '../fields';
import { extendRange, quantizeFixed, quantizeSymmetric } from './quantize';
import { point } from './records';
import { address, float, int } from './simd';

/** Ranges and quantization of one image's values at a point. */

/** The values of point `index` on image `b`, quantized as point `marked` asks for. */
export function quantizeImage(table: usize, marked: i32, index: i32, b: i32): void {
  const mark = point(table, marked), quantization = int(mark, P_QUANTIZATION);
  if (!quantization) return;
  const at = point(table, index), image = imageOf(at, b);
  const row = address(at, P_ROW_STRIDE), height = int(at, P_HEIGHT);
  if (quantization == 1) {
    for (let y = 0; y < height; y++)
      quantizeRow(at, image + <usize>y * row, float(mark, P_SCALE), float(mark, P_ZERO_POINT));
    return;
  }
  store<f32>(greatest, 0);
  store<f32>(greatest + 4, 0);
  rangeOfImage(at, image, greatest);
  const scale = max<f32>(-load<f32>(greatest), load<f32>(greatest + 4)) / <f32>127;
  if (scale > 0) for (let y = 0; y < height; y++) quantizeRow(at, image + <usize>y * row, scale, NaN);
}

// @ts-ignore: decorator
@inline
export function imageOf(at: usize, b: i32): usize {
  return address(at, P_ACTIVATIONS) + <usize>b * address(at, P_IMAGE_STRIDE) + address(at, P_INTERIOR);
}

/** Two floats to find an example's range in. */
const greatest = memory.data(8, 16);

/** Of the real channels only: the padding is zero and would count as a value. */
export function rangeOfImage(at: usize, image: usize, range: usize): void {
  const row = address(at, P_ROW_STRIDE), height = int(at, P_HEIGHT), width = int(at, P_WIDTH);
  const channels = int(at, P_CHANNELS), stored = int(at, P_STORED);
  for (let y = 0; y < height; y++, image += row)
    if (channels == stored) extendRange(image, width * channels, range);
    else for (let x = 0; x < width; x++) extendRange(image + (<usize>(x * stored) << 2), channels, range);
}

/** One row of pixels; a zero point of NaN means symmetric. What lies behind the row in its last vector is put back. */
function quantizeRow(at: usize, row: usize, scale: f32, zeroPoint: f32): void {
  const count = int(at, P_WIDTH) * int(at, P_STORED), end = row + (<usize>count << 2), behind = v128.load(end);
  if (isNaN(zeroPoint)) quantizeSymmetric(row, count, scale);
  else quantizeFixed(row, count, scale, zeroPoint);
  v128.store(end, behind);
}
