import {
  H_BETA1, H_BETA2, H_BLOCK, H_CLASSES, H_CLEAR, H_CLEAR_BYTES, H_EPSILON, H_GRADIENTS, H_LABELS, H_OPS, H_OPTIMIZER,
  H_PARAMETERS, H_REST1, H_REST2, P_ACTIVATIONS, P_GRADIENT, P_IMAGE_STRIDE,
} from '../fields';
import { backwardBlock } from './backward';
import { forwardBlock, quantizedBlock, rangeBlock, readExample } from './forward';
import { softmaxCrossEntropy } from './loss';
import { packWeights, unpackGradients } from './prepare';
import { point } from './records';
import { address, float, int } from './simd';
import { applyMask, updateAdam, updateMomentum, updateSgd } from './update';

/**
 * One training step of one member in one call. Weights are packed once; then examples go through in blocks: each image
 * through all convolutions and pools forward (convolution + relu + pool in registers, Winograd where it fits), the dense
 * layers as matrix products over the block, and each image back through the convolutions, where only the winners of the
 * pools have a gradient. Nothing is allocated. `member` holds raw | mask | effective | optimizer state, each a parameter
 * vector. The blocks (H_BLOCK) keep activations in the caches, and memory does not grow with the batch. first, second: Adam's bias corrections 1 - beta^t. Returns the mean loss.
 */
export function step(table: usize, member: usize, indices: usize, count: i32, rate: f32, first: f32, second: f32): f32 {
  const bytes = address(table, H_PARAMETERS) << 2, raw = member, mask = raw + bytes, effective = mask + bytes, state = effective + bytes;
  const block = int(table, H_BLOCK), gradients = address(table, H_GRADIENTS), scale: f32 = <f32>1 / <f32>count;
  const logits = point(table, int(table, H_OPS)), stride = address(logits, P_IMAGE_STRIDE);
  let loss: f32 = 0;
  packWeights(table, effective, 1);
  memory.fill(address(table, H_CLEAR), 0, address(table, H_CLEAR_BYTES));
  for (let start = 0; start < count; start += block) {
    const some = min(block, count - start), examples = indices + (<usize>start << 2);
    for (let b = 0; b < some; b++) readExample(table, load<i32>(examples + (<usize>b << 2)), b);
    forwardBlock(table, some);
    loss += softmaxCrossEntropy(
      address(logits, P_ACTIVATIONS), address(logits, P_GRADIENT), stride, examples, address(table, H_LABELS), some,
      int(table, H_CLASSES), scale,
    );
    backwardBlock(table, some);
  }
  unpackGradients(table, gradients);
  const optimizer = int(table, H_OPTIMIZER), beta1 = float(table, H_BETA1);
  if (optimizer == 0) updateSgd(raw, mask, effective, gradients, bytes, rate);
  else if (optimizer == 1) updateMomentum(raw, mask, effective, state, gradients, bytes, rate, beta1);
  else
    updateAdam(
      raw, mask, effective, state, state + bytes, gradients, bytes, rate, beta1, float(table, H_BETA2),
      float(table, H_REST1), float(table, H_REST2), float(table, H_EPSILON), first, second,
    );
  return loss * scale;
}

/** Makes a member's effective weights anew after its raw weights or its mask were replaced. */
export function refresh(table: usize, member: usize): void {
  const bytes = address(table, H_PARAMETERS) << 2;
  applyMask(member, member + bytes, member + bytes * 2, bytes);
}

/** Packs a member's weights for the calls of `predict` that follow. */
export function prepare(table: usize, member: usize): void {
  packWeights(table, member + (address(table, H_PARAMETERS) << 3), 0);
}

/**
 * Logits [count, class] of the examples, written to `output` (0: not wanted). mode 0: as in a step; 1: with the
 * quantization that the points are marked with; 2: unquantized, and the points' ranges are extended.
 */
export function predict(table: usize, indices: usize, count: i32, mode: i32, output: usize): void {
  const block = int(table, H_BLOCK), logits = point(table, int(table, H_OPS));
  const bytes = address(table, H_CLASSES) << 2, stride = address(logits, P_IMAGE_STRIDE);
  for (let start = 0; start < count; start += block) {
    const some = min(block, count - start);
    for (let b = 0; b < some; b++) readExample(table, load<i32>(indices + (<usize>(start + b) << 2)), b);
    if (mode == 0) forwardBlock(table, some);
    else if (mode == 1) quantizedBlock(table, some);
    else rangeBlock(table, some);
    if (!output) continue;
    let from = address(logits, P_ACTIVATIONS);
    for (let b = 0; b < some; b++, from += stride, output += bytes) memory.copy(output, from, bytes);
  }
}
