import {
  H_IMAGE_OPS, H_OPS, H_SCRATCH, KIND_AVERAGE, KIND_CONV, O_BACKWARD, O_BIAS_GRADIENT, O_FUSED, O_INPUTS, O_KERNEL, O_KERNEL_GRADIENT, O_KIND,
  O_RELU, O_STRIDE, O_WINNERS, O_WINNERS_STRIDE, P_ACTIVATIONS, P_CHANNELS, P_GRADIENT, P_GRADIENT_STRIDE, P_HEIGHT,
  P_IMAGE_STRIDE, P_INTERIOR, P_ROW_STRIDE, P_STORED, P_WIDTH,
} from '../fields';
import { averageGradient } from './average-pool';
import { inputGradient, kernelGradient, listOutputs, listWinners, sumList } from './conv-backward';
import { hasMarks, stopImage } from './fake';
import { columnSums, gemmPanels, gemmTransposed, reluGradient } from './gemm';
import { poolGradient } from './max-pool';
import { kernelRowBytes } from './prepare';
import { operation, point } from './records';
import { address, int } from './simd';

/** Backward of a block after forwardBlock, from the gradient of the logits; adds to the kernels' gradients. */
export function backwardBlock(table: usize, count: i32): void {
  const imageOps = int(table, H_IMAGE_OPS);
  for (let i = int(table, H_OPS) - 1; i >= imageOps; i--) denseBackward(table, i, count);
  for (let b = 0; b < count; b++)
    for (let i = imageOps - 1; i >= 0; i--) {
      // a pool that its convolution took along has no part of its own
      if (i > 0 && int(operation(table, i - 1), O_FUSED)) i--;
      if (int(operation(table, i), O_KIND) == KIND_CONV) convBackward(table, i, b);
      else poolBackward(table, i, b);
    }
}

function denseBackward(table: usize, index: i32, count: i32): void {
  const op = operation(table, index), from = point(table, index), to = point(table, index + 1);
  const d = address(to, P_GRADIENT), stride = address(to, P_IMAGE_STRIDE), units = int(to, P_STORED), inputs = int(op, O_INPUTS);
  const x = address(from, P_ACTIVATIONS), xStride = address(from, P_IMAGE_STRIDE), unitBytes = <usize>units << 2;
  if (hasMarks(table, to)) for (let b = 0; b < count; b++) stopImage(to, d + <usize>b * stride, b);
  else if (int(op, O_RELU)) reluGradient(d, stride, address(to, P_ACTIVATIONS), stride, count, units);
  columnSums(d, stride, address(op, O_BIAS_GRADIENT), count, units);
  gemmTransposed(x, xStride, d, stride, address(op, O_KERNEL_GRADIENT), unitBytes, count, units >> 3, inputs);
  const backward = address(op, O_BACKWARD);
  if (backward) gemmPanels(d, stride, backward, address(from, P_GRADIENT), xStride, count, inputs >> 3, units, 0, 0);
}

/** Clears the input gradient of image b and returns it, or 0 where none is wanted. */
// @ts-ignore: decorator
@inline
function clearedGradient(from: usize, b: i32): usize {
  const gradient = address(from, P_GRADIENT);
  if (!gradient) return 0;
  const image = gradient + <usize>b * address(from, P_GRADIENT_STRIDE);
  memory.fill(image, 0, address(from, P_IMAGE_STRIDE));
  return image;
}

function convBackward(table: usize, index: i32, b: i32): void {
  const op = operation(table, index), from = point(table, index), fused = int(op, O_FUSED);
  const to = point(table, fused ? index + 2 : index + 1), list = address(table, H_SCRATCH);
  const x = address(from, P_ACTIVATIONS) + <usize>b * address(from, P_IMAGE_STRIDE), inRow = address(from, P_ROW_STRIDE);
  const y = address(to, P_ACTIVATIONS) + <usize>b * address(to, P_IMAGE_STRIDE) + address(to, P_INTERIOR);
  const d = address(to, P_GRADIENT) + <usize>b * address(to, P_GRADIENT_STRIDE) + address(to, P_INTERIOR);
  const row = address(to, P_ROW_STRIDE), pixel = address(to, P_STORED) << 2, height = int(to, P_HEIGHT), width = int(to, P_WIDTH);
  const winners = address(op, O_WINNERS) + <usize>b * address(op, O_WINNERS_STRIDE);
  const kernel = int(op, O_KERNEL), stride = address(op, O_STRIDE), stored = int(from, P_STORED);
  const rowBytes = kernelRowBytes(kernel, stored), channelBytes = <usize>kernel * rowBytes, channels = <usize>int(to, P_CHANNELS);
  const kernels = address(op, O_BACKWARD), gradients = address(op, O_KERNEL_GRADIENT), biases = address(op, O_BIAS_GRADIENT);
  const dx = kernels ? clearedGradient(from, b) : 0, marked = hasMarks(table, to), relu = marked ? 0 : int(op, O_RELU);
  if (marked) stopImage(to, d, b);
  for (let channel: usize = 0; channel < channels; channel++) {
    const c = channel << 2;
    const end = fused
      ? listWinners(winners + c, d + c, row, pixel, height, width, list)
      : listOutputs(y + c, d + c, row, pixel, height, width, relu, stride * inRow, (stride * <usize>stored) << 2, list);
    store<f32>(biases + c, load<f32>(biases + c) + sumList(list, end));
    kernelGradient(x, inRow, kernel, list, end, gradients + channel * channelBytes, rowBytes);
    if (dx) inputGradient(dx, inRow, kernel, list, end, kernels + channel * channelBytes, rowBytes);
  }
}

function poolBackward(table: usize, index: i32, b: i32): void {
  const op = operation(table, index), from = point(table, index), to = point(table, index + 1);
  const dx = clearedGradient(from, b);
  if (!dx) return;
  const d = address(to, P_GRADIENT) + <usize>b * address(to, P_GRADIENT_STRIDE) + address(to, P_INTERIOR);
  const inside = dx + address(from, P_INTERIOR), row = address(to, P_ROW_STRIDE), pixel = address(to, P_STORED) << 2;
  const height = int(to, P_HEIGHT), width = int(to, P_WIDTH);
  if (hasMarks(table, to)) stopImage(to, d, b);
  if (int(op, O_KIND) == KIND_AVERAGE)
    averageGradient(inside, address(from, P_ROW_STRIDE), d, row, pixel, int(op, O_KERNEL), height, width);
  else poolGradient(inside, d, row, pixel, height, width, address(op, O_WINNERS) + <usize>b * address(op, O_WINNERS_STRIDE));
}
