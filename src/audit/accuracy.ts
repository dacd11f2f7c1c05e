import { complement, uncertainRate, type Uncertain } from './crossed.ts';
import type { ErrorProfile } from './error-sums.ts';
import { countWrong, type WrongPredictions } from './rates.ts';
import { percentileCount } from './ranking.ts';
import type { AccuracyRow, Comparison } from './result.ts';

/** The wrong predictions of a population, by member and by example. */
export interface PopulationErrors {
  readonly wrong: WrongPredictions;
  readonly profile: ErrorProfile;
}

/** Accuracy on the top 100 - `percentile` % of the Taxicab ranking. */
export interface CurvePoint extends AccuracyRow {
  readonly percentile: number;
}
const CURVE = [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99];

/**
 * Mean top-1 accuracy of both populations on all examples, on the CIEs, on the others, and on the top of the Taxicab ranking
 * (Hooker et al. 2020, table 2), null on no examples; and its curve from everyone to the top 1 % (figure 4), without points
 * that have no example.
 */
export function accuracyByScore(
  baseline: PopulationErrors,
  compressed: PopulationErrors,
  isCie: Uint8Array,
  ranking: Uint32Array,
  percentiles: readonly number[],
): Pick<Comparison, 'accuracy' | 'accuracyCurve'> {
  const asked = [...CURVE, ...percentiles];
  const sizes = asked.map((percentile) => percentileCount(ranking.length, percentile));
  const tops = rowsOf(sizes, onTops(baseline, ranking, sizes), onTops(compressed, ranking, sizes));
  const cies = isCie.reduce((sum, flag) => sum + flag, 0);
  const split = [isCie.length - cies, cies];
  const [nonModalCie, modalCie] = rowsOf(split, onParts(baseline, isCie, split), onParts(compressed, isCie, split));
  return {
    accuracy: {
      all: tops[0]!,
      modalCie: modalCie!,
      nonModalCie: nonModalCie!,
      taxicab: Object.fromEntries(percentiles.map((percentile, i) => [String(percentile), tops[CURVE.length + i]!])),
    },
    accuracyCurve: CURVE.flatMap((percentile, i) => (sizes[i] === 0 ? [] : { percentile, ...tops[i]! })),
  };
}

/** Mean accuracy of a population on everyone. */
export function accuracyOf(errors: PopulationErrors, examples: number): Uncertain {
  return onParts(errors, new Uint8Array(examples), [examples])[0]!;
}

function rowsOf(
  sizes: readonly number[],
  before: readonly Uncertain[],
  after: readonly Uncertain[],
): readonly AccuracyRow[] {
  return sizes.map((n, i) => ({
    n,
    baseline: before[i]!.both.value,
    compressed: after[i]!.both.value,
    baselineEstimate: before[i]!,
    compressedEstimate: after[i]!,
  }));
}

/** On each part; `partOf` is [example] its part. */
function onParts(errors: PopulationErrors, partOf: Uint8Array, sizes: readonly number[]): readonly Uncertain[] {
  const { counts, squares } = inParts(errors, partOf, sizes.length);
  return accuraciesOf(counts, errors.wrong.members, squares, sizes);
}

/** On the first so many of the ranking, for each size, in any order. */
function onTops(errors: PopulationErrors, ranking: Uint32Array, sizes: readonly number[]): readonly Uncertain[] {
  const steps = [...new Set([ranking.length, ...sizes])].sort((a, b) => b - a);
  const partOf = new Uint8Array(ranking.length); // the smallest top that an example is in; far fewer than 256 are asked for
  for (let rank = 0, part = steps.length - 1; rank < ranking.length; rank++) {
    while (rank >= steps[part]!) part--;
    partOf[ranking[rank]!] = part;
  }
  const { members } = errors.wrong;
  const { counts, squares } = inParts(errors, partOf, steps.length);
  for (let part = steps.length - 2; part >= 0; part--) {
    squares[part]! += squares[part + 1]!;
    for (let k = 0; k < members; k++) counts[part * members + k]! += counts[(part + 1) * members + k]!;
  }
  const found = accuraciesOf(counts, members, squares, steps);
  return sizes.map((size) => found[steps.indexOf(size)]!);
}

/** Wrong predictions by part and member, and the sums of squares of wrong members an example by part. */
function inParts({ wrong, profile }: PopulationErrors, partOf: Uint8Array, parts: number) {
  const squares = new Float64Array(parts);
  for (let x = 0; x < partOf.length; x++) squares[partOf[x]!]! += profile.wrong[x]! ** 2;
  return { counts: countWrong(wrong, partOf, parts), squares };
}

function accuraciesOf(counts: Uint32Array, members: number, squares: Float64Array, sizes: readonly number[]) {
  return sizes.map((n, part) => {
    const perMember = counts.subarray(part * members, (part + 1) * members);
    return complement(uncertainRate({ perMember, squares: squares[part]! }, n));
  });
}
