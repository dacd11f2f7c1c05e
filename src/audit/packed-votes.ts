import type { RandomStream } from '#lib/random.ts';
import { onesIn } from './bits.ts';
import type { MemberPredictions, TieRule } from './votes.ts';

/** Members a word of bits. */
const WORD = 32;

/** Who in a population differs from its usual label: few do, on few examples. */
export interface Dissents {
  readonly memberCount: number;
  readonly classes: number;
  /** [example] the label with the most votes, of several the first. */
  readonly usual: Uint16Array;
  /** [example] its place among the examples with dissents; -1 where all members agree. */
  readonly placeOf: Int32Array;
  /** [place + 1] where its dissents begin. */
  readonly starts: Uint32Array;
  readonly members: Uint16Array; // [dissent]
  readonly labels: Uint16Array; // [dissent]
  /** [place, word] the dissenting members, a bit each. */
  readonly masks: Uint32Array;
}

/** Two populations packed for counting CIE again and again with other weights for their members. */
export interface PackedVotes {
  /** CIE among the examples on which each population is unanimous: the same for every choice of members. Example indices. */
  readonly settledCies: Uint32Array;
  /** Example indices of the others. */
  readonly contested: Uint32Array;
  readonly baseline: Dissents;
  readonly compressed: Dissents;
}

/** The dissents of a population; `members` is [member][example]. */
export function dissentsOf(members: readonly MemberPredictions[], classes: number): Dissents {
  const examples = members[0]?.length ?? 0;
  const votes = new Uint16Array(examples * classes);
  for (const predictions of members) for (let x = 0; x < examples; x++) votes[x * classes + predictions[x]!]!++;
  const usual = new Uint16Array(examples);
  const placeOf = new Int32Array(examples).fill(-1);
  const starts: number[] = [0];
  const disputed: number[] = [];
  for (let x = 0; x < examples; x++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (votes[x * classes + c]! > votes[x * classes + best]!) best = c;
    usual[x] = best;
    const against = members.length - votes[x * classes + best]!;
    if (against === 0) continue;
    placeOf[x] = disputed.length;
    starts.push(starts.at(-1)! + against);
    disputed.push(x);
  }
  const words = Math.ceil(members.length / WORD);
  const masks = new Uint32Array(disputed.length * words);
  const found = { members: new Uint16Array(starts.at(-1)!), labels: new Uint16Array(starts.at(-1)!) };
  const next = Uint32Array.from(starts);
  const list = Uint32Array.from(disputed);
  for (const [k, predictions] of members.entries()) {
    const word = Math.floor(k / WORD);
    for (let place = 0; place < list.length; place++) {
      const x = list[place]!;
      const label = predictions[x]!;
      if (label === usual[x]) continue;
      const at = next[place]!++;
      found.members[at] = k;
      found.labels[at] = label;
      masks[place * words + word]! |= 1 << (k % WORD);
    }
  }
  return { memberCount: members.length, classes, usual, placeOf, starts: Uint32Array.from(starts), ...found, masks };
}

/** Packs the examples on which at least one population is not unanimous. */
export function packVotes(baseline: Dissents, compressed: Dissents): PackedVotes {
  const settledCies: number[] = [];
  const contested: number[] = [];
  const examples = Math.min(baseline.usual.length, compressed.usual.length);
  for (let x = 0; x < examples; x++) {
    if (baseline.placeOf[x]! >= 0 || compressed.placeOf[x]! >= 0) contested.push(x);
    else if (baseline.usual[x] !== compressed.usual[x]) settledCies.push(x);
  }
  return { settledCies: Uint32Array.from(settledCies), contested: Uint32Array.from(contested), baseline, compressed };
}

/** The number of Modal CIE with each member counted as often as its weight says; ties by the rule, drawn from `random`. */
export function countCies(
  packed: PackedVotes,
  baselineWeights: Uint16Array,
  compressedWeights: Uint16Array,
  rule: TieRule,
  random: RandomStream,
): number {
  let count = 0;
  visitCies(packed, baselineWeights, compressedWeights, rule, random, () => count++);
  return count;
}

/** Visits them instead: first the settled ones, then the contested ones, each ascending. */
export function visitCies(
  { settledCies, contested, baseline, compressed }: PackedVotes,
  baselineWeights: Uint16Array,
  compressedWeights: Uint16Array,
  rule: TieRule,
  random: RandomStream,
  visit: (example: number) => void,
): void {
  for (const x of settledCies) visit(x);
  const first = new WeightedVotes(baseline, baselineWeights, rule, random);
  const second = new WeightedVotes(compressed, compressedWeights, rule, random);
  for (const x of contested) if (first.modal(x) !== second.modal(x)) visit(x);
}

/** The votes of a population with each member counted as often as its weight says. */
class WeightedVotes {
  private readonly dissents: Dissents;
  private readonly weights: Uint16Array;
  private readonly rule: TieRule;
  private readonly random: RandomStream;
  private readonly total: number;
  private readonly words: number;
  /** [digit, word] the members whose weight has that binary digit: a sum of weights is a count of bits for each digit. */
  private readonly planes: Uint32Array;
  private readonly votes: Int32Array;

  constructor(dissents: Dissents, weights: Uint16Array, rule: TieRule, random: RandomStream) {
    this.dissents = dissents;
    this.weights = weights;
    this.rule = rule;
    this.random = random;
    this.total = weights.reduce((sum, weight) => sum + weight, 0);
    this.words = Math.ceil(dissents.memberCount / WORD);
    const digits = 32 - Math.clz32(weights.reduce((largest, weight) => Math.max(largest, weight), 0));
    this.planes = new Uint32Array(digits * this.words);
    for (const [k, weight] of weights.entries())
      for (let digit = 0; digit < digits; digit++)
        if (((weight >>> digit) & 1) === 1) this.planes[digit * this.words + Math.floor(k / WORD)]! |= 1 << (k % WORD);
    this.votes = new Int32Array(dissents.classes);
  }

  /** The class with the most votes. */
  modal(x: number): number {
    const place = this.dissents.placeOf[x]!;
    const usual = this.dissents.usual[x]!;
    if (place < 0) return usual;
    const { planes, words } = this;
    const { masks } = this.dissents;
    let against = 0;
    for (let word = 0; word < words; word++) {
      const mask = masks[place * words + word]!;
      for (let at = word, worth = 1; at < planes.length; at += words, worth *= 2)
        against += worth * onesIn(mask & planes[at]!);
    }
    return 2 * against < this.total ? usual : this.contestedModal(place, usual, against); // a majority, whatever the others say
  }

  private contestedModal(place: number, usual: number, against: number): number {
    const { votes, weights } = this;
    const { starts, members, labels } = this.dissents;
    const end = starts[place + 1]!;
    votes.fill(0);
    votes[usual] = this.total - against;
    for (let i = starts[place]!; i < end; i++) votes[labels[i]!]! += weights[members[i]!]!;
    let best = 0;
    let sharing = 1;
    for (let c = 1; c < votes.length; c++) {
      if (votes[c]! > votes[best]!) {
        best = c;
        sharing = 1;
      } else if (votes[c] === votes[best]) {
        sharing++;
        // Keeping the newcomer one time in `sharing` draws evenly from all that are tied.
        if (this.rule === 'largest-class' || this.random.int(sharing) === 0) best = c;
      }
    }
    return best;
  }
}
