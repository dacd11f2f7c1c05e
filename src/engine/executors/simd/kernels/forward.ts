import {
  H_IMAGE_OPS, H_OPS, H_SCRATCH, KIND_AVERAGE, KIND_CONV, O_FUSED, O_INPUTS, O_KERNEL, O_KIND, O_PACKED_BIAS, O_PANELS, O_RELU,
  O_STRIDE, O_TOGETHER, O_WINNERS, O_WINNERS_STRIDE, O_WINOGRAD, P_ACTIVATIONS, P_HEIGHT, P_IMAGE_STRIDE, P_INTERIOR, P_LEAST,
  P_QUANTIZATION, P_ROW_STRIDE, P_STORED, P_WIDTH,
} from '../fields';
import { averageForward } from './average-pool';
import { convForward } from './conv';
import { convPoolForward } from './conv-pool';
import { fakeImage } from './fake';
import { gemmPanels } from './gemm';
import { imageOf, quantizeImage, rangeOfImage } from './image-quantize';
import { poolForward } from './max-pool';
import { operation, point } from './records';
import { address, int } from './simd';
import { winogradPoolForward } from './winograd';

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

/** The same with fake quantization at the marked points. */
export function fakeBlock(table: usize, count: i32): void {
  const ops = int(table, H_OPS), imageOps = int(table, H_IMAGE_OPS);
  for (let b = 0; b < count; b++) {
    fakeImage(table, 0, b);
    for (let i = 0; i < imageOps; i++) {
      imageOperation(table, i, b, true);
      if (int(operation(table, i), O_FUSED)) i++;
      fakeImage(table, i + 1, b);
    }
  }
  for (let i = imageOps; i < ops; i++) {
    dense(table, i, count);
    for (let b = 0; b < count; b++) fakeImage(table, i + 1, b);
  }
}

/**
 * As at prediction, with the points quantized that are marked for it. A convolution still takes the pool behind it along: rounding to a
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
  const kind = int(op, O_KIND), inside = x + address(from, P_INTERIOR);
  if (kind == KIND_AVERAGE) averageForward(inside, inRow, y, outRow, pixel, kernel, height, width);
  else if (kind != KIND_CONV) poolForward(inside, inRow, y, outRow, pixel, kernel, height, width, winners);
  else if (fused == 2)
    winogradPoolForward(x, inRow, pixel, address(op, O_WINOGRAD), bias, y, outRow, outPixel, height, width, relu, winners, int(op, O_TOGETHER), address(table, H_SCRATCH));
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
