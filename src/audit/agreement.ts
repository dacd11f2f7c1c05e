import type { GroupSize } from './rates.ts';
import type { AuditExamples } from './predictions.ts';
import { chiSquared, holm, mcNemar, type TestResult } from './significance.ts';

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

/** Votes of one population on an example, as numbers in [0,1]; [example]. */
export interface Unrest {
  readonly jitter: Float64Array;
  readonly stability: Float64Array;
}

/** Of votes [example, class] of K members. Jitter of one member is not estimable and is NaN in every place. */
export function unrest(votes: Uint16Array, classes: number, members: number): Unrest {
  const examples = classes === 0 ? 0 : votes.length / classes;
  const jitter = new Float64Array(examples);
  const stability = new Float64Array(examples);
  for (let x = 0; x < examples; x++) {
    let same = 0;
    let most = 0;
    for (let c = 0; c < classes; c++) {
      const count = votes[x * classes + c]!;
      same += count * (count - 1);
      if (count > most) most = count;
    }
    jitter[x] = 1 - same / (members * (members - 1));
    stability[x] = Math.abs((2 * most) / members - 1);
  }
  return { jitter, stability };
}

/** What one comparison needs for the agreement of its groups. */
export interface AgreementInputs {
  readonly labels: Uint16Array;
  readonly baseline: { readonly members: number; readonly modal: Uint16Array; readonly unrest: Unrest };
  readonly compressed: { readonly members: number; readonly modal: Uint16Array; readonly unrest: Unrest };
}

/** The agreement of every group; `groupOf` is [example] group index or -1. Means of an empty group, and jitter of one member, are null. */
export function agreementByGroup(
  { labels, baseline, compressed }: AgreementInputs,
  groupOf: Int32Array,
  sizes: readonly GroupSize[],
): readonly Agreement[] {
  const groups = sizes.length;
  const sums = Array.from({ length: 4 }, () => new Float64Array(groups));
  const onlyBaseline = new Uint32Array(groups);
  const onlyCompressed = new Uint32Array(groups);
  const columns = [
    baseline.unrest.jitter,
    compressed.unrest.jitter,
    baseline.unrest.stability,
    compressed.unrest.stability,
  ];
  for (let x = 0; x < groupOf.length; x++) {
    const group = groupOf[x]!;
    if (group < 0) continue;
    for (let i = 0; i < 4; i++) sums[i]![group]! += columns[i]![x]!;
    const before = baseline.modal[x] !== labels[x];
    const after = compressed.modal[x] !== labels[x];
    if (before && !after) onlyBaseline[group]!++;
    if (after && !before) onlyCompressed[group]!++;
  }
  return sizes.map(({ n }, group): Agreement => {
    const meanOf = (column: number, members: number): number | null =>
      n === 0 || members < 2 ? null : sums[column]![group]! / n;
    return {
      jitter: { baseline: meanOf(0, baseline.members), compressed: meanOf(1, compressed.members) },
      stability: { baseline: meanOf(2, baseline.members), compressed: meanOf(3, compressed.members) },
      onlyBaselineWrong: onlyBaseline[group]!,
      onlyCompressedWrong: onlyCompressed[group]!,
      mcNemar: mcNemar(onlyBaseline[group]!, onlyCompressed[group]!),
      mcNemarHolm: null,
    };
  });
}

/** Corrects McNemar's p-values of every row of every level together; [level][row]. */
export function correctAgreements<T extends { readonly agreement: Agreement }>(
  levels: readonly (readonly T[])[],
): readonly T[][] {
  const corrected = holm(levels.flat().map(({ agreement }) => agreement.mcNemar?.p ?? null));
  let at = 0;
  return levels.map((rows) =>
    rows.map((row) => ({ ...row, agreement: { ...row.agreement, mcNemarHolm: corrected[at++]! } })),
  );
}

/** Whether being a CIE goes with the values of an attribute. */
export interface Association {
  readonly attribute: string;
  /** Pearson's chi-squared test of CIE or not against the values; null with fewer than two of either. */
  readonly test: TestResult | null;
  /** Its p corrected for all attributes and levels (Holm). */
  readonly holm: number | null;
}

/** The test of every attribute at every level; `cies` is [level][example]. Examples with a missing value are left out. */
export function associations(
  { attributes }: Pick<AuditExamples, 'attributes'>,
  cies: readonly Uint8Array[],
): readonly (readonly Association[])[] {
  const tests = cies.map((isCie) =>
    attributes.map(({ values, codes }) => {
      const table = [values.map(() => 0), values.map(() => 0)] as const;
      for (let x = 0; x < codes.length; x++) if (codes[x]! >= 0) table[isCie[x] === 1 ? 1 : 0][codes[x]!]!++;
      return chiSquared(table);
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
