import {
  H_FAKE, H_OPS, H_PARAMETERS, H_ROUNDED, H_SCRATCH, KIND_CONV, KIND_POOL, O_BIAS, O_FUSED, O_KIND, O_RELU, O_WEIGHTS, O_WINNERS,
  O_WINNERS_STRIDE, P_ACTIVATIONS, P_BLOCKED, P_CHANNELS, P_HEIGHT, P_IMAGE_STRIDE, P_LEAST, P_QUANTIZATION, P_ROW_STRIDE, P_SCALE,
  P_STORED, P_WIDTH, P_ZERO_POINT,
} from '../fields';
import { imageOf, quantizeImage, rangeOfImage } from './image-quantize';
import { operation, point } from './records';
import { markBlocked, roundWeights, stopMarked } from './round';
import { address, float, int } from './simd';

/** Copies a member's effective parameters and rounds the kernels: what a step with fake quantization runs with. Returns the copy. */
export function roundedParameters(table: usize, effective: usize): usize {
  const rounded = address(table, H_ROUNDED), ops = int(table, H_OPS);
  memory.copy(rounded, effective, address(table, H_PARAMETERS) << 2);
  for (let i = 0; i < ops; i++) {
    const op = operation(table, i), kind = int(op, O_KIND);
    if (kind >= KIND_POOL) continue;
    const weights = address(op, O_WEIGHTS), count = <i32>((address(op, O_BIAS) - weights) >> 2);
    const channels = kind == KIND_CONV ? int(point(table, i + 1), P_CHANNELS) : 1;
    roundWeights(rounded + weights, count / channels, channels, address(table, H_SCRATCH));
  }
  return rounded;
}

/** The marked point `index` of image b in a step: extends the range, marks where the gradient stops, and rounds in place. */
export function fakeImage(table: usize, index: i32, b: i32): void {
  const at = point(table, index);
  if (!int(at, P_QUANTIZATION)) return;
  rangeOfImage(at, imageOf(at, b), at + (P_LEAST << 2));
  if (index > 0) markImage(table, index, b);
  quantizeImage(table, index, index, b);
}

/** Behind a convolution with its pool the winners are marked as where relu is off; elsewhere the point's own marks take relu in. */
function markImage(table: usize, index: i32, b: i32): void {
  const at = point(table, index), scale = float(at, P_SCALE), zeroPoint = float(at, P_ZERO_POINT);
  const low = (<f32>-128 - zeroPoint) * scale, high = (<f32>127 - zeroPoint) * scale;
  const count = int(at, P_WIDTH) * int(at, P_STORED), height = int(at, P_HEIGHT), row = address(at, P_ROW_STRIDE), bytes = (<usize>count) << 2;
  let marks = address(at, P_BLOCKED), off = -f32.MAX_VALUE, x = imageOf(at, b);
  if (marks) {
    marks += <usize>b * <usize>height * bytes;
    memory.fill(marks, 0, <usize>height * bytes);
    if (int(operation(table, index - 1), O_RELU)) off = 0;
  } else {
    const conv = operation(table, index - 2);
    marks = address(conv, O_WINNERS) + <usize>b * address(conv, O_WINNERS_STRIDE);
  }
  for (let y = 0; y < height; y++, x += row, marks += bytes) markBlocked(x, marks, count, low, high, off);
}

/** Whether the point has marks of its own in this step, which hold those of relu as well. */
// @ts-ignore: decorator
@inline
export function hasMarks(table: usize, at: usize): bool {
  return int(table, H_FAKE) != 0 && int(at, P_QUANTIZATION) != 0 && address(at, P_BLOCKED) != 0;
}

/** Stops the gradient d of image b where it is marked; d: first real pixel, laid out as the point's activations. */
export function stopImage(at: usize, d: usize, b: i32): void {
  const count = int(at, P_WIDTH) * int(at, P_STORED), height = int(at, P_HEIGHT), row = address(at, P_ROW_STRIDE), bytes = (<usize>count) << 2;
  let marks = address(at, P_BLOCKED) + <usize>b * <usize>height * bytes;
  for (let y = 0; y < height; y++, d += row, marks += bytes) stopMarked(d, marks, count);
}
