import { chiSquaredTail, fairCoinTail, studentTails } from './distributions.ts';

/** A two-sided test. `null`: it cannot be made. */
export interface TestResult {
  readonly statistic: number;
  readonly degrees: number;
  /** In [0,1]. */
  readonly p: number;
}

/**
 * Welch's t-test of the difference of two means (Welch 1947; degrees of freedom after Satterthwaite): is the mean of `b` other
 * than that of `a`? null where either has fewer than two values, or where none varies and both means are the same. Where none
 * varies and the means differ, p is 0.
 */
export function welch(a: ArrayLike<number>, b: ArrayLike<number>): TestResult | null {
  if (a.length < 2 || b.length < 2) return null;
  const [first, second] = [moments(a), moments(b)];
  const difference = second.mean - first.mean;
  const [va, vb] = [first.variance / a.length, second.variance / b.length];
  if (va + vb === 0) return difference === 0 ? null : { statistic: difference * Infinity, degrees: 1, p: 0 };
  const statistic = difference / Math.sqrt(va + vb);
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return { statistic, degrees, p: studentTails(statistic, degrees) };
}

/**
 * Student's t-test of the mean of paired differences b - a against 0; for members that share a seed, whose common luck cancels.
 * null with fewer than two pairs or where every difference is 0; p is 0 where all are the same and not 0.
 */
export function pairedT(a: ArrayLike<number>, b: ArrayLike<number>): TestResult | null {
  const count = Math.min(a.length, b.length);
  if (count < 2) return null;
  const { mean, variance } = moments(Float64Array.from({ length: count }, (_, i) => b[i]! - a[i]!));
  const degrees = count - 1;
  if (variance === 0) return mean === 0 ? null : { statistic: mean * Infinity, degrees, p: 0 };
  const statistic = mean / Math.sqrt(variance / count);
  return { statistic, degrees, p: studentTails(statistic, degrees) };
}

/** From so many discordant examples on McNemar's test uses the chi-squared distribution, below it the exact binomial one. */
const EXACT_BELOW = 25;

/**
 * McNemar's test of two populations' modal labels on the same examples: do they make equally many errors? `onlyFirst` counts
 * the examples that only the first gets wrong, `onlySecond` those that only the second does. Exact binomial below 25 such
 * examples, else (|b - c| - 1)^2 / (b + c) with one degree of freedom (Edwards 1948). null without any.
 */
export function mcNemar(onlyFirst: number, onlySecond: number): TestResult | null {
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) return null;
  const gap = Math.abs(onlyFirst - onlySecond);
  const statistic = Math.max(0, gap - 1) ** 2 / discordant;
  const p =
    discordant < EXACT_BELOW
      ? Math.min(1, 2 * fairCoinTail(Math.min(onlyFirst, onlySecond), discordant))
      : chiSquaredTail(statistic, 1);
  return { statistic, degrees: 1, p };
}

/**
 * Pearson's chi-squared test of independence in a table of counts, [row][column]. Rows and columns without counts are left
 * out; null where fewer than two of either remain.
 */
export function chiSquared(table: readonly (readonly number[])[]): TestResult | null {
  const rows = table.filter((row) => row.some((count) => count > 0));
  const columns = (rows[0] ?? []).map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0));
  const used = columns.filter((sum) => sum > 0).length;
  if (rows.length < 2 || used < 2) return null;
  const total = columns.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (const row of rows) {
    const sum = row.reduce((all, count) => all + count, 0);
    for (const [j, column] of columns.entries()) {
      const expected = (sum * column) / total;
      if (expected > 0) statistic += (row[j]! - expected) ** 2 / expected;
    }
  }
  const degrees = (rows.length - 1) * (used - 1);
  return { statistic, degrees, p: chiSquaredTail(statistic, degrees) };
}

/**
 * Holm's adjusted p-values (Holm 1979): whoever calls those at most 0.05 real is wrong about any of them with probability at
 * most 5 %. Not a number stays so: a test that could not be made is not counted. `tests`: how many there were, where those not
 * given have larger p-values than those given.
 */
export function holmOf(ps: Float64Array, tests = made(ps)): Float64Array {
  const sorted = ascending(ps);
  const adjusted = new Float64Array(sorted.length);
  let largest = 0;
  for (let rank = 0; rank < sorted.length; rank++)
    adjusted[rank] = largest = Math.max(largest, Math.min(1, sorted[rank]! * (tests - rank)));
  return lookedUp(ps, sorted, adjusted);
}

/** Benjamini & Hochberg's adjusted p-values (1995): among those at most 0.05 an expected 5 % are false. Not a number as in `holmOf`. */
export function benjaminiHochbergOf(ps: Float64Array): Float64Array {
  const sorted = ascending(ps);
  const adjusted = new Float64Array(sorted.length);
  let least = 1;
  for (let rank = sorted.length - 1; rank >= 0; rank--)
    adjusted[rank] = least = Math.min(least, (sorted[rank]! * sorted.length) / (rank + 1));
  return lookedUp(ps, sorted, adjusted);
}

/** `holmOf` of a list where null is a test that could not be made. */
export function holm(ps: readonly (number | null)[], tests?: number): (number | null)[] {
  return Array.from(
    holmOf(
      Float64Array.from(ps, (p) => p ?? NaN),
      tests,
    ),
    (p) => (Number.isNaN(p) ? null : p),
  );
}

const made = (ps: Float64Array): number => ps.reduce((count, p) => (Number.isNaN(p) ? count : count + 1), 0);

const ascending = (ps: Float64Array): Float64Array => ps.filter((p) => !Number.isNaN(p)).sort();

/** What became of each p: of equal ones the first, which has them all behind it. */
function lookedUp(ps: Float64Array, sorted: Float64Array, adjusted: Float64Array): Float64Array {
  return ps.map((p) => {
    if (Number.isNaN(p)) return NaN;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < p) low = middle + 1;
      else high = middle;
    }
    return adjusted[low]!;
  });
}

/** Mean and variance (divisor n - 1) of at least two values. */
function moments(values: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, variance: squares / (values.length - 1) };
}
