import type { PrunedSpec } from '#compression/spec.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { isPrunable, slice } from '#compression/tensors.ts';

/** How many of `size` weights remain at a sparsity in [0,1]: round(size (1 - sparsity)), at least 1; 0 of 0. */
export function keptCount(size: number, sparsity: number): number {
  return size === 0 ? 0 : Math.max(1, Math.round(size * (1 - sparsity)));
}

const MAGNITUDE_BITS = 0x7fffffff;
const INFINITY_BITS = 0x7f800000;
/** The 31 bits of a magnitude from the highest down: how far each digit is shifted, and its largest value. */
const DIGITS = [
  [20, 0x7ff],
  [10, 0x3ff],
  [0, 0x3ff],
] as const;

/**
 * 1 for the `keptCount` weights of largest magnitude, 0 for the others, [weight]; among equal magnitudes the lowest index is
 * kept. NaN counts as infinite, larger than any number. O(n). Writes into `out` where it is given.
 */
export function magnitudeMask(
  weights: Float32Array,
  sparsity: number,
  out: Float32Array = new Float32Array(weights.length),
): Float32Array {
  return keepLargest(weights, keptCount(weights.length, sparsity), out);
}

function keepLargest(weights: Float32Array, kept: number, out: Float32Array): Float32Array {
  if (weights.length === 0) return out;
  const words = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  const threshold = thresholdOf(words, kept);
  let equalsLeft = threshold.equals;
  for (let i = 0; i < words.length; i++) {
    const magnitude = magnitudeBits(words[i]!);
    if (magnitude === threshold.magnitude) out[i] = equalsLeft-- > 0 ? 1 : 0;
    else out[i] = magnitude > threshold.magnitude ? 1 : 0;
  }
  return out;
}

/** The bits of |w|: as whole numbers they have the order of the magnitudes. */
const magnitudeBits = (word: number): number => Math.min(word & MAGNITUDE_BITS, INFINITY_BITS);

/**
 * The least magnitude among the `kept` largest of float32 words (at least 1, at most all), and how many of those that are
 * equal to it belong to them. Radix selection: three counts, one a digit, instead of a sort.
 */
function thresholdOf(words: Uint32Array, kept: number): { readonly magnitude: number; readonly equals: number } {
  let magnitude = 0;
  let known = 0; // the bits of `magnitude` that are found
  let equals = kept; // how many are wanted among those that agree in the known bits
  for (const [shift, largest] of DIGITS) {
    const counts = new Uint32Array(largest + 1);
    for (let i = 0; i < words.length; i++) {
      const bits = magnitudeBits(words[i]!);
      if ((bits & known) === magnitude) counts[(bits >>> shift) & largest]!++;
    }
    let digit: number = largest;
    while (counts[digit]! < equals) equals -= counts[digit--]!;
    magnitude |= digit << shift;
    known |= largest << shift;
  }
  return { magnitude, equals };
}

/**
 * The mask of a whole member, [parameterCount]: 1 but for the prunable tensors. Scope `layer`: `magnitudeMask` of each at the
 * given sparsity. Scope `global`: of the N weights of all of them together the round(N (1 - sparsity)) of largest magnitude
 * are kept, in order of the tensors among equals; but each tensor keeps its largest one, so that no layer falls silent, and
 * there are as many as there are tensors at least. parameters: raw weights, so that a masked weight can come back. Writes into
 * `out` where it is given.
 */
export function parameterMask(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  { sparsity, semantics, scope }: Pick<PrunedSpec, 'sparsity' | 'semantics' | 'scope'>,
  out: Float32Array = new Float32Array(parameters.length),
): Float32Array {
  out.fill(1);
  const prunable = tensors.filter((tensor) => isPrunable(tensor, semantics));
  if (scope === 'global') return globalMask(prunable, parameters, sparsity, out);
  for (const tensor of prunable) magnitudeMask(slice(tensor, parameters), sparsity, slice(tensor, out));
  return out;
}

function globalMask(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  sparsity: number,
  out: Float32Array,
): Float32Array {
  const filled = tensors.filter(({ size }) => size > 0);
  const joined = new Float32Array(filled.reduce((sum, { size }) => sum + size, 0));
  const mask = new Float32Array(joined.length);
  const partsOf = (all: Float32Array): Float32Array[] => {
    let at = 0;
    return filled.map(({ size }) => all.subarray(at, (at += size)));
  };
  partsOf(joined).forEach((part, i) => {
    part.set(slice(filled[i]!, parameters));
    part[magnitudeMask(part, 1).indexOf(1)] = Infinity; // the largest, which stays
  });
  keepLargest(joined, Math.max(filled.length, keptCount(joined.length, sparsity)), mask);
  partsOf(mask).forEach((part, i) => {
    slice(filled[i]!, out).set(part);
  });
  return out;
}
