import {
  H_BLOCK, H_CLEAR, H_CLEAR_BYTES, H_FAKE, H_GRADIENTS, H_OPS, H_PARAMETERS, P_ACTIVATIONS, P_CHANNELS, P_GRADIENT, P_HEIGHT,
  P_IMAGE_STRIDE, P_ROW_STRIDE, P_STORED, P_WIDTH,
} from '../fields';
import { backwardBlock } from './backward';
import { readExamples } from './examples';
import { roundedParameters } from './fake';
import { fakeBlock, forwardBlock, quantizedBlock, rangeBlock } from './forward';
import { imageOf } from './image-quantize';
import { rowLosses, updateMember } from './member';
import { packWeights, unpackGradients } from './prepare';
import { point } from './records';
import { address, int } from './simd';

/**
 * One training step of one member in one call. Weights are packed once; then examples go through in blocks: each image
 * through all convolutions and pools forward (convolution + relu + pool in registers, Winograd where it fits), the dense
 * layers as matrix products over the block, and each image back through the convolutions, where only the winners of the
 * pools have a gradient. Nothing is allocated. The blocks (H_BLOCK) keep activations in the caches, and memory does not grow
 * with the batch. `member` holds raw | mask | effective | optimizer state, each a parameter vector. views: how each example is
 * seen, 0: as they are. first, second: Adam's bias corrections 1 - beta^t. Returns the mean loss.
 */
export function step(
  table: usize, member: usize, indices: usize, views: usize, count: i32, rate: f32, first: f32, second: f32,
): f32 {
  const effective = member + (address(table, H_PARAMETERS) << 3), fake = int(table, H_FAKE) != 0;
  const block = int(table, H_BLOCK), scale: f32 = <f32>1 / <f32>count;
  const logits = point(table, int(table, H_OPS)), stride = address(logits, P_IMAGE_STRIDE);
  let loss: f32 = 0;
  packWeights(table, fake ? roundedParameters(table, effective) : effective, 1);
  memory.fill(address(table, H_CLEAR), 0, address(table, H_CLEAR_BYTES));
  for (let start = 0; start < count; start += block) {
    const some = min(block, count - start), at = <usize>start << 2;
    readExamples(table, indices + at, views ? views + at : 0, some);
    if (fake) fakeBlock(table, some);
    else forwardBlock(table, some);
    loss += rowLosses(table, address(logits, P_ACTIVATIONS), address(logits, P_GRADIENT), stride, indices + at, some, scale);
    backwardBlock(table, some);
  }
  unpackGradients(table, address(table, H_GRADIENTS));
  updateMember(table, member, rate, first, second);
  return loss * scale;
}

/** Packs a member's weights for the calls of `predict` that follow. */
export function prepare(table: usize, member: usize): void {
  packWeights(table, member + (address(table, H_PARAMETERS) << 3), 0);
}

/**
 * Runs examples forward and writes the values of point `index` to `output` (0: not wanted), [count, y, x, channel]. mode 0: as
 * in a step; 1: with the quantization that the points are marked with; 2: unquantized, and the points' ranges are extended.
 */
export function predict(table: usize, indices: usize, count: i32, mode: i32, index: i32, output: usize): void {
  const block = int(table, H_BLOCK), at = point(table, index);
  for (let start = 0; start < count; start += block) {
    const some = min(block, count - start);
    readExamples(table, indices + (<usize>start << 2), 0, some);
    if (mode == 0) forwardBlock(table, some);
    else if (mode == 1) quantizedBlock(table, some);
    else rangeBlock(table, some);
    if (output) for (let b = 0; b < some; b++) output = copyImage(at, b, output);
  }
}

/** Copies the real channels of an image without its border; returns the end of the copy. */
function copyImage(at: usize, b: i32, to: usize): usize {
  const height = int(at, P_HEIGHT), width = int(at, P_WIDTH), pixel = address(at, P_CHANNELS) << 2, stored = address(at, P_STORED) << 2;
  let row = imageOf(at, b);
  for (let y = 0; y < height; y++, row += address(at, P_ROW_STRIDE))
    for (let x = 0; x < width; x++, to += pixel) memory.copy(to, row + <usize>x * stored, pixel);
  return to;
}
