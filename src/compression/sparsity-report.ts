import { zerosIn } from '#compression/account.ts';
import type { PruningSemantics } from '#compression/spec.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, isPrunable, slice } from '#compression/tensors.ts';

/** Measured zeros of one member; fractions in [0,1]. */
export interface SparsityReport {
  /** What the level asked for: 0 unless it is pruned. */
  readonly planned: number;
  /** Zeros among the prunable weights; 0 where nothing is prunable. */
  readonly achieved: number;
  /** Zeros among the weights of all kernels. */
  readonly wholeModel: number;
}

/** Counts the zeros of a member. parameters: effective weights (raw weight x mask), [parameterCount]. */
export function sparsityReport(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  planned: number,
  semantics: PruningSemantics = 'hooker',
): SparsityReport {
  const kernels = tensors.filter(isKernel).map((tensor) => ({ tensor, zeros: zerosIn(slice(tensor, parameters)) }));
  const prunable = kernels.filter(({ tensor }) => isPrunable(tensor, semantics));
  return {
    planned,
    achieved: fraction(prunable),
    wholeModel: fraction(kernels),
  };
}

function fraction(counted: readonly { readonly tensor: CompressibleTensor; readonly zeros: number }[]): number {
  const size = counted.reduce((sum, { tensor }) => sum + tensor.size, 0);
  return size === 0 ? 0 : counted.reduce((sum, { zeros }) => sum + zeros, 0) / size;
}
