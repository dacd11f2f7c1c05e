import { permutation, type RandomStream } from '#lib/random.ts';

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
