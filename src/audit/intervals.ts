import type { Estimate } from './result.ts';

/** All intervals are at 95 %: the 0.975 quantile of the normal distribution. */
export const Z = 1.959963984540054;

/** 0.975 quantiles of Student's t for 1 ... 30 degrees of freedom (Abramowitz & Stegun, table 26.10, to more digits). */
const T_TABLE = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037,
  2.14479, 2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553,
  2.05183, 2.04841, 2.04523, 2.04227,
] as const;

const FIRST = (Z ** 3 + Z) / 4;
const SECOND = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
const THIRD = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;

/**
 * The 0.975 quantile of Student's t with at least 1 degree of freedom: a table up to 30, linear in 1 / degrees between its
 * entries, then the expansion 26.7.5 of Abramowitz & Stegun.
 */
export function studentQuantile(degrees: number): number {
  const below = Math.floor(degrees);
  const [known, next] = [T_TABLE[below - 1], T_TABLE[below]];
  if (known !== undefined && degrees === below) return known;
  if (known !== undefined && next !== undefined)
    return known + ((next - known) * (1 / below - 1 / degrees)) / (1 / below - 1 / (below + 1));
  return Z + (FIRST + (SECOND + THIRD / degrees) / degrees) / degrees;
}

export const NOT_ESTIMABLE: Estimate = { value: null, low: null, high: null };

/**
 * Mean of one value a member with its interval over members: mean +- t sd / sqrt(K). Ends are null for one member, everything
 * is null for none. The ends are cut to [min, max], the range that the value can have.
 */
export function studentOverMembers(values: ArrayLike<number>, min = 0, max = 1): Estimate {
  const count = values.length;
  if (count === 0) return NOT_ESTIMABLE;
  const value = mean(values);
  if (count === 1) return { value, low: null, high: null };
  const half = (studentQuantile(count - 1) * standardDeviation(values)) / Math.sqrt(count);
  return { value, low: Math.max(min, value - half), high: Math.min(max, value + half) };
}

/** Wilson's score interval of a share, over examples: successes of count; null for count 0. */
export function wilson(successes: number, count: number): Estimate {
  if (count === 0) return NOT_ESTIMABLE;
  const p = successes / count;
  const scale = 1 + Z ** 2 / count;
  const centre = (p + Z ** 2 / (2 * count)) / scale;
  const half = (Z * Math.sqrt((p * (1 - p)) / count + Z ** 2 / (4 * count ** 2))) / scale;
  return {
    value: p,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === count ? 1 : Math.min(1, centre + half),
  };
}

/**
 * Odds ratio of a 2x2 table with Woolf's interval, 0.5 added to every cell (Haldane-Anscombe) so that an empty cell does not
 * make it infinite. All null where a row or column of the table is empty: there is nothing to compare.
 *
 *            | event | no event
 *    inside  |   a   |    b
 *    outside |   c   |    d
 */
export function oddsRatio(a: number, b: number, c: number, d: number): Estimate {
  if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) return NOT_ESTIMABLE;
  const [ah, bh, ch, dh] = [a + 0.5, b + 0.5, c + 0.5, d + 0.5];
  const logRatio = Math.log((ah * dh) / (bh * ch));
  const half = Z * Math.sqrt(1 / ah + 1 / bh + 1 / ch + 1 / dh);
  return { value: Math.exp(logRatio), low: Math.exp(logRatio - half), high: Math.exp(logRatio + half) };
}

/** Mean and the 2.5 / 97.5 percentiles of repeats; null without repeats. */
export function meanAndPercentiles(repeats: Float64Array): Estimate {
  if (repeats.length === 0) return NOT_ESTIMABLE;
  const sorted = repeats.toSorted();
  return { value: mean(repeats), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** `value` with the 2.5 / 97.5 percentiles of its bootstrap repeats. */
export function percentileInterval(value: number, repeats: Float64Array): Estimate {
  const sorted = repeats.toSorted();
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** `value` +- 1.96 standard deviations of its bootstrap repeats, cut to [min, max]. */
export function normalInterval(value: number, repeats: Float64Array, min: number, max: number): Estimate {
  const half = Z * standardDeviation(repeats);
  return { value, low: Math.max(min, value - half), high: Math.min(max, value + half) };
}

/**
 * The interval of a value that varies for two reasons, from its interval for each: the distances from the value add up as
 * squares (Zou & Donner 2008, MOVER). No ends where either has none.
 */
export function squareAndAdd(first: Estimate, second: Estimate): Estimate {
  const { value } = first;
  if (value === null || first.low === null || first.high === null || second.low === null || second.high === null)
    return { value, low: null, high: null };
  return {
    value,
    low: value - Math.hypot(value - first.low, value - second.low),
    high: value + Math.hypot(first.high - value, second.high - value),
  };
}

/** An estimate after a rising change of scale. */
export function rescaled({ value, low, high }: Estimate, scale: (value: number) => number): Estimate {
  return {
    value: value === null ? null : scale(value),
    low: low === null ? null : scale(low),
    high: high === null ? null : scale(high),
  };
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan); `sorted` is ascending and not empty. */
function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** With the divisor n - 1; needs two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
