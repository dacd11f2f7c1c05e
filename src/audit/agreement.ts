import type { AuditExamples } from './predictions.ts';
import { chiSquared, holm, type TestResult } from './significance.ts';

/** How the members of a population, and two populations, agree on the labels of a group. */
export interface Agreement {
  /** Share of pairs of members that give an example different labels, mean over the examples (jitter: Liu et al. 2022), in [0,1]. */
  readonly jitter: { readonly baseline: number | null; readonly compressed: number | null };
  /**
   * How far the votes are from a tie between the modal label and all others together: |2 share of the modal label - 1|, mean over
   * the examples (label stability: Khan et al. 2023, for two classes), in [0,1].
   */
  readonly stability: { readonly baseline: number | null; readonly compressed: number | null };
  /** Examples whose modal label only the baseline has wrong, and only the compressed population. */
  readonly onlyBaselineWrong: number;
  readonly onlyCompressedWrong: number;
  /** McNemar's test of those two counts; null where both are 0. */
  readonly mcNemar: TestResult | null;
  /** Its p corrected for all groups and levels (Holm). */
  readonly mcNemarHolm: number | null;
}

/** How restless the votes of a population are; whole numbers, so that sums over groups are exact. */
export interface Unrest {
  readonly members: number;
  /** Example indices on which members differ. */
  readonly examples: Uint32Array;
  /** Of those: ordered pairs of members that differ, and members short of all agreeing: K - |2 most - K|. */
  readonly pairs: Uint32Array;
  readonly shortOf: Uint32Array;
}

/** Of votes [example, class] of K members. */
export function unrest(votes: Uint16Array, classes: number, members: number): Unrest {
  const examples: number[] = [];
  const pairs: number[] = [];
  const shortOf: number[] = [];
  for (let x = 0, at = 0; at < votes.length; x++) {
    let same = 0;
    let most = 0;
    for (const end = at + classes; at < end; at++) {
      const count = votes[at]!;
      same += count * (count - 1);
      if (count > most) most = count;
    }
    if (most === members) continue;
    examples.push(x);
    pairs.push(members * (members - 1) - same);
    shortOf.push(members - Math.abs(2 * most - members));
  }
  return {
    members,
    examples: Uint32Array.from(examples),
    pairs: Uint32Array.from(pairs),
    shortOf: Uint32Array.from(shortOf),
  };
}

/** Jitter and stability of n examples from the sums over them; null without examples or with one member. */
export function restOf(
  members: number,
  n: number,
  pairs: number,
  shortOf: number,
): { readonly jitter: number | null; readonly stability: number | null } {
  if (n === 0 || members < 2) return { jitter: null, stability: null };
  return { jitter: pairs / (n * members * (members - 1)), stability: 1 - shortOf / (n * members) };
}

/** Whether being a CIE goes with the values of an attribute. */
export interface Association {
  readonly attribute: string;
  /** Pearson's chi-squared test of CIE or not against the values; null with fewer than two of either. */
  readonly test: TestResult | null;
  /** Its p corrected for all attributes and levels (Holm). */
  readonly holm: number | null;
}

/**
 * The test of every attribute at every level. `sizes`, [attribute][value], and `cieCounts`, [level][attribute][value], are counts
 * of all examples and of the CIEs (`countValues`); examples with a missing value are left out.
 */
export function associations(
  { attributes }: Pick<AuditExamples, 'attributes'>,
  sizes: readonly Uint32Array[],
  cieCounts: readonly (readonly Uint32Array[])[],
): readonly (readonly Association[])[] {
  const tests = cieCounts.map((ofLevel) =>
    attributes.map((_, a) => {
      const inside = [...ofLevel[a]!];
      return chiSquared([inside.map((count, value) => sizes[a]![value]! - count), inside]);
    }),
  );
  const corrected = holm(tests.flat().map((test) => test?.p ?? null));
  return tests.map((own, level) =>
    own.map((test, i) => ({
      attribute: attributes[i]!.name,
      test,
      holm: corrected[level * attributes.length + i]!,
    })),
  );
}
