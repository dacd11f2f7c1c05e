import { permutation, type RandomStream } from '#lib/random.ts';
import type { Uncertain } from './crossed.ts';
import { visitCies, type PackedVotes } from './packed-votes.ts';
import { orderByName, sameNames } from './resampling.ts';
import type { TieRule } from './votes.ts';

const REPEATS = 12;
/** Sizes at which the overlap is measured, as parts of half the members. */
const PARTS = [0.2, 0.4, 0.6, 0.8, 1];

/** How much two sets of CIE have in common, each found by other members: shared / in either; 1 where both are empty. */
export interface OverlapAt {
  /** Members of each population. */
  readonly members: number;
  /** Mean over repeats, in [0,1]. */
  readonly overlap: number;
}

/** How stable the set of CIE is as members are added. */
export interface Enough {
  /** Of disjoint random parts of the members, ascending. */
  readonly measured: readonly OverlapAt[];
  /** What to expect of two runs with all members, twice and four times as many; empty where it cannot be told. */
  readonly expected: readonly OverlapAt[];
}

/**
 * Draws two disjoint sets of m members of each population (of pairs, where the seeds are the same) again and again, finds the
 * CIE of each, and compares the sets; m grows to half the members. Beyond it follows a straight line of the logit of the overlap
 * against log m, through the measured means by least squares: with slope 1 it is the formula of Spearman and Brown (1910). The
 * slope is kept within [0, 2]. Nothing below four members on either side.
 */
export function enoughMembers(
  packed: PackedVotes,
  baseline: readonly string[],
  compressed: readonly string[],
  rule: TieRule,
  random: RandomStream,
): Enough {
  const members = Math.min(baseline.length, compressed.length);
  const half = Math.floor(members / 2);
  if (half < 2) return { measured: [], expected: [] };
  const orders = [orderByName(baseline), orderByName(compressed)] as const;
  const paired = sameNames(baseline, compressed);
  const marks = new Uint8Array(packed.baseline.usual.length);

  const overlapOf = (size: number): number => {
    const first = permutation(baseline.length, random);
    const second = paired ? first : permutation(compressed.length, random);
    const part = (order: readonly number[], drawn: Uint32Array, from: number): Uint16Array => {
      const weights = new Uint16Array(order.length);
      for (let i = from; i < from + size; i++) weights[order[drawn[i]!]!] = 1;
      return weights;
    };
    marks.fill(0);
    [0, size].forEach((from, bit) => {
      const weights = [part(orders[0], first, from), part(orders[1], second, from)] as const;
      visitCies(packed, ...weights, rule, random, (x) => (marks[x]! |= 1 << bit));
    });
    let shared = 0;
    let either = 0;
    for (const mark of marks) {
      if (mark === 3) shared++;
      if (mark > 0) either++;
    }
    return either === 0 ? 1 : shared / either;
  };
  const sizes = [...new Set(PARTS.map((part) => Math.max(2, Math.round(part * half))))];
  const measured = sizes.map((size): OverlapAt => {
    let sum = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) sum += overlapOf(size);
    return { members: size, overlap: sum / REPEATS };
  });
  return { measured, expected: expectedOverlap(measured, [members, 2 * members, 4 * members]) };
}

/** See `enoughMembers`. With one measured size the slope is 1. Empty where no overlap lies between 0 and 1: nothing follows from it. */
export function expectedOverlap(measured: readonly OverlapAt[], members: readonly number[]): readonly OverlapAt[] {
  const points = measured
    .filter(({ overlap }) => overlap > 0 && overlap < 1)
    .map((at) => ({ x: Math.log(at.members), y: Math.log(at.overlap / (1 - at.overlap)) }));
  const last = points.at(-1);
  if (last === undefined) return [];
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope =
    spread === 0
      ? 1
      : Math.min(2, Math.max(0, points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread));
  return members.map((count) => ({
    members: count,
    overlap: 1 / (1 + Math.exp(-(meanY + slope * (Math.log(count) - meanX)))),
  }));
}

/**
 * How wide the interval over both would be with `times` as many members, over its width now: what members add to the variance falls
 * as 1 / members, what examples add stays. Infinity asks for the least width. null without intervals.
 */
export function widthWith({ examples, both }: Uncertain, times: number): number | null {
  if (examples.low === null || examples.high === null || both.low === null || both.high === null) return null;
  const now = both.high - both.low;
  if (now === 0) return null;
  const fixed = Math.min(1, ((examples.high - examples.low) / now) ** 2);
  return Math.sqrt(fixed + (1 - fixed) / times);
}
