import { weightHistogram, type WeightHistogram } from '#compression/histogram.ts';
import type { TensorGrid } from '#compression/post-training.ts';
import type { Grid } from '#compression/quantize.ts';
import type { Size } from '#compression/size.ts';
import { keptInFloatRule, trainedRule } from '#compression/rules.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import { stagesOf } from '#compression/spec.ts';
import type { CompressibleModel, CompressibleTensor } from '#compression/tensors.ts';
import { isPrunable, slice } from '#compression/tensors.ts';
import { unitLayers } from '#compression/units.ts';

/** What was really done to one tensor of a member, at its end. */
export interface TensorAccount {
  readonly name: string;
  /** How many numbers it has. */
  readonly size: number;
  /**
   * The share of zeros that the level plans for this tensor, in [0,1), or of filters or neurons to be removed; null where it
   * plans none for it.
   */
  readonly plannedSparsity: number | null;
  /**
   * The share of its numbers that are 0, in [0,1]; 0 of none. After structured pruning of those of the baseline's tensor:
   * a number that went with its filter or neuron, or with one that it would have read, counts as 0.
   */
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

/** A member's weights, with the model that they are of. */
export interface WeighedModel {
  readonly tensors: readonly CompressibleTensor[];
  /** As used at prediction, [parameterCount]. */
  readonly parameters: Float32Array;
  /** The same model before structured pruning removed filters and neurons of it; for all other levels the model itself. */
  readonly whole: CompressibleModel;
}

/**
 * What was done to every tensor of a member. grids: what quantization did, by tensor; none for the other levels, and for a
 * member that diverged. sizes: [tensor].
 */
export function tensorAccounts(
  { tensors, parameters, whole }: WeighedModel,
  spec: CompressionSpec,
  { grids, sizes }: { readonly grids: readonly TensorGrid[]; readonly sizes: readonly Size[] },
): TensorAccount[] {
  const { trained, quantized } = stagesOf(spec);
  const gridOf = new Map(grids.map((grid) => [grid.name, grid]));
  const wholeSize = new Map(whole.tensors.map(({ name, size }) => [name, size]));
  const unitTensors = new Set(
    trained.kind === 'structured'
      ? unitLayers(whole).flatMap(({ kernel, vectors }) => [kernel, ...vectors].map(({ name }) => name))
      : [],
  );
  const plannedFor = (tensor: CompressibleTensor): number | null => {
    if (trained.kind === 'structured') return unitTensors.has(tensor.name) ? trained.sparsity : null;
    const hasOwn = trained.kind === 'pruned' && trained.scope !== 'global' && isPrunable(tensor, trained.semantics);
    return hasOwn ? trained.sparsity : null;
  };
  const ruleFor = (tensor: CompressibleTensor, grid: TensorGrid | undefined): string => {
    const byTraining = trainedRule(tensor, trained, whole);
    if (quantized === null) return grid?.rule ?? byTraining;
    const byRounding = grid?.rule ?? keptInFloatRule(tensor, quantized);
    return trained.kind === 'baseline' ? byRounding : `${byTraining}; then ${byRounding}`;
  };
  return tensors.map((tensor, i) => {
    const grid = gridOf.get(tensor.name);
    const values = slice(tensor, parameters);
    const size = wholeSize.get(tensor.name) ?? tensor.size;
    return {
      name: tensor.name,
      size: tensor.size,
      plannedSparsity: plannedFor(tensor),
      achievedSparsity: size === 0 ? 0 : (size - values.length + zerosIn(values)) / size,
      quantization: grid?.quantization ?? null,
      sizes: sizes[i]!,
      histogram: weightHistogram(values),
      rule: ruleFor(tensor, grid),
    };
  });
}

export function zerosIn(values: Float32Array): number {
  let zeros = 0;
  for (const value of values) if (value === 0) zeros++;
  return zeros;
}
