import type { Rates } from './result.ts';
import type { MemberPredictions } from './votes.ts';

export const FALSE_POSITIVE = 1;
export const FALSE_NEGATIVE = 2;

/**
 * The wrong predictions of a population, member after member. Wrong predictions are few, so counting them by subgroup costs
 * far less than going over every prediction.
 */
export interface WrongPredictions {
  readonly members: number;
  /** [member + 1] where each member's wrong predictions begin. */
  readonly starts: Uint32Array;
  /** Example indices. */
  readonly examples: Uint32Array;
  /** FALSE_POSITIVE, FALSE_NEGATIVE, or 0 for a wrong prediction among the negative classes. */
  readonly kinds: Uint8Array;
}

/** Finds the wrong predictions; positives and negatives are one class against the rest. */
export function wrongPredictions(
  members: readonly MemberPredictions[],
  labels: Uint16Array,
  positive: number,
): WrongPredictions {
  const starts = new Uint32Array(members.length + 1);
  for (const [k, predictions] of members.entries()) {
    let wrong = 0;
    for (let x = 0; x < labels.length; x++) if (predictions[x] !== labels[x]) wrong++;
    starts[k + 1] = starts[k]! + wrong;
  }
  const examples = new Uint32Array(starts[members.length]!);
  const kinds = new Uint8Array(examples.length);
  let at = 0;
  for (const predictions of members) {
    for (let x = 0; x < labels.length; x++) {
      if (predictions[x] === labels[x]) continue;
      examples[at] = x;
      kinds[at] = predictions[x] === positive ? FALSE_POSITIVE : labels[x] === positive ? FALSE_NEGATIVE : 0;
      at++;
    }
  }
  return { members: members.length, starts, examples, kinds };
}

/** Wrong predictions by group and member, each [group, member]. */
export interface ErrorCounts {
  readonly members: number;
  readonly wrong: Uint32Array;
  readonly falsePositives: Uint32Array;
  readonly falseNegatives: Uint32Array;
}

/** Counts by group; `groupOf` is [example] group index, or -1 for an example in no group. */
export function countErrors(wrong: WrongPredictions, groupOf: Int32Array, groups: number): ErrorCounts {
  const { members, starts, examples, kinds } = wrong;
  const counts: ErrorCounts = {
    members,
    wrong: new Uint32Array(groups * members),
    falsePositives: new Uint32Array(groups * members),
    falseNegatives: new Uint32Array(groups * members),
  };
  for (let k = 0; k < members; k++) {
    for (let i = starts[k]!; i < starts[k + 1]!; i++) {
      const group = groupOf[examples[i]!]!;
      if (group < 0) continue;
      const at = group * members + k;
      counts.wrong[at]!++;
      if (kinds[i] === FALSE_POSITIVE) counts.falsePositives[at]!++;
      else if (kinds[i] === FALSE_NEGATIVE) counts.falseNegatives[at]!++;
    }
  }
  return counts;
}

/** The sizes of one group: the denominators of its rates. */
export interface GroupSize {
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Mean rates of one group over members: error = wrong / n (top-1, whatever the number of classes), FPR = FP / negatives,
 * FNR = FN / positives, the last two for the positive class against the rest. All members see the same examples, so the mean
 * of the rates is the summed count over K times the denominator. A denominator of 0 or below `minCount` gives null.
 */
export function meanRates(counts: ErrorCounts, group: number, size: GroupSize, minCount: number): Rates {
  const rate = (perMember: Uint32Array, denominator: number): number | null => {
    if (!isEstimable(denominator, minCount)) return null;
    let sum = 0;
    for (let k = 0; k < counts.members; k++) sum += perMember[group * counts.members + k]!;
    return sum / (counts.members * denominator);
  };
  return {
    error: rate(counts.wrong, size.n),
    fpr: rate(counts.falsePositives, size.negatives),
    fnr: rate(counts.falseNegatives, size.positives),
  };
}

/** Whether a rate with this denominator can be estimated. */
export function isEstimable(denominator: number, minCount: number): boolean {
  return denominator > 0 && denominator >= minCount;
}
