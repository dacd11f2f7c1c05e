import { gammaln } from 'simple-statistics';
import type { PopulationErrors } from './accuracy.ts';
import { eachBit } from './bits.ts';
import { normalTail } from './distributions.ts';
import { wilson, Z } from './intervals.ts';
import type { AuditExamples } from './predictions.ts';
import type { Estimate, Group } from './result.ts';
import { holm } from './significance.ts';
import { SliceSpace } from './slice-space.ts';
import { findSlices, type Slice } from './slices.ts';

const DEPTH = 3;
const TOP = 8;
/** Slices below this part of the examples are left out, whatever the least count; a larger part where there are very many combinations. */
const LEAST_PART = 1 / 1000;
const LEAST_PART_OF_MANY = 1 / 100;
const MANY = 10_000;

/** A combination of attribute values on which more falls than elsewhere. */
export interface TestedSlice {
  readonly group: Group;
  readonly n: number;
  /** Mean of the weights of its examples: the share that are CIE, or the accuracy lost, in [-1,1]. */
  readonly mean: Estimate;
  /** The mean over that of all examples. */
  readonly ratio: Estimate;
  /** One-sided: would as much fall on it were it chosen beforehand and nothing special? */
  readonly p: number;
  /** p corrected for all combinations that could have been named (Holm 1979). */
  readonly holm: number;
}
export interface SliceTable {
  /** Those that rank highest, best first. */
  readonly rows: readonly TestedSlice[];
  /** How many combinations of values there are; what `holm` corrects for. */
  readonly combinations: number;
  /** Fewest examples of a slice. */
  readonly minCount: number;
}
export interface Slices {
  readonly cie: SliceTable;
  /** Accuracy lost: baseline members right on an example - compressed ones, as shares. */
  readonly loss: SliceTable;
}

/**
 * The slices (up to three values) on which CIE, and lost accuracy, gather most; see `findSlices`. Intervals and p are over examples. For CIE:
 * Wilson's interval, and the hypergeometric tail; for accuracy: the normal interval of the mean, and the z-test of the slice against the rest. Each p is
 * corrected by Holm with its rank among the rows alone, which is at most its rank among all and so errs on the strict side.
 */
export function sliceTables(
  examples: AuditExamples,
  leastCount: number,
): {
  readonly cie: (isCie: Uint8Array) => SliceTable;
  readonly loss: (baseline: PopulationErrors, compressed: PopulationErrors) => SliceTable;
} {
  const count = examples.labels.length;
  const combinations = combinationsOf(examples.attributes.map(({ values }) => values.length));
  const part = combinations > MANY ? LEAST_PART_OF_MANY : LEAST_PART;
  const space = new SliceSpace(examples, Math.max(leastCount, Math.ceil(count * part)));
  const table = (weights: ArrayLike<number>, test: (slice: Slice) => Omit<TestedSlice, 'holm'>): SliceTable => {
    const rows = findSlices(space, weights, { depth: DEPTH, top: TOP }).map(test);
    const ps = rows.map(({ p }) => p);
    const corrected = holm(ps, Math.max(combinations, rows.length));
    const tested = rows.map((row, i) => ({ ...row, holm: corrected[i]! }));
    return { rows: tested, combinations, minCount: space.minCount };
  };
  return {
    cie: (isCie) => {
      const cies = isCie.reduce((sum, flag) => sum + flag, 0);
      return table(isCie, ({ group, n, sum }) => {
        const mean = wilson(sum, n);
        return { group, n, mean, ratio: over(mean, cies / count), p: hypergeometricTail(sum, n, cies, count) };
      });
    },
    loss: (baseline, compressed) => {
      const { lost, scale } = lostVotes(baseline, compressed);
      const total = lost.reduce((sum, weight) => sum + weight, 0) / scale;
      const squares = lost.reduce((sum, weight) => sum + (weight / scale) ** 2, 0);
      return table(lost, ({ group, n, sum: votes, members }) => {
        const sum = votes / scale;
        let inside = 0;
        eachBit(members, (x) => (inside += (lost[x]! / scale) ** 2));
        const own = varianceOfMean(sum, inside, n);
        const rest = varianceOfMean(total - sum, squares - inside, count - n);
        const half = Z * Math.sqrt(own);
        const mean = { value: sum / n, low: sum / n - half, high: sum / n + half };
        const gap = sum / n - (count === n ? sum / n : (total - sum) / (count - n));
        const p = own + rest > 0 ? normalTail(gap / Math.sqrt(own + rest)) : 1;
        return { group, n, mean, ratio: over(mean, total / count), p };
      });
    },
  };
}

/** [example] accuracy lost times `scale`, the least number with which that is whole. */
function lostVotes(baseline: PopulationErrors, compressed: PopulationErrors) {
  const [members, others] = [baseline.wrong.members, compressed.wrong.members];
  const shared = commonDivisor(members, others);
  const [before, after] = [members / shared, others / shared];
  const lost = new Int32Array(baseline.profile.wrong.length);
  for (let x = 0; x < lost.length; x++)
    lost[x] = compressed.profile.wrong[x]! * before - baseline.profile.wrong[x]! * after;
  return { lost, scale: members * after };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function over({ value, low, high }: Estimate, mean: number): Estimate {
  return { value: value! / mean, low: low! / mean, high: high! / mean };
}

function varianceOfMean(sum: number, squares: number, n: number): number {
  return n < 2 ? 0 : Math.max(0, squares - sum ** 2 / n) / (n - 1) / n;
}

/** How many combinations of one to `DEPTH` values of different attributes there are. */
export function combinationsOf(values: readonly number[]): number {
  const ways = [1, ...new Array<number>(DEPTH).fill(0)];
  for (const count of values) for (let size = DEPTH; size >= 1; size--) ways[size]! += count * ways[size - 1]!;
  return ways.reduce((sum, way) => sum + way, -1);
}

/** P(at least `found` of the `marked` among `count` are in a random part of `n`). */
export function hypergeometricTail(found: number, n: number, marked: number, count: number): number {
  const choose = (all: number, some: number): number => gammaln(all + 1) - gammaln(some + 1) - gammaln(all - some + 1);
  const whole = choose(count, n);
  let tail = 0;
  for (let k = Math.min(n, marked); k >= found && k >= n + marked - count; k--)
    tail += Math.exp(choose(marked, k) + choose(count - marked, n - k) - whole);
  return Math.min(1, tail);
}
