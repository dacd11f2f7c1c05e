import { describe, expect, it } from 'vitest';
import { writtenTable } from '#testing/prediction-table.ts';
import { audit } from './audit.ts';
import { auditJson } from './audit-json.ts';
import type { AuditOptions } from './result.ts';

const OPTIONS: AuditOptions = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [50], minCount: 1 };

/*
 * Six examples, three baseline members, two compressed ones, worked out on paper.
 *
 *             e1  e2  e3  e4  e5  e6
 *   label      0   0   0   1   1   1
 *   Male       1   0   1   1   0   -
 *   Young      1   1   0   1   -   0
 *   baseline   0   0   0   1   1   1
 *              0   1   0   1   1   0      wrong: e2 (FP), e6 (FN)
 *              0   0   0   1   0   1      wrong: e5 (FN)
 *   pruned     0   1   1   1   0   0      wrong: e2, e3 (FP), e5, e6 (FN)
 *              0   0   1   0   0   1      wrong: e3 (FP), e4, e5 (FN)
 *   share of 1 0  1/3  0   1  2/3 2/3     baseline; modal 0 0 0 1 1 1
 *              0  1/2  1  1/2  0  1/2     pruned; modal with ties to the largest 0 1 1 1 0 1
 */
const TABLE = writtenTable({
  labels: '000111',
  attributes: { Male: '10110-', Young: '1101-0' },
  baseline: ['000111', '010110', '000101'],
  levels: { pruned: ['011100', '001001'] },
});

function only(options: Partial<AuditOptions> = {}) {
  const result = audit(TABLE, { ...OPTIONS, ...options });
  return { result, comparison: result.comparisons[0]! };
}
const row = (group: Record<string, string>, options: Partial<AuditOptions> = {}) => {
  const found = only(options).comparison.subgroups.find(
    (candidate) => JSON.stringify(candidate.group) === JSON.stringify(group),
  );
  if (found === undefined) throw new Error('no such group');
  return found;
};

describe('an audit worked out on paper', () => {
  it('finds the Modal CIE and marks what hangs on a tie', () => {
    const { modalCie } = only().comparison;
    expect([...modalCie.indices]).toEqual([1, 2, 4]); // e2 by its tie, e3, e5
    expect([...modalCie.tiedIndices]).toEqual([1]);
    expect([...modalCie.tieDependentIndices]).toEqual([1, 3, 5]); // e4 and e6 could be CIE as well
    expect([...modalCie.isCie]).toEqual([0, 1, 1, 0, 1, 0]);
    expect(modalCie.count.both.value).toBe(3);
  });

  it('scores by Taxicab and Jaccard on proportions, as the populations differ in size', () => {
    const { taxicab, jaccard } = only().comparison;
    // Two classes: twice the difference of the shares of class 1.
    expect([...taxicab.scores]).toEqual([0, 1 / 3, 2, 1, 4 / 3, 1 / 3].map((score) => expect.closeTo(score, 12)));
    // 2 T / (2 + T)
    expect([...jaccard.scores]).toEqual([0, 2 / 7, 1, 2 / 3, 4 / 5, 2 / 7].map((score) => expect.closeTo(score, 12)));
    expect([...taxicab.ranking.slice(0, 3)]).toEqual([2, 4, 3]);
    expect([...taxicab.ranking.slice(3, 5)].sort()).toEqual([1, 5]);
    expect(taxicab.ranking[5]).toBe(0);
  });

  it('averages error, FPR and FNR over members', () => {
    const all = row({});
    expect(all).toMatchObject({ n: 6, positives: 3, negatives: 3 });
    expect(all.baseline).toEqual({ error: close(1 / 6), fpr: close(1 / 9), fnr: close(2 / 9) });
    expect(all.compressed).toEqual({ error: close(7 / 12), fpr: close(1 / 2), fnr: close(2 / 3) });
    expect(all.normalizedDifference).toEqual({ error: close(250), fpr: close(350), fnr: close(200) });
  });

  it('rates subgroups, and a change from zero is not estimable', () => {
    const women = row({ Male: '0' }); // e2, e5
    expect(women).toMatchObject({ n: 2, positives: 1, negatives: 1 });
    expect(women.baseline).toEqual({ error: close(1 / 3), fpr: close(1 / 3), fnr: close(1 / 3) });
    expect(women.compressed).toEqual({ error: close(3 / 4), fpr: close(1 / 2), fnr: close(1) });
    const men = row({ Male: '1' }); // e1, e3, e4: the baseline makes no mistake
    expect(men.baseline).toEqual({ error: 0, fpr: 0, fnr: 0 });
    expect(men.compressed).toEqual({ error: close(1 / 2), fpr: close(1 / 2), fnr: close(1 / 2) });
    expect(men.normalizedDifference).toEqual({ error: null, fpr: null, fnr: null });
    expect(men.change.error.percent.both).toEqual({ value: null, low: null, high: null });
  });

  it('lists everyone, then values, then the pairs of values that occur', () => {
    expect(only().comparison.subgroups.map(({ group, n }) => [group, n])).toEqual([
      [{}, 6],
      [{ Male: '0' }, 2],
      [{ Male: '1' }, 3],
      [{ Young: '0' }, 2],
      [{ Young: '1' }, 3],
      [{ Male: '0', Young: '1' }, 1], // e2; e5 and e6 each miss a value
      [{ Male: '1', Young: '0' }, 1],
      [{ Male: '1', Young: '1' }, 2],
    ]);
    expect(row({ Male: '0', Young: '1' }).baseline).toEqual({ error: close(1 / 3), fpr: close(1 / 3), fnr: null });
  });

  it('does not estimate below the minimum count', () => {
    expect(row({ Male: '0' }, { minCount: 3 }).baseline).toEqual({ error: null, fpr: null, fnr: null });
    expect(row({ Male: '1' }, { minCount: 3 }).compressed).toEqual({ error: close(1 / 2), fpr: null, fnr: null });
    expect(only({ minCount: 3 }).comparison.equalizedOddsBias['Male']).toMatchObject({
      baseline: null,
      compressed: null,
    });
  });

  it('adds the equalized-odds differences of an attribute', () => {
    expect(only().comparison.equalizedOddsBias['Male']).toMatchObject({
      baseline: close(2 / 3), // |1/3 - 0| + |1/3 - 0|
      compressed: close(1 / 2), // |1/2 - 1/2| + |1 - 1/2|
    });
  });

  it('compares shares among the CIE with shares of all, missing values counted in the whole', () => {
    const [women, men] = only().comparison.representation;
    expect(women).toMatchObject({ group: { Male: '0' }, share: close(2 / 6), cieShare: close(2 / 3), cieCount: 2 });
    expect(women!.overIndexRatio).toBeCloseTo(2, 12);
    // 2 CIE and 0 others among women, 1 and 2 among men: (2.5 x 2.5) / (0.5 x 1.5)
    expect(women!.oddsRatio.value).toBeCloseTo(6.25 / 0.75, 12);
    expect(men!.overIndexRatio).toBeCloseTo(2 / 3, 12);
    const labels = only().comparison.representation.slice(-2);
    expect(labels).toMatchObject([
      { group: { true_label: '0' }, cieShare: close(2 / 3) },
      { group: { true_label: '1' }, cieShare: close(1 / 3), share: 0.5 },
    ]);
  });

  it('gives the accuracy on CIE, on the rest and on the top of the ranking', () => {
    const { accuracy } = only().comparison;
    expect(accuracy.all).toMatchObject({ n: 6, baseline: close(5 / 6), compressed: close(5 / 12) });
    expect(accuracy.modalCie).toMatchObject({ n: 3, baseline: close(7 / 9), compressed: close(1 / 6) });
    expect(accuracy.nonModalCie).toMatchObject({ n: 3, baseline: close(8 / 9), compressed: close(2 / 3) });
    expect(accuracy.taxicab['50']).toMatchObject({ n: 3, baseline: close(8 / 9), compressed: close(1 / 6) }); // e3, e5, e4
  });

  it('writes audit.json with ids, and every number finite or null', () => {
    const json = auditJson(only().result, TABLE.examples);
    const pruned = json.comparisons['pruned']!;
    expect(json).toMatchObject({ schemaVersion: 1, classes: ['0', '1'], positive: '1', examples: 6, seed: 1 });
    expect(json.populations['baseline']).toMatchObject({ members: 3, top1: close(5 / 6) });
    expect(pruned.modalCie).toMatchObject({ count: 3, ids: ['e2', 'e3', 'e5'], tiedIds: ['e2', 'e4', 'e6'] });
    expect(pruned.taxicab.ranking.slice(0, 3)).toEqual(['e3', 'e5', 'e4']);
    expect(pruned.taxicab.scores['e3']).toBe(2);
    expect(pruned.representation.map(({ group }) => Object.keys(group)[0])).toEqual(['Male', 'Male', 'Young', 'Young']);
    const { nullControl, ...rest } = json;
    expect(nullControl).toBeNull();
    expect(JSON.parse(JSON.stringify(rest))).toEqual(rest); // NaN and infinity would come back as null
  });
});

describe('an audit of three classes', () => {
  // c is positive: FPR and FNR are c against the rest, the error is top-1.
  const result = audit(
    writtenTable({ labels: 'aabbcc', baseline: ['abbbcc', 'abbbca'], levels: { p: ['cbabca', 'cbabca'] } }),
    { ...OPTIONS, positive: 'c' },
  );
  const [everyone] = result.comparisons[0]!.subgroups;

  it('counts a mistake among the negatives as an error and not as a false positive', () => {
    expect(everyone!.baseline).toEqual({ error: close(3 / 12), fpr: 0, fnr: close(1 / 4) });
    expect(everyone!.compressed).toEqual({ error: close(4 / 6), fpr: close(1 / 4), fnr: close(1 / 2) });
  });

  it('breaks a tie towards the largest class, and knows where no tie could matter', () => {
    // e6: baseline a, c (tied, modal c), compressed a: depends on the tie.
    expect([...result.baseline.modal]).toEqual([0, 1, 1, 1, 2, 2]);
    expect([...result.comparisons[0]!.modalCie.indices]).toEqual([0, 2, 5]);
    expect([...result.comparisons[0]!.modalCie.tieDependentIndices]).toEqual([5]);
    const settled = audit(writtenTable({ labels: 'a', baseline: ['a', 'b'], levels: { p: ['c'] } }), {
      ...OPTIONS,
      positive: 'c',
    });
    expect([...settled.comparisons[0]!.modalCie.indices]).toEqual([0]);
    expect([...settled.comparisons[0]!.modalCie.tieDependentIndices]).toEqual([]);
  });
});

describe('the published COMPAS table', () => {
  // ProPublica's counts of true and false predictions of two-year recidivism, as two subgroups of one member.
  const counts = { A: { fp: 805, tn: 990, fn: 532, tp: 1369 }, C: { fp: 349, tn: 1139, fn: 461, tp: 505 } };
  const write = (of: (kind: 'fp' | 'tn' | 'fn' | 'tp', race: 'A' | 'C') => string) =>
    (['A', 'C'] as const)
      .flatMap((race) => (['fp', 'tn', 'fn', 'tp'] as const).map((kind) => of(kind, race).repeat(counts[race][kind])))
      .join('');
  const predictions = write((kind) => (kind === 'fp' || kind === 'tp' ? '1' : '0'));
  const table = writtenTable({
    labels: write((kind) => (kind === 'fn' || kind === 'tp' ? '1' : '0')),
    attributes: { race: write((_, race) => race) },
    baseline: [predictions],
    levels: { same: [predictions] },
  });

  it('gives the published error rates', () => {
    const [, african, caucasian] = audit(table, OPTIONS).comparisons[0]!.subgroups;
    const percent = (rate: number | null) => (100 * rate!).toFixed(2);
    expect([african!, caucasian!].map(({ baseline }) => [percent(baseline.fpr), percent(baseline.fnr)])).toEqual([
      ['44.85', '27.99'],
      ['23.45', '47.72'],
    ]);
  });
});

describe('an audit at its edges', () => {
  it('of no examples estimates nothing', () => {
    const result = audit(
      writtenTable({ labels: '', classes: ['0', '1'], baseline: ['', ''], levels: { p: ['', ''] } }),
      OPTIONS,
    );
    const [comparison] = result.comparisons;
    expect(result.baseline.top1.both.value).toBeNull();
    expect(comparison!.modalCie.count.both.value).toBe(0);
    expect(comparison!.accuracy.all.baseline).toBeNull();
    expect(comparison!.subgroups[0]!.baseline).toEqual({ error: null, fpr: null, fnr: null });
  });

  it('without CIE has no shares among them', () => {
    const result = audit(
      writtenTable({ labels: '01', attributes: { g: 'ab' }, baseline: ['01'], levels: { p: ['01'] } }),
      OPTIONS,
    );
    expect(result.comparisons[0]!.representation[0]).toMatchObject({
      share: 0.5,
      cieShare: null,
      overIndexRatio: null,
      oddsRatio: { value: null },
    });
    expect(result.comparisons[0]!.accuracy.modalCie).toMatchObject({ n: 0, baseline: null, compressed: null });
  });

  it('has no intervals over one member', () => {
    const result = audit(writtenTable({ labels: '01', baseline: ['00'], levels: { p: ['11'] } }), OPTIONS);
    expect(result.baseline.top1.both).toEqual({ value: 0.5, low: null, high: null });
    expect(result.comparisons[0]!.modalCie.count.both).toEqual({ value: 2, low: null, high: null });
    expect(result.comparisons[0]!.subgroups[0]!.change.error.percent.both).toEqual({ value: 0, low: null, high: null });
  });

  it('refuses a positive class that is none', () => {
    expect(() => audit(TABLE, { ...OPTIONS, positive: 'x' })).toThrow('positive class');
  });
});

function close(value: number): number {
  return expect.closeTo(value, 12) as number;
}
