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

/**
 * Finds the wrong predictions; positives and negatives are one class against the rest. The votes, [example, class], are counted
 * on the way: all members vote for the label but those that are wrong. Predictions are compared four at a time: most are right.
 */
export function readPredictions(
  members: readonly MemberPredictions[],
  labels: Uint16Array,
  positive: number,
  classes: number,
): { readonly wrong: WrongPredictions; readonly votes: Uint16Array } {
  const Codes = classes > 256 ? Uint16Array : Uint8Array;
  const perWord = 4 / Codes.BYTES_PER_ELEMENT;
  const words = Math.ceil(labels.length / perWord);
  const truth = new Codes(words * perWord);
  truth.set(labels);
  const predicted = new Codes(words * perWord);
  const [truthWords, predictedWords] = [new Uint32Array(truth.buffer), new Uint32Array(predicted.buffer)];
  const votes = new Uint16Array(labels.length * classes);
  for (let x = 0; x < labels.length; x++) votes[x * classes + labels[x]!] = members.length;
  const starts = new Uint32Array(members.length + 1);
  let examples = new Uint32Array(Math.ceil((members.length * labels.length) / 16));
  let kinds = new Uint8Array(examples.length);
  let at = 0;
  for (const [k, predictions] of members.entries()) {
    if (at + labels.length > examples.length) {
      const larger = Math.max(at + labels.length, 2 * examples.length);
      [examples, kinds] = [grown(examples, larger), grown(kinds, larger)];
    }
    predicted.set(predictions);
    for (let word = 0; word < words; word++) {
      if (predictedWords[word] === truthWords[word]) continue;
      const end = (word + 1) * perWord;
      for (let x = end - perWord; x < end; x++) {
        const [code, label] = [predicted[x]!, truth[x]!];
        if (code === label) continue;
        votes[x * classes + label]!--;
        votes[x * classes + code]!++;
        examples[at] = x;
        kinds[at++] = code === positive ? FALSE_POSITIVE : label === positive ? FALSE_NEGATIVE : 0;
      }
    }
    starts[k + 1] = at;
  }
  return {
    wrong: { members: members.length, starts, examples: examples.slice(0, at), kinds: kinds.slice(0, at) },
    votes,
  };
}

function grown<T extends Uint8Array | Uint32Array>(values: T, length: number): T {
  const larger = new (values.constructor as new (length: number) => T)(length);
  larger.set(values);
  return larger;
}

/** Wrong predictions by group and member, each [group, member]. */
export interface ErrorCounts {
  readonly members: number;
  readonly wrong: Uint32Array;
  readonly falsePositives: Uint32Array;
  readonly falseNegatives: Uint32Array;
}

/** Wrong predictions of any kind by group, [group, member]; `groupOf` is [example] group index. */
export function countWrong({ members, starts, examples }: WrongPredictions, groupOf: Uint8Array, groups: number) {
  const counts = new Uint32Array(groups * members);
  for (let k = 0; k < members; k++) {
    const end = starts[k + 1]!;
    for (let i = starts[k]!; i < end; i++) counts[groupOf[examples[i]!]! * members + k]!++;
  }
  return counts;
}

/** The sizes of one group: the denominators of its rates. */
export interface GroupSize {
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Whether a rate with this denominator can be estimated. */
export function isEstimable(denominator: number, minCount: number): boolean {
  return denominator > 0 && denominator >= minCount;
}
