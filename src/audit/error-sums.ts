import type { ErrorCounts, WrongPredictions } from './rates.ts';

/** How many members are wrong on each example, [example]. */
export interface ErrorProfile {
  /** Wrong in any way. */
  readonly wrong: Uint16Array;
  /** False positives on a negative example, false negatives on a positive one. */
  readonly binary: Uint16Array;
}

export function errorProfile({ examples, kinds }: WrongPredictions, count: number): ErrorProfile {
  const profile = { wrong: new Uint16Array(count), binary: new Uint16Array(count) };
  for (let i = 0; i < examples.length; i++) {
    profile.wrong[examples[i]!]!++;
    if (kinds[i] !== 0) profile.binary[examples[i]!]!++;
  }
  return profile;
}

/**
 * How many pairs of members are both wrong on each example, as a profile. `partners`: for each baseline member the place of
 * its counterpart (the same seed) in the compressed population.
 */
export function jointProfile(
  baseline: WrongPredictions,
  compressed: WrongPredictions,
  partners: readonly number[],
  count: number,
): ErrorProfile {
  const profile = { wrong: new Uint16Array(count), binary: new Uint16Array(count) };
  for (const [k, partner] of partners.entries()) {
    let j = compressed.starts[partner]!;
    const end = compressed.starts[partner + 1]!;
    for (let i = baseline.starts[k]!; i < baseline.starts[k + 1]!; i++) {
      const x = baseline.examples[i]!;
      while (j < end && compressed.examples[j]! < x) j++;
      if (j === end || compressed.examples[j] !== x) continue;
      profile.wrong[x]!++;
      if (baseline.kinds[i] !== 0 && compressed.kinds[j] !== 0) profile.binary[x]!++;
    }
  }
  return profile;
}

/** Sums over the examples of a group that the uncertainty of a rate and its change needs; see crossed.ts. Each [group]. */
interface CrossedSums {
  readonly baselineSquares: Float64Array;
  readonly compressedSquares: Float64Array;
  readonly products: Float64Array;
  readonly joint: Float64Array;
}
export interface GroupSums {
  readonly error: CrossedSums;
  readonly fpr: CrossedSums;
  readonly fnr: CrossedSums;
}

/** What two populations get wrong, example by example; the examples that both get right are left out. */
export interface ProfilePair {
  readonly examples: Uint32Array;
  readonly baseline: ErrorProfile;
  readonly compressed: ErrorProfile;
  /** null where members are no pairs. */
  readonly joint: ErrorProfile | null;
}

export function profilePair(baseline: ErrorProfile, compressed: ErrorProfile, joint: ErrorProfile | null): ProfilePair {
  const examples = Uint32Array.from(
    Array.from(baseline.wrong.keys()).filter((x) => baseline.wrong[x]! + compressed.wrong[x]! > 0),
  );
  return { examples, baseline, compressed, joint };
}

/** Sums by group; `groupOf` is [example] group index, or -1; `labels` and `positive` tell positives from negatives. */
export function groupSums(
  { examples, baseline, compressed, joint }: ProfilePair,
  groupOf: Int32Array,
  groups: number,
  labels: Uint16Array,
  positive: number,
): GroupSums {
  const empty = (): CrossedSums => ({
    baselineSquares: new Float64Array(groups),
    compressedSquares: new Float64Array(groups),
    products: new Float64Array(groups),
    joint: new Float64Array(groups),
  });
  const sums = { error: empty(), fpr: empty(), fnr: empty() };
  for (const x of examples) {
    const group = groupOf[x]!;
    if (group < 0) continue;
    add(sums.error, group, baseline.wrong[x]!, compressed.wrong[x]!, joint?.wrong[x] ?? 0);
    const side = labels[x] === positive ? sums.fnr : sums.fpr;
    add(side, group, baseline.binary[x]!, compressed.binary[x]!, joint?.binary[x] ?? 0);
  }
  return sums;
}

function add(sums: CrossedSums, group: number, b: number, c: number, both: number): void {
  sums.baselineSquares[group]! += b * b;
  sums.compressedSquares[group]! += c * c;
  sums.products[group]! += b * c;
  sums.joint[group]! += both;
}

/** The member counts of one rate. */
export function countsOf(counts: ErrorCounts, measure: keyof GroupSums, group: number): Uint32Array {
  const all = measure === 'error' ? counts.wrong : measure === 'fpr' ? counts.falsePositives : counts.falseNegatives;
  return all.subarray(group * counts.members, (group + 1) * counts.members);
}
