import type { WeighedModel } from '#compression/account.ts';
import { zerosIn } from '#compression/account.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import { stagesOf } from '#compression/spec.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, isPrunable, outputChannels, slice } from '#compression/tensors.ts';
import { unitLayers } from '#compression/units.ts';

/** Measured zeros of one member; fractions in [0,1]. */
export interface SparsityReport {
  /** What the level asked for: 0 unless it is pruned. */
  readonly planned: number;
  /**
   * Zeros among the prunable weights; after structured pruning the filters and neurons that are gone, among those that could
   * go. 0 where nothing is prunable.
   */
  readonly achieved: number;
  /** Zeros among the weights of all kernels; those that structured pruning removed count as zeros. */
  readonly wholeModel: number;
}

/** What a level asks to be removed, in [0,1): 0 unless weights, filters or neurons are pruned. */
export function plannedSparsity(spec: CompressionSpec): number {
  const { trained } = stagesOf(spec);
  return trained.kind === 'pruned' || trained.kind === 'structured' ? trained.sparsity : 0;
}

/** Counts what is gone of a member. */
export function sparsityReport(member: WeighedModel, spec: CompressionSpec): SparsityReport {
  const { tensors, parameters, whole } = member;
  const { trained } = stagesOf(spec);
  const own = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const goneOf = (kernels: readonly CompressibleTensor[]): number =>
    shareGone(
      kernels.map(({ name, size }) => {
        const values = slice(own.get(name)!, parameters);
        return { size, left: values.length - zerosIn(values) };
      }),
    );
  const kernels = whole.tensors.filter(isKernel);
  const semantics = trained.kind === 'pruned' ? trained.semantics : 'hooker';
  return {
    planned: plannedSparsity(spec),
    achieved:
      trained.kind === 'structured'
        ? shareGone(
            unitLayers(whole).map(({ units, kernel }) => ({
              size: units,
              left: outputChannels(own.get(kernel.name)!),
            })),
          )
        : goneOf(kernels.filter((tensor) => isPrunable(tensor, semantics))),
    wholeModel: goneOf(kernels),
  };
}

function shareGone(parts: readonly { readonly size: number; readonly left: number }[]): number {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return size === 0 ? 0 : (size - parts.reduce((sum, { left }) => sum + left, 0)) / size;
}
