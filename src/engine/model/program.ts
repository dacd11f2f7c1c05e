/**
 * The step program: a model as a list of operations with their shapes and their offsets into one flat parameter vector a
 * member. Every executor runs the same program; a program holds no weights and no numbers of a batch.
 */

/** [height, width, channels]; a vector of n is [1, 1, n]. */
export type Shape = readonly [number, number, number];

/**
 * A convolution or dense layer, with bias and optional relu fused. A dense layer is `kind: 'dense'` with inputs flattened
 * in [y, x, channel] order. Kernel at `offset` as [ky, kx, in, out] (dense: [in, out]), then bias [out]: `offset + kernelSize`.
 */
export interface ConvOp {
  readonly kind: 'conv';
  readonly name: string; // conv1, conv2, ...
  readonly in: Shape;
  readonly out: Shape;
  readonly kernel: number; // square, odd or even
  readonly stride: 1 | 2;
  readonly padTop: number;
  readonly padLeft: number;
  readonly relu: boolean;
  readonly offset: number;
  readonly kernelSize: number;
}
export interface DenseOp {
  readonly kind: 'dense';
  readonly name: string;
  readonly in: Shape;
  readonly out: Shape; // [1, 1, units]
  readonly relu: boolean;
  readonly offset: number;
  readonly kernelSize: number;
}
/** Max pool of size x size, stride size, no padding: rows and columns that do not fill a window are dropped. On a tie the first in scan order wins. */
export interface MaxPoolOp {
  readonly kind: 'maxpool';
  readonly name: string;
  readonly in: Shape;
  readonly out: Shape;
  readonly size: number;
}
export type Op = ConvOp | DenseOp | MaxPoolOp;

/** A slice of the flat parameter vector. */
export interface TensorSlot {
  readonly name: string; // conv1/kernel, conv1/bias
  readonly kind: 'conv-kernel' | 'dense-kernel' | 'bias';
  readonly offset: number;
  readonly size: number;
  /** conv-kernel [k, k, in, out], dense-kernel [in, out], bias [out]. */
  readonly shape: readonly number[];
  /** Inputs of one output unit, for the initial weights. */
  readonly fanIn: number;
  /** Whether a kernel takes part in pruning under the `hooker` semantics: every kernel but the last dense layer's. */
  readonly prunable: boolean;
}

export interface StepProgram {
  readonly input: Shape;
  readonly classes: number;
  /** In order; the last is dense without relu and gives the logits. Loss: mean softmax cross-entropy. */
  readonly ops: readonly Op[];
  readonly tensors: readonly TensorSlot[];
  /** Parameters of one member, a multiple of 4 (blocks start at multiples of 4; gaps hold zero). */
  readonly parameterCount: number;
}
