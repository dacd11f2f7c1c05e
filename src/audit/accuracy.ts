import { complement, uncertainRate } from './crossed.ts';
import type { ErrorProfile } from './error-sums.ts';
import { countErrors, type WrongPredictions } from './rates.ts';
import type { AccuracyRow, Comparison } from './result.ts';
import { percentileCount, topPercentile } from './ranking.ts';

/** The wrong predictions of a population, by member and by example. */
export interface PopulationErrors {
  readonly wrong: WrongPredictions;
  readonly profile: ErrorProfile;
}

/**
 * Mean top-1 accuracy of both populations on all examples, on the CIEs, on the others, and on the top of the Taxicab ranking
 * (Hooker et al. 2020, table 2). null on no examples.
 */
export function accuracyTable(
  baseline: PopulationErrors,
  compressed: PopulationErrors,
  isCie: Uint8Array,
  ranking: Uint32Array,
  percentiles: readonly number[],
): Comparison['accuracy'] {
  const examples = isCie.length;
  const rowsOf = (groupOf: Int32Array, sizes: readonly number[]): readonly AccuracyRow[] => {
    const before = accuracies(baseline, groupOf, sizes);
    const after = accuracies(compressed, groupOf, sizes);
    return sizes.map((n, group) => ({
      n,
      baseline: before[group]!.both.value,
      compressed: after[group]!.both.value,
      baselineEstimate: before[group]!,
      compressedEstimate: after[group]!,
    }));
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

/** Accuracy on the top 100 - `percentile` % of the Taxicab ranking. */
export interface CurvePoint extends AccuracyRow {
  readonly percentile: number;
}
const CURVE = [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99];

/** Accuracy on the top of the Taxicab ranking, from everyone to the top 1 % (Hooker et al. 2020, figure 4). Points without examples are left out. */
export function accuracyCurve(
  baseline: PopulationErrors,
  compressed: PopulationErrors,
  ranking: Uint32Array,
): readonly CurvePoint[] {
  const sizes = CURVE.map((percentile) => percentileCount(ranking.length, percentile));
  const binOf = new Int32Array(ranking.length);
  ranking.forEach((x, rank) => (binOf[x] = sizes.findLastIndex((size) => rank < size)));
  const before = cumulative(baseline, binOf, sizes);
  const after = cumulative(compressed, binOf, sizes);
  return CURVE.flatMap((percentile, i) => {
    const [baselineEstimate, compressedEstimate] = [before[i]!, after[i]!];
    return sizes[i] === 0
      ? []
      : {
          percentile,
          n: sizes[i]!,
          baseline: baselineEstimate.both.value,
          compressed: compressedEstimate.both.value,
          baselineEstimate,
          compressedEstimate,
        };
  });
}

/** Mean accuracy on the examples of each bin and of all after it. */
function cumulative({ wrong, profile }: PopulationErrors, binOf: Int32Array, sizes: readonly number[]) {
  const { members, wrong: counts } = countErrors(wrong, binOf, sizes.length);
  const squares = new Float64Array(sizes.length);
  binOf.forEach((bin, x) => (squares[bin]! += profile.wrong[x]! ** 2));
  for (let bin = sizes.length - 2; bin >= 0; bin--) {
    squares[bin]! += squares[bin + 1]!;
    for (let k = 0; k < members; k++) counts[bin * members + k]! += counts[(bin + 1) * members + k]!;
  }
  return ratesOf(counts, members, squares, sizes);
}

function ratesOf(counts: Uint32Array, members: number, squares: Float64Array, sizes: readonly number[]) {
  return sizes.map((n, group) => {
    const perMember = counts.subarray(group * members, (group + 1) * members);
    return complement(uncertainRate({ perMember, squares: squares[group]! }, n));
  });
}

/** Mean accuracy of a population on every group, with its intervals; `groupOf` is [example] group index or -1. */
export function accuracies({ wrong, profile }: PopulationErrors, groupOf: Int32Array, sizes: readonly number[]) {
  const { members, wrong: counts } = countErrors(wrong, groupOf, sizes.length);
  const squares = new Float64Array(sizes.length);
  for (let x = 0; x < groupOf.length; x++) if (groupOf[x]! >= 0) squares[groupOf[x]!]! += profile.wrong[x]! ** 2;
  return ratesOf(counts, members, squares, sizes);
}
