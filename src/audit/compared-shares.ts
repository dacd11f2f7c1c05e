import { NOT_ESTIMABLE, wilson } from './intervals.ts';
import type { Estimate } from './result.ts';

/** How many examples have an answer, and how many of them this one. */
export type Tally = readonly [answered: number, count: number];

/** The share of an answer among CIE and among other examples. */
export interface ComparedShares {
  /** Examples with an answer, and those of them with this one. */
  readonly cieAnswered: number;
  readonly cieCount: number;
  readonly otherAnswered: number;
  readonly otherCount: number;
  /** Shares of those with an answer, Wilson. */
  readonly cie: Estimate;
  readonly others: Estimate;
  /** Share of CIE minus share of the others, Newcombe. */
  readonly difference: Estimate;
}

/** Intervals at 95 %; not estimable where nobody has an answer. */
export function comparedShares([cieAnswered, cieCount]: Tally, [otherAnswered, otherCount]: Tally): ComparedShares {
  return {
    cieAnswered,
    cieCount,
    otherAnswered,
    otherCount,
    cie: wilson(cieCount, cieAnswered),
    others: wilson(otherCount, otherAnswered),
    difference: newcombe(cieCount, cieAnswered, otherCount, otherAnswered),
  };
}

/**
 * Difference of two independent shares a/m - b/n with the hybrid score interval at 95 %: Newcombe, R. G. (1998), Interval
 * estimation for the difference between independent proportions, method 10. Null where m or n is 0.
 */
export function newcombe(a: number, m: number, b: number, n: number): Estimate {
  const [first, second] = [wilson(a, m), wilson(b, n)];
  if (first.value === null || second.value === null) return NOT_ESTIMABLE;
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low!, second.high! - second.value),
    high: value + Math.hypot(first.high! - first.value, second.value - second.low!),
  };
}
