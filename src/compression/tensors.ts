/**
 * What compression needs to know of a model: a slice of the flat parameter vector each, and the layers in order. A step
 * program of the engine has these fields.
 */
export interface CompressibleTensor {
  readonly name: string;
  readonly kind: 'conv-kernel' | 'dense-kernel' | 'bias';
  readonly offset: number;
  readonly size: number;
  /** The last entry counts the output channels or units; they vary fastest. */
  readonly shape: readonly number[];
  readonly prunable: boolean;
}

/** A layer with a kernel (whose bias follows it), or a pool, which has none. */
export type CompressibleOp =
  | { readonly kind: 'conv' | 'dense'; readonly name: string; readonly offset: number }
  | { readonly kind: 'maxpool'; readonly name: string };

export interface CompressibleModel {
  readonly ops: readonly CompressibleOp[];
  readonly tensors: readonly CompressibleTensor[];
}

/** The tensor's numbers, as a view into the parameters. */
export function slice(tensor: CompressibleTensor, parameters: Float32Array): Float32Array {
  return parameters.subarray(tensor.offset, tensor.offset + tensor.size);
}

export function outputChannels(tensor: CompressibleTensor): number {
  return tensor.shape.at(-1) ?? 1;
}
