import { NOT_CERTAIN, uncertainChange, uncertainRate, type Uncertain } from './crossed.ts';
import { countsOf, type GroupSums } from './error-sums.ts';
import { isEstimable, type ErrorCounts, type GroupSize } from './rates.ts';
import { orderByName, sameNames } from './resampling.ts';
import type { Change, Rates, SubgroupRow } from './result.ts';
import { benjaminiHochberg, holm, welch } from './significance.ts';

const MEASURES = ['error', 'fpr', 'fnr'] as const;

/** For each baseline member the place of its counterpart (the same name) in the compressed population; null where they are not the same members. */
export function partnersOf(baseline: readonly string[], compressed: readonly string[]): readonly number[] | null {
  if (!sameNames(baseline, compressed)) return null;
  const order = orderByName(compressed);
  const partners = baseline.map(() => 0);
  orderByName(baseline).forEach((member, place) => (partners[member] = order[place]!));
  return partners;
}

/** The counts of one group and everything else that its uncertainty needs. */
export interface GroupEvidence {
  readonly group: number;
  readonly size: GroupSize;
  readonly minCount: number;
  readonly baseline: ErrorCounts;
  readonly compressed: ErrorCounts;
  readonly sums: GroupSums;
  /** See `partnersOf`. */
  readonly partners: readonly number[] | null;
}

/** The rates of one population in a group, each with its three intervals; a denominator below `minCount` is not estimable. */
export function uncertainRates(evidence: GroupEvidence, side: 'baseline' | 'compressed'): Rates<Uncertain> {
  return eachRate<Uncertain>(evidence, NOT_CERTAIN, (measure, n) => {
    const sums = evidence.sums[measure];
    const squares = (side === 'baseline' ? sums.baselineSquares : sums.compressedSquares)[evidence.group]!;
    return uncertainRate({ perMember: countsOf(evidence[side], measure, evidence.group), squares }, n);
  });
}

/** The changes of the rates of a group. Corrected p-values are null: they follow from all rows together (`correctChanges`). */
export function uncertainChanges(evidence: GroupEvidence): Rates<Change> {
  const { group, sums, partners } = evidence;
  return eachRate<Change>(evidence, NO_CHANGE, (measure, n) => {
    const before = countsOf(evidence.baseline, measure, group);
    const after = countsOf(evidence.compressed, measure, group);
    const own = sums[measure];
    const { difference, percent } = uncertainChange(
      { perMember: before, squares: own.baselineSquares[group]! },
      {
        perMember: partners === null ? after : partners.map((partner) => after[partner]!),
        squares: own.compressedSquares[group]!,
      },
      own.products[group]!,
      partners === null ? null : own.joint[group]!,
      n,
    );
    return {
      difference,
      percent,
      tests: { both: difference.p, members: welch(before, after)?.p ?? null, holm: null, benjaminiHochberg: null },
    };
  });
}

const NO_CHANGE: Change = {
  difference: NOT_CERTAIN,
  percent: NOT_CERTAIN,
  tests: { both: null, members: null, holm: null, benjaminiHochberg: null },
};

function eachRate<T>(
  { size, minCount }: GroupEvidence,
  notEstimable: T,
  estimate: (measure: keyof Rates, denominator: number) => T,
): Rates<T> {
  const rate = (measure: keyof Rates, denominator: number): T =>
    isEstimable(denominator, minCount) ? estimate(measure, denominator) : notEstimable;
  return { error: rate('error', size.n), fpr: rate('fpr', size.negatives), fnr: rate('fnr', size.positives) };
}

/**
 * Corrects the p-values of every row of every level together: whoever looks at the whole grid is wrong about any change that
 * Holm's p-value calls real with probability at most 5 %. levels: [level][row]; gives the same rows with the corrections.
 */
export function correctChanges(levels: readonly (readonly SubgroupRow[])[]): readonly SubgroupRow[][] {
  const tests = levels.flat().flatMap(({ change }) => MEASURES.map((measure) => change[measure].tests.both));
  const [strict, mild] = [holm(tests), benjaminiHochberg(tests)];
  let at = 0;
  const corrected = (change: Change): Change => {
    const tested = { ...change.tests, holm: strict[at]!, benjaminiHochberg: mild[at]! };
    at++;
    return { ...change, tests: tested };
  };
  return levels.map((rows) =>
    rows.map((row) => {
      const error = corrected(row.change.error);
      const fpr = corrected(row.change.fpr);
      const fnr = corrected(row.change.fnr);
      return { ...row, change: { error, fpr, fnr } };
    }),
  );
}
