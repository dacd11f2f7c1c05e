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
 * most 5 %. null entries (tests that could not be made) are not counted and stay null.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  let largest = 0;
  return adjusted(ps, (p, rank, tests) => (largest = Math.max(largest, Math.min(1, p * (tests - rank)))), false);
}

/** Benjamini & Hochberg's adjusted p-values (1995): among those at most 0.05 an expected 5 % are false. null entries as in `holm`. */
export function benjaminiHochberg(ps: readonly (number | null)[]): (number | null)[] {
  let least = 1;
  return adjusted(ps, (p, rank, tests) => (least = Math.min(least, (p * tests) / (rank + 1))), true);
}

/** Visits the p-values by size (ascending, or descending) with their rank from 0. */
function adjusted(
  ps: readonly (number | null)[],
  adjust: (p: number, rank: number, tests: number) => number,
  descending: boolean,
): (number | null)[] {
  const sorted = ps
    .map((p, index) => ({ p, index }))
    .filter((entry): entry is { p: number; index: number } => entry.p !== null)
    .sort((a, b) => a.p - b.p);
  const result: (number | null)[] = ps.map(() => null);
  const ranks = sorted.map((entry, rank) => ({ ...entry, rank }));
  for (const { p, index, rank } of descending ? ranks.reverse() : ranks) result[index] = adjust(p, rank, sorted.length);
  return result;
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
