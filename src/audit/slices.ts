import { Bits } from './bits.ts';
import type { AuditExamples } from './predictions.ts';
import type { Group } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** A combination of attribute values and what falls on it. */
export interface Slice {
  readonly group: Group;
  readonly members: Bits;
  readonly n: number;
  /** Sum and mean of the weights of its examples. */
  readonly sum: number;
  readonly mean: number;
  /** Mean here over the mean of all examples. */
  readonly ratio: number;
  /** What slices are ranked by; see `findSlices`. */
  readonly score: number;
}

export interface SliceSearch {
  /** Best first. */
  readonly slices: readonly Slice[];
  /** Slices with enough examples that were looked at. */
  readonly seen: number;
  /** Slices that could not be among the best and were left out together with everything inside them. */
  readonly pruned: number;
}

export interface SliceOptions {
  /** Fewest examples of a slice, at least 1. */
  readonly minCount: number;
  /** Most attribute values of a slice, 1 to 3. */
  readonly depth: number;
  /** How many slices are wanted. */
  readonly top: number;
}

/** How much a high mean counts against a small slice; SliceLine's default. */
const ALPHA = 0.95;

interface Candidate {
  readonly values: readonly Value[];
  /** Those of its examples that have a weight. */
  readonly weighty: Bits;
  /** All of them; made only where they are needed. */
  readonly members: () => Bits;
  readonly n: number;
  readonly sum: number;
  /** Sum of the positive weights: no part of the slice can have more. */
  readonly most: number;
}
interface Value {
  readonly attribute: number;
  readonly code: number;
}

/**
 * The combinations of up to `depth` attribute values on which the weights fall most (weights, [example]: 1 for a CIE and 0
 * else, or how much accuracy was lost on it). After SliceLine (Sagadeeva & Boehm 2021, equation 5): score = a (mean / mean of
 * all - 1) - (1 - a) (N / n - 1) with a = 0.95, which weighs a high mean against few examples. Level by level; a slice is
 * left out, and with it all slices inside it, where it has fewer than `minCount` examples or where even the best part of it
 * could not reach the wanted ones. Examples with a missing value are in no slice of that attribute. Of a slice and a part of it with
 * the same examples only the simpler one is kept. Nothing where the mean of all is not above 0. Ties: by the order of attributes and values.
 */
export function findSlices(
  { attributes, ids }: Pick<AuditExamples, 'attributes' | 'ids'>,
  weights: ArrayLike<number>,
  { minCount, depth, top }: SliceOptions,
): SliceSearch {
  const count = ids.length;
  let total = 0;
  for (let x = 0; x < count; x++) total += weights[x]!;
  if (!(total > 0)) return { slices: [], seen: 0, pruned: 0 };
  const weighty = Bits.where(count, (x) => weights[x] !== 0);
  let heaviest = 0;
  let isFlag = true;
  for (let x = 0; x < count; x++) {
    const weight = weights[x]!;
    if (weight > heaviest) heaviest = weight;
    if (weight !== 0 && weight !== 1) isFlag = false;
  }
  const least = Math.max(1, minCount);
  const mean = total / count;
  const score = (sum: number, n: number): number => ALPHA * (sum / n / mean - 1) - (1 - ALPHA) * (count / n - 1);
  /**
   * The highest score of any part of a slice: it has at least `least` examples, no more than the slice, no more weight, and none
   * weighs more than the heaviest. In the number of examples the score has one turn, where all are heaviest.
   */
  const bound = ({ most, n }: Pick<Candidate, 'most' | 'n'>): number => {
    const turn = Math.min(n, Math.max(least, most / heaviest));
    return Math.max(...[least, turn, n].map((size) => score(Math.min(most, size * heaviest), size)));
  };

  const found: { readonly slice: Candidate; readonly score: number }[] = [];
  let seen = 0;
  let pruned = 0;
  const worstWanted = (): number => (found.length < top ? -Infinity : found.at(-1)!.score);
  const note = (slice: Candidate): void => {
    const own = score(slice.sum, slice.n);
    if (own <= 0 || own <= worstWanted()) return;
    const place = found.findIndex((other) => other.score < own);
    found.splice(place < 0 ? found.length : place, 0, { slice, score: own });
    if (found.length > top) found.pop();
  };
  const weigh = (values: readonly Value[], n: number, own: Bits, members: () => Bits): Candidate => {
    let sum = 0;
    let most = 0;
    if (isFlag) sum = most = own.count();
    else
      own.each((x) => {
        sum += weights[x]!;
        if (weights[x]! > 0) most += weights[x]!;
      });
    return { values, weighty: own, members, n, sum, most };
  };

  const single: Candidate[] = [];
  attributes.forEach(({ values, codes }, attribute) => {
    values.forEach((_, code) => {
      const members = Bits.where(count, (x) => codes[x] === code);
      const n = members.count();
      if (n >= least) single.push(weigh([{ attribute, code }], n, members.and(weighty), () => members));
    });
  });
  const bounds = new Map(single.map((value) => [value, bound(value)]));
  let level: readonly Candidate[] = single;
  for (let size = 1; size <= depth && level.length > 0; size++) {
    for (const slice of level) {
      seen++;
      note(slice);
    }
    if (size === depth) break;
    const next: Candidate[] = [];
    for (const parent of level) {
      const wanted = Math.max(0, worstWanted());
      if (bound(parent) <= wanted) {
        pruned++;
        continue;
      }
      const inParent = parent.members();
      for (const value of single) {
        if (value.values[0]!.attribute <= parent.values.at(-1)!.attribute) continue;
        if (bounds.get(value)! <= wanted) continue;
        const inValue = value.members();
        const n = inParent.countBoth(inValue);
        if (n < least || n === parent.n || n === value.n) continue;
        if (bound({ n, most: Math.min(parent.most, value.most) }) <= wanted) {
          pruned++;
          continue;
        }
        const members = size + 1 < depth ? inParent.and(inValue) : null;
        const slice = weigh(
          [...parent.values, ...value.values],
          n,
          parent.weighty.and(value.weighty),
          () => members ?? inParent.and(inValue),
        );
        next.push(slice);
      }
    }
    level = next;
  }
  return {
    slices: found.map(({ slice, score: own }) => ({
      group: groupNamed(
        ...slice.values.map(
          ({ attribute, code }) => [attributes[attribute]!.name, attributes[attribute]!.values[code]!] as const,
        ),
      ),
      members: slice.members(),
      n: slice.n,
      sum: slice.sum,
      mean: slice.sum / slice.n,
      ratio: slice.sum / slice.n / mean,
      score: own,
    })),
    seen,
    pruned,
  };
}
