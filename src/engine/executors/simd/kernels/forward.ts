import {
  H_IMAGE_OPS, H_INPUTS, H_INPUT_KIND, H_OPS, H_SCRATCH, KIND_CONV, O_FUSED, O_INPUTS, O_KERNEL, O_KIND, O_PACKED_BIAS,
  O_PANELS, O_RELU, O_STRIDE, O_WINNERS, O_WINNERS_STRIDE, O_WINOGRAD, P_ACTIVATIONS, P_CHANNELS, P_HEIGHT, P_IMAGE_STRIDE,
  P_INTERIOR, P_LEAST, P_QUANTIZATION, P_ROW_STRIDE, P_SCALE, P_STORED, P_WIDTH, P_ZERO_POINT,
} from '../fields';
import { convForward } from './conv';
import { convPoolForward } from './conv-pool';
import { gemmPanels } from './gemm';
import { readBytes, readFloats } from './input';
import { poolForward } from './max-pool';
import { extendRange, quantizeFixed, quantizeSymmetric } from './quantize';
import { operation, point } from './records';
import { address, float, int } from './simd';
import { winogradPoolForward } from './winograd';

/** Reads example number `example` into place `b` of the block. */
export function readExample(table: usize, example: i32, b: i32): void {
  const input = point(table, 0), height = int(input, P_HEIGHT), row = int(input, P_WIDTH) * int(input, P_CHANNELS);
  const to = address(input, P_ACTIVATIONS) + <usize>b * address(input, P_IMAGE_STRIDE) + address(input, P_INTERIOR);
  const number = <usize>example * <usize>(height * row), data = address(table, H_INPUTS);
  if (int(table, H_INPUT_KIND) == 0) readBytes(data + number, to, address(input, P_ROW_STRIDE), height, row);
  else readFloats(data + (number << 2), to, address(input, P_ROW_STRIDE), height, row);
}

/** A block of examples through the net as a step does it: each image through all convolutions and pools while it is in the caches, then dense layers over the block. */
export function forwardBlock(table: usize, count: i32): void {
  const ops = int(table, H_OPS), imageOps = int(table, H_IMAGE_OPS);
  for (let b = 0; b < count; b++)
    for (let i = 0; i < imageOps; i++) {
      imageOperation(table, i, b, true);
      if (int(operation(table, i), O_FUSED)) i++;
    }
  for (let i = imageOps; i < ops; i++) dense(table, i, count);
}

/**
 * The same with the points quantized that are marked for it. A convolution still takes the pool behind it along: rounding to a
 * fixed grid keeps the order, so the largest of the rounded values is the largest, rounded. Only a scale of the example itself
 * needs the convolution's own output.
 */
export function quantizedBlock(table: usize, count: i32): void {
  const ops = int(table, H_OPS), imageOps = int(table, H_IMAGE_OPS);
  for (let b = 0; b < count; b++) {
    quantizeImage(table, 0, 0, b);
    for (let i = 0; i < imageOps; i++) {
      const fuse = int(operation(table, i), O_FUSED) != 0 && int(point(table, i + 1), P_QUANTIZATION) != 2;
      imageOperation(table, i, b, fuse);
      if (fuse) quantizeImage(table, i + 1, i + 2, b), i++;
      quantizeImage(table, i + 1, i + 1, b);
    }
  }
  for (let i = imageOps; i < ops; i++) {
    dense(table, i, count);
    for (let b = 0; b < count; b++) quantizeImage(table, i + 1, i + 1, b);
  }
}

/** The same operation by operation, without quantization: extends the ranges of all points. */
export function rangeBlock(table: usize, count: i32): void {
  const ops = int(table, H_OPS), imageOps = int(table, H_IMAGE_OPS);
  rangeOfPoint(table, 0, count);
  for (let i = 0; i < ops; i++) {
    if (i < imageOps) for (let b = 0; b < count; b++) imageOperation(table, i, b, false);
    else dense(table, i, count);
    rangeOfPoint(table, i + 1, count);
  }
}

/** Convolution or pool `index` on image `b`; with `fuse` a convolution takes the pool behind it along. */
function imageOperation(table: usize, index: i32, b: i32, fuse: bool): void {
  const op = operation(table, index), from = point(table, index), fused = fuse ? int(op, O_FUSED) : 0;
  const to = point(table, fused ? index + 2 : index + 1);
  const x = address(from, P_ACTIVATIONS) + <usize>b * address(from, P_IMAGE_STRIDE), inRow = address(from, P_ROW_STRIDE);
  const y = address(to, P_ACTIVATIONS) + <usize>b * address(to, P_IMAGE_STRIDE) + address(to, P_INTERIOR);
  const outRow = address(to, P_ROW_STRIDE), height = int(to, P_HEIGHT), width = int(to, P_WIDTH);
  const pixel = address(from, P_STORED) << 2, outPixel = address(to, P_STORED) << 2;
  const winners = address(op, O_WINNERS) + <usize>b * address(op, O_WINNERS_STRIDE);
  const kernel = int(op, O_KERNEL), stride = int(op, O_STRIDE), relu = int(op, O_RELU);
  const panels = address(op, O_PANELS), bias = address(op, O_PACKED_BIAS);
  if (int(op, O_KIND) != KIND_CONV) poolForward(x + address(from, P_INTERIOR), inRow, y, outRow, pixel, kernel, height, width, winners);
  else if (fused == 2)
    winogradPoolForward(x, inRow, pixel, address(op, O_WINOGRAD), bias, y, outRow, outPixel, height, width, relu, winners, address(table, H_SCRATCH));
  else if (fused == 1)
    convPoolForward(x, inRow, pixel, kernel, stride, panels, bias, y, outRow, outPixel, height, width, relu, winners);
  else convForward(x, inRow, pixel, kernel, stride, panels, bias, y, outRow, outPixel, height, width, relu);
}

function dense(table: usize, index: i32, count: i32): void {
  const op = operation(table, index), from = point(table, index), to = point(table, index + 1);
  gemmPanels(
    address(from, P_ACTIVATIONS), address(from, P_IMAGE_STRIDE), address(op, O_PANELS), address(to, P_ACTIVATIONS),
    address(to, P_IMAGE_STRIDE), count, int(to, P_STORED) >> 3, int(op, O_INPUTS), address(op, O_PACKED_BIAS), int(op, O_RELU),
  );
}

function rangeOfPoint(table: usize, index: i32, count: i32): void {
  const at = point(table, index);
  for (let b = 0; b < count; b++) rangeOfImage(at, imageOf(at, b), at + (P_LEAST << 2));
}

/** The values of point `index` on image `b`, quantized as point `marked` asks for. */
function quantizeImage(table: usize, marked: i32, index: i32, b: i32): void {
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
function imageOf(at: usize, b: i32): usize {
  return address(at, P_ACTIVATIONS) + <usize>b * address(at, P_IMAGE_STRIDE) + address(at, P_INTERIOR);
}

/** Two floats to find an example's range in. */
const greatest = memory.data(8, 16);

/** Of the real channels only: the padding is zero and would count as a value. */
function rangeOfImage(at: usize, image: usize, range: usize): void {
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
