import { NOT_ESTIMABLE, percentileInterval } from './intervals.ts';
import { isEstimable, type ErrorCounts, type GroupSize } from './rates.ts';
import type { MemberDraws } from './resampling.ts';
import type { Estimate, Rates } from './result.ts';

/**
 * Normalized difference 100 (compressed - baseline) / baseline of two mean rates, in percent (Hooker et al. 2020, tables 3
 * and 4). null where a rate is null or the baseline's is zero.
 */
export function normalizedDifference(baseline: number | null, compressed: number | null): number | null {
  if (baseline === null || compressed === null || baseline === 0) return null;
  return (100 * (compressed - baseline)) / baseline;
}

/** The normalized difference of every rate. */
export function normalizedDifferences(baseline: Rates, compressed: Rates): Rates {
  return {
    error: normalizedDifference(baseline.error, compressed.error),
    fpr: normalizedDifference(baseline.fpr, compressed.fpr),
    fnr: normalizedDifference(baseline.fnr, compressed.fnr),
  };
}

/**
 * The normalized differences of one group with 95 % intervals: percentiles of a bootstrap over members. Ends are null below
 * two members, and where a resampled baseline has a rate of zero (no finite interval).
 */
export function changeEstimates(
  baseline: ErrorCounts,
  compressed: ErrorCounts,
  group: number,
  size: GroupSize,
  minCount: number,
  draws: MemberDraws,
): Rates<Estimate> {
  const estimate = (kind: 'wrong' | 'falsePositives' | 'falseNegatives', denominator: number): Estimate => {
    if (!isEstimable(denominator, minCount)) return NOT_ESTIMABLE;
    const ofGroup = (counts: ErrorCounts) =>
      counts[kind].subarray(group * counts.members, (group + 1) * counts.members);
    return bootstrapChange(ofGroup(baseline), ofGroup(compressed), denominator, draws);
  };
  return {
    error: estimate('wrong', size.n),
    fpr: estimate('falsePositives', size.negatives),
    fnr: estimate('falseNegatives', size.positives),
  };
}

function bootstrapChange(
  baseline: Uint32Array,
  compressed: Uint32Array,
  denominator: number,
  draws: MemberDraws,
): Estimate {
  const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0);
  const value = normalizedDifference(
    sum(baseline) / (baseline.length * denominator),
    sum(compressed) / (compressed.length * denominator),
  );
  if (value === null || baseline.length < 2 || compressed.length < 2) return { value, low: null, high: null };
  const repeats = new Float64Array(draws.repeats);
  for (let repeat = 0; repeat < draws.repeats; repeat++) {
    let sumBaseline = 0;
    let sumCompressed = 0;
    for (let k = 0, at = repeat * baseline.length; k < baseline.length; k++, at++) {
      sumBaseline += draws.baseline[at]! * baseline[k]!;
    }
    for (let k = 0, at = repeat * compressed.length; k < compressed.length; k++, at++) {
      sumCompressed += draws.compressed[at]! * compressed[k]!;
    }
    if (sumBaseline === 0) return { value, low: null, high: null };
    repeats[repeat] = 100 * ((sumCompressed * baseline.length) / (sumBaseline * compressed.length) - 1);
  }
  return percentileInterval(value, repeats);
}
