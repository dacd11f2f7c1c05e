import { weightHistogram, type WeightHistogram } from '#compression/histogram.ts';
import type { TensorGrid } from '#compression/post-training.ts';
import type { Grid } from '#compression/quantize.ts';
import type { Size } from '#compression/size.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, isPrunable, slice } from '#compression/tensors.ts';

/** What was really done to one tensor of a member, at its end. */
export interface TensorAccount {
  readonly name: string;
  /** How many numbers it has. */
  readonly size: number;
  /** The share of zeros that the level plans for this tensor, in [0,1); null where it plans none for it. */
  readonly plannedSparsity: number | null;
  /** The share of its numbers that are 0, in [0,1]; 0 of none. */
  readonly achievedSparsity: number;
  /** The integers that stand for it; null: floating point. */
  readonly quantization: {
    /** Of one number: 8, 4 or 2 for weights, 32 for biases. */
    readonly bits: number;
    /** One for the tensor, or one per output channel. */
    readonly scales: readonly number[];
    readonly zeroPoint: 0;
    /** The share of its numbers that lay beyond an end of the grid, in [0,1]. */
    readonly clipped: number;
  } | null;
  /** Bytes in every form, each form by itself. */
  readonly sizes: Size;
  /** How its numbers are spread; absent in members of earlier versions. */
  readonly histogram?: WeightHistogram;
  /** What was done and by which rule, or why nothing was, in words for people. */
  readonly rule: string;
}

/** How the values at one point of a fixed-point member are rounded. */
export interface PointAccount {
  /** `input`, or the operation whose output it is. */
  readonly name: string;
  readonly grid: Grid;
  /** Least and largest value that the grid was made for; null where it is the grid of what the operation reads. */
  readonly range: readonly [number, number] | null;
  /** The share of the calibration examples' values that lay beyond an end of the grid, in [0,1]; null where they were not counted. */
  readonly clipped: number | null;
  /** In words for people. */
  readonly rule: string;
}

/**
 * What was done to every tensor of a member. parameters: as used at prediction, [parameterCount]. grids: what quantization
 * did, by tensor; none for the other levels, and for a member that diverged. sizes: [tensor].
 */
export function tensorAccounts(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  spec: CompressionSpec,
  { grids, sizes }: { readonly grids: readonly TensorGrid[]; readonly sizes: readonly Size[] },
): TensorAccount[] {
  const gridOf = new Map(grids.map((grid) => [grid.name, grid]));
  return tensors.map((tensor, i) => {
    const grid = gridOf.get(tensor.name);
    const isPruned = spec.kind === 'pruned' && isPrunable(tensor, spec.semantics);
    const values = slice(tensor, parameters);
    return {
      name: tensor.name,
      size: tensor.size,
      plannedSparsity: isPruned && spec.scope !== 'global' ? spec.sparsity : null,
      achievedSparsity: values.length === 0 ? 0 : zerosIn(values) / values.length,
      quantization: grid?.quantization ?? null,
      sizes: sizes[i]!,
      histogram: weightHistogram(values),
      rule: grid?.rule ?? ruleOf(tensor, spec),
    };
  });
}

export function zerosIn(values: Float32Array): number {
  let zeros = 0;
  for (const value of values) if (value === 0) zeros++;
  return zeros;
}

/** What a level does to a tensor that no quantization has touched. */
function ruleOf(tensor: CompressibleTensor, spec: CompressionSpec): string {
  switch (spec.kind) {
    case 'baseline':
      return 'as trained';
    case 'pruned':
      if (isPrunable(tensor, spec.semantics))
        return spec.scope === 'global'
          ? 'pruned with all tensors: the smallest magnitudes of the whole model are removed'
          : 'pruned by itself: the smallest magnitudes of the tensor are removed';
      return isKernel(tensor) ? 'kept whole: the kernel of the last layer' : 'kept whole: only kernels are pruned';
    case 'structured':
    case 'distilled':
    case 'pipeline':
      return 'as trained';
    case 'hybrid-int8':
      return isKernel(tensor)
        ? 'kept in float: the member diverged'
        : 'kept in float: hybrid quantization rounds kernels only';
    case 'fixed-int8':
    case 'qat-int8':
      return 'kept in float: the member diverged';
    default:
      return spec satisfies never;
  }
}
