import type { Uncertain } from './crossed.ts';
import { NOT_ESTIMABLE, squareAndAdd, studentOverMembers, Z } from './intervals.ts';
import type { Estimate } from './result.ts';

/** A point of a ROC curve: what is called positive from this code on. */
export interface RocPoint {
  readonly code: number;
  /** False and true positive rate, means over members, in [0,1]. */
  readonly fpr: number;
  readonly tpr: number;
}

/** How well two populations tell the positive examples of a group from the others: mean areas under their members' curves. */
export interface RocAreas {
  readonly positives: number;
  readonly negatives: number;
  /** In [0,1]. */
  readonly baseline: Uncertain;
  readonly compressed: Uncertain;
  /** compressed - baseline, in [-1,1]. */
  readonly change: Uncertain;
}

/** The scores of a population: [member][example], the higher the more likely positive. */
export interface Scores {
  readonly members: readonly string[];
  readonly codes: readonly Uint16Array[];
  /** [member] examples by rising code. */
  readonly orders: readonly Uint32Array[];
}

const CODES = 65_536;
/** A curve is drawn with points at least this far apart in one of the rates. */
const STEP = 1 / 250;

/** Scores of a [member, example] matrix, sorted once for all groups. */
export function scoresOf(members: readonly string[], codes: Uint16Array, examples: number): Scores {
  const own = members.map((_, k) => codes.subarray(k * examples, (k + 1) * examples));
  return { members, codes: own, orders: own.map(byCode) };
}

/**
 * The areas of a group, `inGroup` [example] 1 inside. The area of a member is the share of pairs of a positive and a negative
 * example that its scores put in the right order, ties half (Mann & Whitney 1947). Over examples: DeLong, DeLong &
 * Clarke-Pearson 1988, for the mean of the members' areas, and for the difference of two such means on the same examples; over
 * members: Student's t (of pairs where both populations have the same members, else Welch); both: distances added as squares, a
 * little too wide. Nothing is estimable with fewer than `minCount` (at least one) positive or negative examples; an interval
 * over examples needs two of each, one over members two members.
 */
export function rocAreas(
  baseline: Scores,
  compressed: Scores,
  isPositive: Uint8Array,
  inGroup: Uint8Array,
  minCount = 1,
): RocAreas {
  let [positives, negatives] = [0, 0];
  inGroup.forEach((inside, x) => {
    if (inside === 0) return;
    if (isPositive[x] === 1) positives++;
    else negatives++;
  });
  if (Math.min(positives, negatives) < Math.max(1, minCount)) {
    const none: Uncertain = { examples: NOT_ESTIMABLE, members: NOT_ESTIMABLE, both: NOT_ESTIMABLE };
    return { positives, negatives, baseline: none, compressed: none, change: none };
  }
  const [before, after] = [baseline, compressed].map((scores) =>
    placementsOf(scores, isPositive, inGroup, positives, negatives),
  );
  const area = (found: Placements): Uncertain =>
    uncertain(
      overExamples(mean(found.areas), (x) => found.above[x]!, isPositive, inGroup, positives, negatives, 0),
      studentOverMembers(found.areas),
      0,
    );
  const gain = mean(after!.areas) - mean(before!.areas);
  return {
    positives,
    negatives,
    baseline: area(before!),
    compressed: area(after!),
    change: uncertain(
      overExamples(gain, (x) => after!.above[x]! - before!.above[x]!, isPositive, inGroup, positives, negatives, -1),
      changeOverMembers(before!.areas, after!.areas, gain, sameOrder(baseline.members, compressed.members)),
      -1,
    ),
  };
}

/** Examples by rising code: counting sort, stable. */
function byCode(codes: Uint16Array): Uint32Array {
  const starts = new Uint32Array(CODES + 1);
  for (const code of codes) starts[code + 1]!++;
  for (let code = 0; code < CODES; code++) starts[code + 1]! += starts[code]!;
  const order = new Uint32Array(codes.length);
  for (let x = 0; x < codes.length; x++) order[starts[codes[x]!]!++] = x;
  return order;
}

interface Placements {
  /** [member] */
  readonly areas: Float64Array;
  /** [example] of the group: the share of examples of the other class on its right side, ties half; mean over members. */
  readonly above: Float64Array;
}

function placementsOf(
  { codes, orders }: Scores,
  isPositive: Uint8Array,
  inGroup: Uint8Array,
  positives: number,
  negatives: number,
): Placements {
  const members = codes.length;
  const above = new Float64Array(inGroup.length);
  const areas = new Float64Array(members);
  for (let k = 0; k < members; k++) {
    const [own, order] = [codes[k]!, orders[k]!];
    let [positivesBelow, negativesBelow, sum] = [0, 0, 0];
    for (let from = 0, to = 0; from < order.length; from = to) {
      let [tiedPositives, tiedNegatives] = [0, 0];
      for (to = from; to < order.length && own[order[to]!] === own[order[from]!]; to++) {
        if (inGroup[order[to]!] === 0) continue;
        if (isPositive[order[to]!] === 1) tiedPositives++;
        else tiedNegatives++;
      }
      const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives;
      const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives;
      for (let i = from; i < to; i++) {
        const x = order[i]!;
        if (inGroup[x] !== 0) above[x]! += (isPositive[x] === 1 ? ofPositive : ofNegative) / members;
      }
      sum += tiedPositives * ofPositive;
      positivesBelow += tiedPositives;
      negativesBelow += tiedNegatives;
    }
    areas[k] = sum / positives;
  }
  return { areas, above };
}

/** DeLong's interval: the variance of the placements within each class. */
function overExamples(
  value: number,
  placement: (x: number) => number,
  isPositive: Uint8Array,
  inGroup: Uint8Array,
  positives: number,
  negatives: number,
  least: number,
): Estimate {
  if (positives < 2 || negatives < 2) return { value, low: null, high: null };
  const squares = [0, 0];
  for (let x = 0; x < inGroup.length; x++)
    if (inGroup[x] !== 0) squares[isPositive[x]!]! += (placement(x) - value) ** 2;
  const variance = squares[1]! / (positives - 1) / positives + squares[0]! / (negatives - 1) / negatives;
  const half = Z * Math.sqrt(variance);
  return { value, low: Math.max(least, value - half), high: Math.min(1, value + half) };
}

function changeOverMembers(before: Float64Array, after: Float64Array, gain: number, paired: boolean): Estimate {
  if (paired)
    return studentOverMembers(
      after.map((area, k) => area - before[k]!),
      -1,
      1,
    );
  const [a, b] = [studentOverMembers(before, -Infinity, Infinity), studentOverMembers(after, -Infinity, Infinity)];
  if (a.low === null || b.low === null) return { value: gain, low: null, high: null };
  const half = Math.hypot(a.value! - a.low, b.value! - b.low);
  return { value: gain, low: Math.max(-1, gain - half), high: Math.min(1, gain + half) };
}

const sameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, k) => name === b[k]);

function uncertain(examples: Estimate, members: Estimate, least: number): Uncertain {
  const { value, low, high } = squareAndAdd(examples, members);
  const both = {
    value,
    low: low === null ? null : Math.max(least, low),
    high: high === null ? null : Math.min(1, high),
  };
  return { examples, members, both };
}

/**
 * The curve of a population in a group, from (0,0) to (1,1): the mean rates of its members at the same threshold, thinned to what
 * can be seen. Its area is that of one member where there is one; of several it is not their mean area. Empty where a class is missing.
 */
export function rocCurve({ codes }: Scores, isPositive: Uint8Array, inGroup: Uint8Array): readonly RocPoint[] {
  const counts = [new Float64Array(CODES), new Float64Array(CODES)] as const;
  for (const own of codes)
    for (let x = 0; x < own.length; x++) if (inGroup[x] !== 0) counts[isPositive[x] === 1 ? 1 : 0][own[x]!]!++;
  const [wrongs, rights] = counts.map((own) => own.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (wrongs === 0 || rights === 0) return [];
  const points: RocPoint[] = [{ code: CODES, fpr: 0, tpr: 0 }];
  let [found, wrong] = [0, 0];
  for (let code = CODES - 1; code >= 0; code--) {
    if (counts[0][code] === 0 && counts[1][code] === 0) continue;
    found += counts[1][code]!;
    wrong += counts[0][code]!;
    const next = { code, fpr: wrong / wrongs, tpr: found / rights };
    const last = points.at(-1)!;
    if (Math.max(next.fpr - last.fpr, next.tpr - last.tpr) >= STEP) points.push(next);
  }
  const end = points.at(-1)!;
  if (end.fpr < 1 || end.tpr < 1) points.push({ code: 0, fpr: 1, tpr: 1 });
  return points;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
