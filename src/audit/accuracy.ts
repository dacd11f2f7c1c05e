import { studentOverMembers } from './intervals.ts';
import { countErrors, type ErrorCounts, type WrongPredictions } from './rates.ts';
import type { AccuracyRow, Comparison } from './result.ts';
import { topPercentile } from './ranking.ts';

/** Top-1 accuracy of every member on one group of examples; empty without examples. */
export function accuracyPerMember(counts: ErrorCounts, group: number, n: number): number[] {
  if (n === 0) return [];
  return Array.from({ length: counts.members }, (_, k) => (n - counts.wrong[group * counts.members + k]!) / n);
}

/**
 * Mean top-1 accuracy of both populations on all examples, on the CIEs, on the others, and on the top of the Taxicab ranking
 * (Hooker et al. 2020, table 2). null on no examples.
 */
export function accuracyTable(
  baseline: WrongPredictions,
  compressed: WrongPredictions,
  isCie: Uint8Array,
  ranking: Uint32Array,
  percentiles: readonly number[],
): Comparison['accuracy'] {
  const examples = isCie.length;
  const rowsOf = (groupOf: Int32Array, sizes: readonly number[]): readonly AccuracyRow[] => {
    const baselineCounts = countErrors(baseline, groupOf, sizes.length);
    const compressedCounts = countErrors(compressed, groupOf, sizes.length);
    return sizes.map((n, group) => {
      const baselineEstimate = studentOverMembers(accuracyPerMember(baselineCounts, group, n));
      const compressedEstimate = studentOverMembers(accuracyPerMember(compressedCounts, group, n));
      return {
        n,
        baseline: baselineEstimate.value,
        compressed: compressedEstimate.value,
        baselineEstimate,
        compressedEstimate,
      };
    });
  };
  const cies = isCie.reduce((sum, flag) => sum + flag, 0);
  const [nonModalCie, modalCie] = rowsOf(Int32Array.from(isCie), [examples - cies, cies]);
  return {
    all: rowsOf(new Int32Array(examples), [examples])[0]!,
    modalCie: modalCie!,
    nonModalCie: nonModalCie!,
    taxicab: Object.fromEntries(
      percentiles.map((percentile) => {
        const top = topPercentile(ranking, percentile);
        const groupOf = new Int32Array(examples).fill(-1);
        for (const x of top) groupOf[x] = 0;
        return [String(percentile), rowsOf(groupOf, [top.length])[0]!];
      }),
    ),
  };
}
