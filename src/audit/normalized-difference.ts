import type { Rates } from './result.ts';

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
