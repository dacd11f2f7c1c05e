import { permutation, type RandomStream } from '#lib/random.ts';
import type { MemberPredictions, TieRule } from './votes.ts';

/** How often each member is drawn in each repeat. */
export interface MemberDraws {
  readonly repeats: number;
  readonly baseline: Uint16Array; // [repeat, member]
  readonly compressed: Uint16Array; // [repeat, member]
}

/**
 * Bootstrap over members: each repeat draws K members with replacement. Where both populations name the same members (the
 * same seeds) a pair is drawn at once: it is the pair that was sampled, and what its members share cancels in a difference.
 * Members are drawn by the order of their names, so the order in which they are given does not matter.
 */
export function drawMembers(
  baseline: readonly string[],
  compressed: readonly string[],
  repeats: number,
  random: RandomStream,
): MemberDraws {
  const baselineOrder = orderByName(baseline);
  const compressedOrder = orderByName(compressed);
  const draws = {
    repeats,
    baseline: new Uint16Array(repeats * baseline.length),
    compressed: new Uint16Array(repeats * compressed.length),
  };
  const isPaired = sameNames(baseline, compressed);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let draw = 0; draw < baseline.length; draw++) {
      const nth = random.int(baseline.length);
      draws.baseline[repeat * baseline.length + baselineOrder[nth]!]!++;
      if (isPaired) draws.compressed[repeat * compressed.length + compressedOrder[nth]!]!++;
    }
    for (let draw = 0; draw < compressed.length && !isPaired; draw++) {
      draws.compressed[repeat * compressed.length + compressedOrder[random.int(compressed.length)]!]!++;
    }
  }
  return draws;
}

/** Two disjoint random halves of a population as 0/1 weights; each has `half` members, chosen by the order of names. */
export function drawHalves(
  members: readonly string[],
  half: number,
  random: RandomStream,
): readonly [Uint16Array, Uint16Array] {
  const order = orderByName(members);
  const drawn = permutation(members.length, random);
  const first = new Uint16Array(members.length);
  const second = new Uint16Array(members.length);
  for (let i = 0; i < half; i++) {
    first[order[drawn[i]!]!] = 1;
    second[order[drawn[half + i]!]!] = 1;
  }
  return [first, second];
}

/** Whether both populations have the same members by name, in any order. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a);
  return a.length === b.length && names.size === a.length && b.every((name) => names.has(name));
}

/** Member indices in the order of their names as text. */
export function orderByName(members: readonly string[]): readonly number[] {
  return members
    .map((_, i) => i)
    .sort((a, b) => (members[a]! < members[b]! ? -1 : members[a]! > members[b]! ? 1 : a - b));
}

/** Two populations packed for counting CIE again and again with other weights for their members. */
export interface PackedVotes {
  /** CIE among the examples on which each population is unanimous: the same for every choice of members. Example indices. */
  readonly settledCies: Uint32Array;
  /** Example indices of the others. */
  readonly contested: Uint32Array;
  readonly baseline: Dissents;
  readonly compressed: Dissents;
  readonly classes: number;
}

/** Who in a population differs from its modal label: few do, so counting them is quicker than counting everyone. */
interface Dissents {
  readonly usual: Uint16Array; // [contested example]
  /** [contested example + 1] where its dissents begin. */
  readonly starts: Uint32Array;
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
  return {
    settledCies: Uint32Array.from(settledCies),
    contested: Uint32Array.from(contested),
    baseline: findDissents(baseline, contested, classes),
    compressed: findDissents(compressed, contested, classes),
    classes,
  };
}

function findDissents(
  population: readonly MemberPredictions[],
  contested: readonly number[],
  classes: number,
): Dissents {
  const usual = new Uint16Array(contested.length);
  const starts = new Uint32Array(contested.length + 1);
  const votes = new Uint32Array(classes);
  for (const [at, x] of contested.entries()) {
    votes.fill(0);
    let best = 0;
    for (const predictions of population) {
      const label = predictions[x]!;
      if (++votes[label]! > votes[best]!) best = label;
    }
    usual[at] = best;
    starts[at + 1] = starts[at]! + population.length - votes[best]!;
  }
  const members = new Uint16Array(starts[contested.length]!);
  const labels = new Uint16Array(members.length);
  let next = 0;
  for (const [at, x] of contested.entries()) {
    for (let k = 0; k < population.length; k++) {
      const label = population[k]![x]!;
      if (label === usual[at]) continue;
      members[next] = k;
      labels[next++] = label;
    }
  }
  return { usual, starts, members, labels };
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
  packed: PackedVotes,
  baselineWeights: Uint16Array,
  compressedWeights: Uint16Array,
  rule: TieRule,
  random: RandomStream,
  visit: (example: number) => void,
): void {
  packed.settledCies.forEach((x) => visit(x));
  const votes = new Int32Array(packed.classes);
  const baselineTotal = baselineWeights.reduce((sum, weight) => sum + weight, 0);
  const compressedTotal = compressedWeights.reduce((sum, weight) => sum + weight, 0);
  for (let x = 0; x < packed.contested.length; x++) {
    const first = weightedModal(packed.baseline, x, baselineWeights, baselineTotal, votes, rule, random);
    const second = weightedModal(packed.compressed, x, compressedWeights, compressedTotal, votes, rule, random);
    if (first !== second) visit(packed.contested[x]!);
  }
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
