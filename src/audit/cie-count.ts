import { stream, type RandomStream } from '#lib/random.ts';
import { NOT_ESTIMABLE, normalInterval } from './intervals.ts';
import { countCies, drawMembers, packVotes, type MemberDraws } from './resampling.ts';
import type { Estimate } from './result.ts';
import { countVotes, modalLabels, type MemberPredictions, type TieRule } from './votes.ts';

const LIVE_REPEATS = 60;

/**
 * `value`, the number of Modal CIE, with a 95 % interval over members: value +- 1.96 bootstrap standard errors, within [0, N]. Not the
 * bootstrap's percentiles: a resampled population has fewer different members and so disagrees more, which shifts them all
 * upwards, past the count itself. Ends are null below two
 * members.
 */
export function cieCountEstimate(
  value: number,
  baseline: readonly MemberPredictions[],
  compressed: readonly MemberPredictions[],
  classes: number,
  draws: MemberDraws,
  rule: TieRule,
  random: RandomStream,
): Estimate {
  if (baseline.length < 2 || compressed.length < 2) return { value, low: null, high: null };
  const packed = packVotes(baseline, compressed, classes);
  const counts = new Float64Array(draws.repeats);
  for (let repeat = 0; repeat < draws.repeats; repeat++) {
    counts[repeat] = countCies(
      packed,
      draws.baseline.subarray(repeat * baseline.length, (repeat + 1) * baseline.length),
      draws.compressed.subarray(repeat * compressed.length, (repeat + 1) * compressed.length),
      rule,
      random,
    );
  }
  return normalInterval(value, counts, 0, baseline[0]!.length);
}

/**
 * The count of Modal CIE while members still arrive, with the same interval as in the finished audit. `baseline` and
 * `compressed` are the predictions of the members so far, [member][example]; `classes` is their number. Ties go to the
 * largest class. Everything is null while a population has no member.
 */
export function liveCie(
  baseline: readonly MemberPredictions[],
  compressed: readonly MemberPredictions[],
  classes: number,
  seed: number,
): Estimate {
  if (baseline.length === 0 || compressed.length === 0) return NOT_ESTIMABLE;
  const modal = (members: readonly MemberPredictions[]) =>
    modalLabels(countVotes(members, members[0]!.length, classes), classes, 'largest-class', stream(seed)).modal;
  const compressedModal = modal(compressed);
  const value = modal(baseline).reduce((count, label, x) => count + (label === compressedModal[x] ? 0 : 1), 0);
  const names = (members: readonly MemberPredictions[], side: string) => members.map((_, i) => `${side} ${String(i)}`);
  const random = stream(seed, 'live-cie');
  const draws = drawMembers(names(baseline, 'baseline'), names(compressed, 'compressed'), LIVE_REPEATS, random);
  return cieCountEstimate(value, baseline, compressed, classes, draws, 'largest-class', random);
}
