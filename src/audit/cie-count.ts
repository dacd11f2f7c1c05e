import { stream, type RandomStream } from '#lib/random.ts';
import type { Uncertain } from './crossed.ts';
import { normalInterval, NOT_ESTIMABLE, rescaled, squareAndAdd, wilson } from './intervals.ts';
import { dissentsOf, packVotes, visitCies, type PackedVotes } from './packed-votes.ts';
import { drawMembers, type MemberDraws } from './resampling.ts';
import type { Estimate } from './result.ts';
import { countVotes, modalLabels, type MemberPredictions, type TieRule } from './votes.ts';

const LIVE_REPEATS = 60;

/**
 * Counts the CIE of resampled members, repeat after repeat; empty below two members on either side. `visit` is told the
 * examples that are CIE in a repeat.
 */
export function resampledCounts(
  packed: PackedVotes,
  draws: MemberDraws,
  rule: TieRule,
  random: RandomStream,
  visit: (repeat: number, example: number) => void = () => undefined,
): Float64Array {
  const { repeats } = draws;
  const [members, others] = [draws.baseline.length / repeats, draws.compressed.length / repeats];
  if (members < 2 || others < 2) return new Float64Array();
  const counts = new Float64Array(repeats);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const weights = draws.baseline.subarray(repeat * members, (repeat + 1) * members);
    const otherWeights = draws.compressed.subarray(repeat * others, (repeat + 1) * others);
    visitCies(packed, weights, otherWeights, rule, random, (example) => {
      counts[repeat]!++;
      visit(repeat, example);
    });
  }
  return counts;
}

/** The number of CIE among `examples` were only the examples drawn anew: Wilson's interval of their share. */
export function countOverExamples(count: number, examples: number): Estimate {
  return examples === 0
    ? { value: count, low: null, high: null }
    : rescaled(wilson(count, examples), (share) => share * examples);
}

/**
 * The number of CIE over members: count +- 1.96 bootstrap standard errors, within [0, examples]. Not the bootstrap's
 * percentiles: a resampled population has fewer different members and so disagrees more, which shifts them all upwards, past
 * the count itself. Without ends where there are no repeats.
 */
export function countOverMembers(count: number, examples: number, repeats: Float64Array): Estimate {
  return repeats.length === 0 ? { value: count, low: null, high: null } : normalInterval(count, repeats, 0, examples);
}

/** The number of CIE with its three intervals; over both the distances add up as squares. */
export function uncertainCount(count: number, examples: number, repeats: Float64Array): Uncertain {
  const overExamples = countOverExamples(count, examples);
  const members = countOverMembers(count, examples, repeats);
  const { value, low, high } = squareAndAdd(overExamples, members);
  const within = (end: number | null): number | null => (end === null ? null : Math.min(examples, Math.max(0, end)));
  return { examples: overExamples, members, both: { value, low: within(low), high: within(high) } };
}

/**
 * The count of Modal CIE while members still arrive, over members. `baseline` and
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
  const examples = baseline[0]!.length;
  const modal = (members: readonly MemberPredictions[]) =>
    modalLabels(countVotes(members, examples, classes), classes, 'largest-class', stream(seed)).modal;
  const compressedModal = modal(compressed);
  const value = modal(baseline).reduce((count, label, x) => count + (label === compressedModal[x] ? 0 : 1), 0);
  const names = (members: readonly MemberPredictions[], side: string) => members.map((_, i) => `${side} ${String(i)}`);
  const random = stream(seed, 'live-cie');
  const draws = drawMembers(names(baseline, 'baseline'), names(compressed, 'compressed'), LIVE_REPEATS, random);
  const packed = packVotes(dissentsOf(baseline, classes), dissentsOf(compressed, classes));
  const repeats = resampledCounts(packed, draws, 'largest-class', random);
  return countOverMembers(value, examples, repeats);
}
