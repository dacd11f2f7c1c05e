import { LOG_ODDS_CODES, probabilityOfCode } from '#lib/log-odds.ts';
import type { PopulationSummary } from './result.ts';
import type { Steps } from './steps.ts';

/** How far a population's confidence in the positive class moved, and what it was measured by. */
export interface ConfidenceShift {
  readonly by: 'probability' | 'votes';
  /** [example] absolute difference of the two populations' means, in [0,1]. */
  readonly shift: Float32Array;
}

let table: Float64Array | null = null;
const probabilities = (): Float64Array =>
  (table ??= Float64Array.from({ length: LOG_ODDS_CODES }, (_, code) => probabilityOfCode(code)));

/** [example] mean over the members of [member, example] codes of the probability of the positive class (lib/log-odds.ts). */
export function* meanProbabilities(codes: Uint16Array, members: number): Steps<Float32Array> {
  const values = probabilities();
  const examples = codes.length / members;
  const sums = new Float64Array(examples);
  for (let member = 0; member < members; member++) {
    const start = member * examples;
    for (let x = 0; x < examples; x++) sums[x]! += values[codes[start + x]!]!;
    yield;
  }
  return Float32Array.from(sums, (sum) => sum / members);
}

/** Between two means of probabilities. */
export function shiftOfMeans(baseline: Float32Array, compressed: Float32Array): ConfidenceShift {
  return { by: 'probability', shift: baseline.map((mean, x) => Math.abs(compressed[x]! - mean)) };
}

/** Where members gave no probabilities: between the shares of votes for the class of this code. */
export function shiftOfVotes(
  baseline: PopulationSummary,
  compressed: PopulationSummary,
  classes: number,
  positive: number,
): ConfidenceShift {
  const shift = new Float32Array(baseline.votes.length / classes);
  for (let x = 0; x < shift.length; x++) {
    const at = x * classes + positive;
    shift[x] = Math.abs(compressed.votes[at]! / compressed.members - baseline.votes[at]! / baseline.members);
  }
  return { by: 'votes', shift };
}
