import type { CompressibleTensor } from '#compression/tensors.ts';
import { slice } from '#compression/tensors.ts';

/** How many of `size` weights remain at a sparsity in [0,1]: round(size (1 - sparsity)), at least 1; 0 of 0. */
export function keptCount(size: number, sparsity: number): number {
  return size === 0 ? 0 : Math.max(1, Math.round(size * (1 - sparsity)));
}

/**
 * 1 for the `keptCount` weights of largest magnitude, 0 for the others, [weight]; among equal magnitudes the lowest index is
 * kept. NaN counts as larger than any number. O(n log n). Writes into `out` where it is given.
 */
export function magnitudeMask(
  weights: Float32Array,
  sparsity: number,
  out: Float32Array = new Float32Array(weights.length),
): Float32Array {
  const kept = keptCount(weights.length, sparsity);
  const magnitudes = weights.map((w) => (Number.isNaN(w) ? Infinity : Math.abs(w)));
  const threshold = magnitudes.toSorted()[weights.length - kept] ?? 0;
  let above = 0;
  for (const magnitude of magnitudes) if (magnitude > threshold) above++;
  let equalsLeft = kept - above;
  for (let i = 0; i < magnitudes.length; i++) {
    const magnitude = magnitudes[i]!;
    if (magnitude > threshold) out[i] = 1;
    else out[i] = magnitude === threshold && equalsLeft-- > 0 ? 1 : 0;
  }
  return out;
}

/**
 * The mask of a whole member, [parameterCount]: `magnitudeMask` of each prunable tensor at the given sparsity (per-layer
 * scope), 1 elsewhere. parameters: raw weights, so that a masked weight can come back. Writes into `out` where it is given.
 */
export function parameterMask(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  sparsity: number,
  out: Float32Array = new Float32Array(parameters.length),
): Float32Array {
  out.fill(1);
  for (const tensor of tensors)
    if (tensor.prunable) magnitudeMask(slice(tensor, parameters), sparsity, slice(tensor, out));
  return out;
}
