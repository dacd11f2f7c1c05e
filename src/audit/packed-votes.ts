import type { RandomStream } from '#lib/random.ts';
import type { MemberPredictions, TieRule } from './votes.ts';

/** Two populations packed for counting CIE again and again with other weights for their members. */
export interface PackedVotes {
  /** CIE among the examples on which each population is unanimous: the same for every choice of members. Example indices. */
  readonly settledCies: Uint32Array;
  /** Example indices of the others. */
  readonly contested: Uint32Array;
  /** [contested example] 1 where the usual labels of the populations differ. */
  readonly usuallyCie: Uint8Array;
  readonly baseline: Dissents;
  readonly compressed: Dissents;
  readonly classes: number;
  /** How many there are in all. */
  readonly examples: number;
}

/** Who in a population differs from its modal label: few do, so counting them is quicker than counting everyone. */
interface Dissents {
  readonly usual: Uint16Array; // [contested example]
  /** [contested example + 1] where its dissents begin. */
  readonly starts: Uint32Array;
  readonly counts: Uint16Array; // [contested example]
  readonly members: Uint16Array; // [dissent]
  readonly labels: Uint16Array; // [dissent]
}

/** Packs the examples on which at least one population is not unanimous, which are few in practice. */
export function packVotes(
  baseline: readonly MemberPredictions[],
  compressed: readonly MemberPredictions[],
  classes: number,
): PackedVotes {
  const examples = Math.min(baseline[0]?.length ?? 0, compressed[0]?.length ?? 0);
  const isContested = new Uint8Array(examples);
  for (const members of [baseline, compressed]) {
    const first = members[0];
    for (const member of members) {
      for (let x = 0; x < examples; x++) if (member[x] !== first![x]) isContested[x] = 1;
    }
  }
  const settledCies: number[] = [];
  const contested: number[] = [];
  for (let x = 0; x < examples; x++) {
    if (isContested[x] === 1) contested.push(x);
    else if (baseline[0]![x] !== compressed[0]![x]) settledCies.push(x);
  }
  const [first, second] = [findDissents(baseline, contested, classes), findDissents(compressed, contested, classes)];
  return {
    settledCies: Uint32Array.from(settledCies),
    contested: Uint32Array.from(contested),
    usuallyCie: Uint8Array.from(contested, (_, at) => (first.usual[at] === second.usual[at] ? 0 : 1)),
    baseline: first,
    compressed: second,
    classes,
    examples,
  };
}

function findDissents(
  population: readonly MemberPredictions[],
  contested: readonly number[],
  classes: number,
): Dissents {
  const count = contested.length;
  const votes = new Uint16Array(count * classes);
  for (const predictions of population)
    for (let at = 0; at < count; at++) votes[at * classes + predictions[contested[at]!]!]!++;
  const usual = new Uint16Array(count);
  const counts = new Uint16Array(count);
  const starts = new Uint32Array(count + 1);
  for (let at = 0; at < count; at++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (votes[at * classes + c]! > votes[at * classes + best]!) best = c;
    usual[at] = best;
    counts[at] = population.length - votes[at * classes + best]!;
    starts[at + 1] = starts[at]! + counts[at]!;
  }
  const members = new Uint16Array(starts[count]!);
  const labels = new Uint16Array(members.length);
  const next = starts.slice(0, count);
  for (const [k, predictions] of population.entries()) {
    for (let at = 0; at < count; at++) {
      const label = predictions[contested[at]!]!;
      if (label === usual[at]) continue;
      const place = next[at]!++;
      members[place] = k;
      labels[place] = label;
    }
  }
  return { usual, starts, counts, members, labels };
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

/**
 * Visits them instead: first the settled ones, then the contested ones, each ascending. An example on which so few members dissent
 * that they are no majority however they are weighted keeps its usual label, without a look at who they are.
 */
export function visitCies(
  packed: PackedVotes,
  baselineWeights: Uint16Array,
  compressedWeights: Uint16Array,
  rule: TieRule,
  random: RandomStream,
  visit: (example: number) => void,
): void {
  const { settledCies, contested, usuallyCie, baseline, compressed } = packed;
  for (const x of settledCies) visit(x);
  const votes = new Int32Array(packed.classes);
  const [first, second] = [majority(baselineWeights), majority(compressedWeights)];
  for (let at = 0; at < contested.length; at++) {
    const settled = baseline.counts[at]! < first.fewest && compressed.counts[at]! < second.fewest;
    const isCie = settled
      ? usuallyCie[at] === 1
      : weightedModal(baseline, at, baselineWeights, first.total, votes, rule, random) !==
        weightedModal(compressed, at, compressedWeights, second.total, votes, rule, random);
    if (isCie) visit(contested[at]!);
  }
}

/** The sum of the weights, and the fewest members that can have half of it. */
function majority(weights: Uint16Array): { readonly total: number; readonly fewest: number } {
  const sorted = weights.toSorted().reverse();
  const total = sorted.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let fewest = 0;
  while (fewest < sorted.length && 2 * sum < total) sum += sorted[fewest++]!;
  return { total, fewest };
}

function weightedModal(
  dissents: Dissents,
  x: number,
  weights: Uint16Array,
  total: number,
  votes: Int32Array,
  rule: TieRule,
  random: RandomStream,
): number {
  const usual = dissents.usual[x]!;
  const end = dissents.starts[x + 1]!;
  let dissenting = 0;
  for (let i = dissents.starts[x]!; i < end; i++) dissenting += weights[dissents.members[i]!]!;
  if (2 * dissenting < total) return usual; // a majority, whatever the others say
  votes.fill(0);
  votes[usual] = total - dissenting;
  for (let i = dissents.starts[x]!; i < end; i++) votes[dissents.labels[i]!]! += weights[dissents.members[i]!]!;
  let best = 0;
  let sharing = 1;
  for (let c = 1; c < votes.length; c++) {
    if (votes[c]! > votes[best]!) {
      best = c;
      sharing = 1;
    } else if (votes[c] === votes[best]) {
      sharing++;
      // Keeping the newcomer one time in `sharing` draws evenly from all that are tied.
      if (rule === 'largest-class' || random.int(sharing) === 0) best = c;
    }
  }
  return best;
}
