/**
 * The step program: a model as a list of operations with their shapes and their offsets into one flat parameter vector a
 * member. Every executor runs the same program; a program holds no weights and no numbers of a batch.
 *
 * Points are the values between operations: point 0 is the input, point i + 1 the output of operation i.
 */

/** [height, width, channels]; a vector of n is [1, 1, n]. */
export type Shape = readonly [number, number, number];

interface OpBase {
  readonly name: string; // conv1, stage1.block1.conv2, ...
  /** The point that it reads, at most the operation's own index. */
  readonly from: number;
  readonly in: Shape;
  readonly out: Shape;
}
/**
 * A convolution or dense layer, with bias and optional relu fused. A dense layer is `kind: 'dense'` with inputs flattened
 * in [y, x, channel] order. Kernel at `offset` as [ky, kx, in, out] (dense: [in, out]), then bias [out]: `offset + kernelSize`.
 */
export interface ConvOp extends OpBase {
  readonly kind: 'conv';
  readonly kernel: number; // square, odd or even
  readonly stride: 1 | 2;
  readonly padTop: number;
  readonly padLeft: number;
  readonly relu: boolean;
  /** False where batch norm follows: then there is no bias, and nothing behind the kernel. */
  readonly bias: boolean;
  readonly offset: number;
  readonly kernelSize: number;
}
export interface DenseOp extends OpBase {
  readonly kind: 'dense';
  readonly relu: boolean;
  readonly offset: number;
  readonly kernelSize: number;
}
/** Pool of size x size, stride size, no padding: rows and columns that do not fill a window are dropped. Of equal largest values the first in scan order wins. */
export interface PoolOp extends OpBase {
  readonly kind: 'maxpool' | 'avgpool';
  readonly size: number;
}
/** The mean over all pixels of each channel; out is [1, 1, channels]. */
export interface GlobalPoolOp extends OpBase {
  readonly kind: 'global-avgpool';
}
/**
 * Batch normalization per channel over all examples and pixels of the batch, with optional relu fused. Four vectors of
 * [channel] at `offset`: scale, shift, running mean, running variance. In a step: y = scale (x - mean) / sqrt(variance +
 * epsilon) + shift with the batch's mean and biased variance, and running = 0.9 running + 0.1 batch (there the variance is
 * the unbiased one, n / (n - 1); of n = 1 the biased), as in PyTorch. At prediction the running ones are used.
 * Gradients of the running statistics are 0, so that no optimizer moves them.
 */
export interface BatchNormOp extends OpBase {
  readonly kind: 'batchnorm';
  readonly relu: boolean;
  readonly offset: number;
}
/** Adds point `other` (of the same shape) to point `from`, with optional relu fused. */
export interface AddOp extends OpBase {
  readonly kind: 'add';
  readonly other: number;
  readonly relu: boolean;
}
export type Op = ConvOp | DenseOp | PoolOp | GlobalPoolOp | BatchNormOp | AddOp;

export const BATCH_NORM_EPSILON = 1e-5;
/** What a step leaves of the running statistics. */
export const BATCH_NORM_DECAY = 0.9;

/** A slice of the flat parameter vector. */
export interface TensorSlot {
  readonly name: string; // conv1/kernel, conv1/bias, bn1/scale, ...
  readonly kind: 'conv-kernel' | 'dense-kernel' | 'bias' | 'bn-scale' | 'bn-shift' | 'bn-mean' | 'bn-variance';
  readonly offset: number;
  readonly size: number;
  /** conv-kernel [k, k, in, out], dense-kernel [in, out], others [out]. */
  readonly shape: readonly number[];
  /** Inputs of one output unit, for the initial weights. */
  readonly fanIn: number;
  /** Whether a kernel takes part in pruning under the `hooker` semantics: every kernel but the last dense layer's. */
  readonly prunable: boolean;
}

/** `softmax`: mean softmax cross-entropy, one logit a class. `logistic`: mean logistic cross-entropy of two classes, one logit, that of class 1. */
export type Loss = 'softmax' | 'logistic';

export interface StepProgram {
  readonly input: Shape;
  readonly classes: number;
  readonly loss: Loss;
  /** Logits of one example: `classes`, or 1 for the logistic loss. */
  readonly outputs: number;
  /** In an order in which every operation comes after those it reads; the last is dense without relu and gives the logits. */
  readonly ops: readonly Op[];
  readonly tensors: readonly TensorSlot[];
  /** Parameters of one member, a multiple of 4 (blocks start at multiples of 4; gaps hold zero). */
  readonly parameterCount: number;
}

/** Whether the operation has a kernel. */
export function isWeighted(op: Op): op is ConvOp | DenseOp {
  return op.kind === 'conv' || op.kind === 'dense';
}

/** The point whose values are an example's embedding: the input of the last dense layer, flattened. */
export function embeddingPoint(program: StepProgram): number {
  return program.ops.at(-1)!.from;
}
