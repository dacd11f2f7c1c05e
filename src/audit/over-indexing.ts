import type { Uncertain } from './crossed.ts';
import { NOT_ESTIMABLE, rescaled, squareAndAdd, standardDeviation, wilson, Z } from './intervals.ts';
import type { Estimate, RepresentationRow } from './result.ts';

/** The counts behind one over-indexing ratio. */
export interface RatioCounts {
  readonly cieCount: number; // CIE in the group
  readonly size: number; // examples in the group
  readonly cies: number;
  readonly examples: number;
}

/**
 * (cieCount / cies) / (size / examples), were only the examples drawn anew: from the logarithm, whose variance over
 * multinomial draws is 1/a - 1/n - 1/c + 2a/(nc) - 1/N (delta method). Without a CIE in the group from 0 to where Wilson's interval
 * of its share among the CIE ends. Null without CIE and for an empty group.
 */
export function ratioOverExamples({ cieCount: a, size: n, cies: c, examples: total }: RatioCounts): Estimate {
  if (n === 0 || c === 0) return NOT_ESTIMABLE;
  const value = a / c / (n / total);
  if (a === 0) return { value, low: 0, high: wilson(0, c).high! / (n / total) };
  const variance = Math.max(0, 1 / a - 1 / n - 1 / c + (2 * a) / (n * c) - 1 / total);
  return onLogScale(value, Math.sqrt(variance));
}

/**
 * The ratio of a row over members and over both. Members: +- 1.96 standard errors of its logarithm over the repeats, half a CIE added
 * to both counts. `rowCounts` and `counts` are [repeat] CIE in the group and in all. No ends for a group without CIE.
 */
export function withMembers(
  { ratio, cieCount }: RepresentationRow,
  rowCounts: ArrayLike<number>,
  counts: Float64Array,
): Uncertain {
  const { examples } = ratio;
  if (cieCount === 0 || examples.value === null || counts.length < 2) return ratio;
  const logs = Float64Array.from(counts, (all, repeat) => Math.log((rowCounts[repeat]! + 0.5) / (all + 0.5)));
  const members = onLogScale(examples.value, standardDeviation(logs));
  return { examples, members, both: addedOnLogScale(examples, members) };
}

function onLogScale(value: number, error: number): Estimate {
  return { value, low: value * Math.exp(-Z * error), high: value * Math.exp(Z * error) };
}

function addedOnLogScale(first: Estimate, second: Estimate): Estimate {
  return rescaled(squareAndAdd(rescaled(first, Math.log), rescaled(second, Math.log)), Math.exp);
}
