import type { Bits } from './bits.ts';
import type { Group } from './result.ts';
import type { SliceSpace } from './slice-space.ts';
import { SliceWeights } from './slice-weights.ts';

/** A combination of attribute values and what falls on it. */
export interface Slice {
  readonly group: Group;
  readonly members: Bits;
  readonly n: number;
  /** Sum of the weights of its examples. */
  readonly sum: number;
  /** What slices are ranked by; see `findSlices`. */
  readonly score: number;
}

export interface SliceOptions {
  /** Most attribute values of a slice, 1 to 3. */
  readonly depth: number;
  /** How many slices are wanted. */
  readonly top: number;
}

/** How much a high mean counts against a small slice; SliceLine's default. */
const ALPHA = 0.95;

interface Candidate {
  /** Indices into the values of the space, ascending. */
  readonly values: readonly number[];
  readonly n: number;
  readonly sum: number;
  /** Sum of the positive weights: no part of the slice can have more. */
  readonly most: number;
}

/**
 * The combinations of up to `depth` attribute values on which the weights fall most (weights, [example], whole numbers: 1 for a
 * CIE and 0 else, or how many more members are wrong on it). After SliceLine (Sagadeeva & Boehm 2021, equation 5): score =
 * a (mean / mean of all - 1) - (1 - a) (N / n - 1) with a = 0.95, which weighs a high mean against few examples. Level by level; a
 * slice is left out, and with it all slices inside it, where it has fewer examples than the space asks for or where even the best
 * part of it could not reach the wanted ones. Examples with a missing value are in no slice of that attribute. Of a slice and a
 * part of it with the same examples only the simpler one is kept. Best first; nothing where the mean of all is not above 0. Ties:
 * by the order of attributes and values.
 */
export function findSlices(
  space: SliceSpace,
  weights: ArrayLike<number>,
  { depth, top }: SliceOptions,
): readonly Slice[] {
  const count = space.examples;
  const gains = weightsOf(space, weights, 1);
  const losses = weightsOf(space, weights, -1);
  const total = gains.total - losses.total;
  if (total <= 0) return [];
  const { minCount: least, values } = space;
  const mean = total / count;
  const score = (sum: number, n: number): number => ALPHA * (sum / n / mean - 1) - (1 - ALPHA) * (count / n - 1);
  /**
   * The highest score of any part of a slice: it has at least `least` examples, no more than the slice, no more weight, and none
   * weighs more than the heaviest. In the number of examples the score has one turn, where all are heaviest.
   */
  const bound = (most: number, n: number): number => {
    const { heaviest } = gains;
    const turn = Math.min(n, Math.max(least, most / heaviest));
    const at = (size: number): number => score(Math.min(most, size * heaviest), size);
    return Math.max(at(least), at(turn), at(n));
  };

  const found: { readonly slice: Candidate; readonly score: number }[] = [];
  const wanted = (): number => Math.max(0, found.length < top ? 0 : found.at(-1)!.score);
  const note = (slice: Candidate): void => {
    const own = score(slice.sum, slice.n);
    if (own <= wanted()) return;
    const place = found.findIndex((other) => other.score < own);
    found.splice(place < 0 ? found.length : place, 0, { slice, score: own });
    if (found.length > top) found.pop();
  };

  const single = values.map(({ n }, value): Candidate => {
    const most = gains.sum(gains.within([value]), null);
    return { values: [value], n, most, sum: most - losses.sum(losses.within([value]), null) };
  });
  const bounds = single.map(({ most, n }) => bound(most, n));
  let level: readonly Candidate[] = single;
  for (let size = 1; size <= depth && level.length > 0; size++) {
    for (const slice of level) note(slice);
    if (size === depth) break;
    const isLast = size + 1 === depth;
    const next: Candidate[] = [];
    for (const parent of level) {
      if (bound(parent.most, parent.n) <= wanted()) continue;
      const inGains = gains.within(parent.values);
      const inLosses = losses.within(parent.values);
      for (let value = parent.values.at(-1)! + 1; value < values.length; value++) {
        if (values[value]!.attribute === values[parent.values.at(-1)!]!.attribute) continue;
        const edge = wanted();
        if (bounds[value]! <= edge) continue;
        const slice = [...parent.values, value];
        const n = space.size(slice);
        if (n < least || n === parent.n || n === values[value]!.n) continue;
        const reach = Math.min(parent.most, single[value]!.most);
        if ((isLast ? score(reach, n) : bound(reach, n)) <= edge) continue;
        const most = gains.sum(inGains, value);
        if ((isLast ? score(most, n) : bound(most, n)) <= edge) continue;
        const child = { values: slice, n, most, sum: most - losses.sum(inLosses, value) };
        if (isLast) note(child);
        else next.push(child);
      }
    }
    level = next;
  }
  return found.map(({ slice, score: own }) => ({
    group: space.groupOf(slice.values),
    members: space.membersOf(slice.values),
    n: slice.n,
    sum: slice.sum,
    score: own,
  }));
}

/** The weights of one sign. */
function weightsOf(space: SliceSpace, weights: ArrayLike<number>, sign: 1 | -1): SliceWeights {
  const examples: number[] = [];
  const own: number[] = [];
  for (let x = 0; x < weights.length; x++) {
    const weight = sign * weights[x]!;
    if (weight <= 0) continue;
    examples.push(x);
    own.push(weight);
  }
  return new SliceWeights(space, Uint32Array.from(examples), Uint32Array.from(own));
}
