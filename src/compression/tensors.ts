import type { PruningSemantics } from '#compression/spec.ts';

/**
 * What compression needs to know of a model: a slice of the flat parameter vector each, and the layers in order. A step
 * program of the engine has these fields.
 */
export interface CompressibleTensor {
  readonly name: string;
  readonly kind: 'conv-kernel' | 'dense-kernel' | 'bias' | 'bn-scale' | 'bn-shift' | 'bn-mean' | 'bn-variance';
  readonly offset: number;
  readonly size: number;
  /** The last entry counts the output channels or units; they vary fastest. */
  readonly shape: readonly number[];
  /** Under the semantics `hooker`. */
  readonly prunable: boolean;
}

/** A layer with a kernel, or an operation without one. `from`: the point that it reads; point i + 1 is the output of op i. */
export type CompressibleOp =
  | {
      readonly kind: 'conv';
      readonly name: string;
      readonly from: number;
      readonly offset: number;
      readonly bias: boolean;
    }
  | { readonly kind: 'dense'; readonly name: string; readonly from: number; readonly offset: number }
  | { readonly kind: 'batchnorm'; readonly name: string; readonly from: number; readonly offset: number }
  | { readonly kind: 'add'; readonly name: string; readonly from: number; readonly other: number }
  | { readonly kind: 'maxpool' | 'avgpool' | 'global-avgpool'; readonly name: string; readonly from: number };

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

/** Whether pruning of the given semantics masks the tensor; see PruningSemantics. */
export function isPrunable(tensor: CompressibleTensor, semantics: PruningSemantics): boolean {
  return semantics === 'tfmot' ? isKernel(tensor) : tensor.prunable;
}

export function isKernel(tensor: CompressibleTensor): boolean {
  return tensor.kind === 'conv-kernel' || tensor.kind === 'dense-kernel';
}
