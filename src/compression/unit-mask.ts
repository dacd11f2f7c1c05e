import { magnitudeMask } from '#compression/mask.ts';
import type { StructuredSpec } from '#compression/spec.ts';
import type { CompressibleModel } from '#compression/tensors.ts';
import { slice } from '#compression/tensors.ts';
import { unitLayers } from '#compression/units.ts';

/**
 * The norm of each filter's or neuron's kernel, [unit]; summed in float64. The bias is not in it. kernel: [..., unit], the
 * unit varies fastest. A weight that is not a number gives NaN.
 */
export function unitNorms(kernel: Float32Array, units: number, norm: StructuredSpec['norm']): Float32Array {
  const sums = new Float64Array(units);
  kernel.forEach((weight, i) => {
    sums[i % units]! += norm === 'l1' ? Math.abs(weight) : weight * weight;
  });
  return Float32Array.from(norm === 'l1' ? sums : sums.map(Math.sqrt));
}

/**
 * The mask of a whole member, [parameterCount]: 1 but for the filters and neurons of `unitLayers` that are pruned. Of every
 * such layer the keptCount of largest norm stay, at least one; among equal norms the first, and NaN counts as infinite. A
 * pruned one loses its kernel, its bias, and its scale and shift in batch norm, so that it gives exactly 0. parameters: raw
 * weights, so that a pruned one can come back. Writes into `out` where it is given.
 */
export function unitMask(
  model: CompressibleModel,
  parameters: Float32Array,
  { sparsity, norm }: Pick<StructuredSpec, 'sparsity' | 'norm'>,
  out: Float32Array = new Float32Array(parameters.length),
): Float32Array {
  out.fill(1);
  for (const { units, kernel, vectors } of unitLayers(model)) {
    const kept = magnitudeMask(unitNorms(slice(kernel, parameters), units, norm), sparsity);
    const own = slice(kernel, out);
    for (let i = 0; i < own.length; i++) own[i] = kept[i % units]!;
    for (const vector of vectors) slice(vector, out).set(kept);
  }
  return out;
}
