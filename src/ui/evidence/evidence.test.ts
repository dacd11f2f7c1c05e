import { describe, expect, it } from 'vitest';
import type { AuditResult, Comparison, Estimate, Group, RepresentationRow, SubgroupRow } from '#audit/result.ts';
import { changeSentence } from './change-words.ts';
import { chanceOf } from './chance.ts';
import { drawnGroups, hardestHit } from './groups.ts';
import { levelPlaces } from './levels.ts';
import { drawnRepresentation } from './over-indexing.ts';
import { accuracyPhrase, levelPhrase, mostOverIndexed, risePhrase } from './words.ts';

const at = (value: number | null, low = value, high = value): Estimate => ({ value, low, high });
const NONE = at(null);

function row(group: Group, fpr: Estimate, n = 100): SubgroupRow {
  const rates = { error: 0.1, fpr: 0.1, fnr: 0.1 };
  const all = (estimate: Estimate) => ({ examples: estimate, members: estimate, both: estimate });
  const tests = { both: 0, members: 0, holm: 0.001, benjaminiHochberg: 0.001 };
  const changeOf = (estimate: Estimate) => ({ difference: all(NONE), percent: all(estimate), tests });
  const known = { error: all(at(0.1)), fpr: all(at(0.1)), fnr: all(at(0.1)) };
  return {
    group,
    n,
    positives: n / 2,
    negatives: n / 2,
    baseline: rates,
    compressed: rates,
    normalizedDifference: { error: null, fpr: fpr.value, fnr: null },
    baselineRates: known,
    compressedRates: known,
    agreement: {
      jitter: { baseline: null, compressed: null },
      stability: { baseline: null, compressed: null },
      onlyBaselineWrong: 0,
      onlyCompressedWrong: 0,
      mcNemar: null,
      mcNemarHolm: null,
    },
    change: { error: changeOf(NONE), fpr: changeOf(fpr), fnr: changeOf(NONE) },
  };
}
const comparison = (...subgroups: SubgroupRow[]) => ({ level: 'pruned-0.9', subgroups }) as unknown as Comparison;

describe('the group hit hardest', () => {
  it('is the one whose interval begins highest, not the one with the highest value', () => {
    const small = row({ Hat: 'yes' }, at(271, 40, 800));
    const sure = row({ Male: 'yes' }, at(97, 61, 136));
    expect(hardestHit(comparison(row({}, at(12)), small, sure))?.row).toBe(sure);
  });

  it('is nobody where no interval is clear of the change of everyone, or of zero', () => {
    expect(hardestHit(comparison(row({}, at(12)), row({ Male: 'yes' }, at(30, 11, 50))))).toBeNull();
    expect(hardestHit(comparison(row({}, at(-20)), row({ Male: 'yes' }, at(5, -1, 9))))).toBeNull();
    expect(hardestHit(comparison(row({}, at(12)), row({ Male: 'yes' }, at(90, null, null))))).toBeNull();
  });
});

describe('a change in words', () => {
  const view = {
    columns: [],
    noun: ['face', 'faces'],
    audit: { testedChanges: 72 },
  } as unknown as Parameters<typeof changeSentence>[0];

  it('says how much, between what, from how many, and whether it holds', () => {
    expect(changeSentence(view, row({}, at(104, 40, 180), 110), 'fpr')).toBe(
      'False positives for everyone doubled: between 40\u00a0% and 180\u00a0% more, from 55 negatives; holds after correction for 72 comparisons.',
    );
    const unsure = row({}, at(12, -3, 40));
    const tests = { ...unsure.change.fpr.tests, holm: 0.4 };
    const weak = { ...unsure, change: { ...unsure.change, fpr: { ...unsure.change.fpr, tests } } };
    expect(changeSentence(view, weak, 'fpr')).toMatch(
      /rose by 12\u00a0%: between 3\u00a0% fewer and 40\u00a0% more, from 50 negatives; does not hold/u,
    );
    expect(hardestHit(comparison(row({}, at(1)), { ...weak, group: { Male: 'yes' } }))).toBeNull();
    expect(changeSentence(view, unsure, 'fnr')).toBe('');
  });

  it('says nothing of an interval where nothing varies', () => {
    expect(changeSentence(view, row({}, at(-8, null, null)), 'fpr')).toMatch(/fell by 8\u00a0%: no interval/u);
  });
});

describe('the groups that are drawn', () => {
  const old = { Male: 'yes', Young: 'no' };
  const all = comparison(
    row({}, at(12)),
    row({ Male: 'yes' }, at(48, 29, 68)),
    row({ Male: 'no' }, at(5)),
    row({ Young: 'no' }, at(40, 27, 53)),
    row(old, at(97, 61, 136)),
    row({ Male: 'no', Young: 'no' }, at(18)),
    row({ Male: 'yes', Hat: 'yes' }, at(60, 1, 200)),
    row({ Male: 'no', Hat: 'yes' }, NONE),
  );

  it('begin with everyone and the steepest, then its single values and pairs, then the next', () => {
    const { steepest, groups } = drawnGroups(all, 'fpr', 5);
    expect(steepest).toBe(old);
    expect(groups).toEqual([
      {},
      old,
      { Male: 'yes' },
      { Young: 'no' },
      { Male: 'no', Young: 'no' },
      { Male: 'yes', Hat: 'yes' },
    ]);
  });

  it('leave out what cannot be estimated', () => {
    expect(drawnGroups(all, 'fnr')).toEqual({ steepest: null, groups: [] });
    expect(drawnGroups(all, 'fpr', 20).groups).toHaveLength(7);
  });
});

describe('chance', () => {
  const control = (level: number, low = level): Pick<AuditResult, 'nullControl' | 'deep' | 'controlled'> => ({
    deep: true,
    controlled: true,
    nullControl: {
      halves: 5,
      baseline: at(22, 16, 30),
      levels: { 'pruned-0.9': at(level, low) },
      excess: { 'pruned-0.9': at(level - 22) },
    },
  });
  const level = { level: 'pruned-0.9' };

  it('is beaten only by a range wholly beyond the baseline against itself', () => {
    expect(chanceOf(control(30), level).verdict).toBe('within');
    expect(chanceOf(control(31), level)).toMatchObject({ verdict: 'above', excess: { value: 9 } });
    expect(chanceOf(control(45, 29), level).verdict).toBe('within');
  });

  it('is not known without the null control, or for a level that has none', () => {
    expect(chanceOf({ nullControl: null, controlled: true, deep: true }, level).verdict).toBe('unknown');
    expect(chanceOf({ nullControl: null, controlled: false, deep: false }, level).verdict).toBe('counting');
    expect(chanceOf({ nullControl: null, controlled: false, deep: true }, level).verdict).toBe('failed');
    expect(chanceOf(control(31), { level: 'fixed-int8' }).verdict).toBe('unknown');
  });
});

describe('over-indexing', () => {
  const share = (group: Group, part: number, odds: Estimate, overIndexRatio: number): RepresentationRow => ({
    group,
    share: part,
    cieShare: part * overIndexRatio,
    cieCount: 3,
    overIndexRatio,
    ratio: { examples: at(overIndexRatio), members: NONE, both: odds },
    oddsRatio: odds,
  });
  const young = share({ Young: 'yes' }, 0.78, at(0.4, 0.2, 0.6), 0.8);
  const old = share({ Young: 'no' }, 0.22, at(2.5, 1.6, 4), 1.9);
  const bald = share({ Bald: 'yes' }, 0.02, at(3, 0.8, 9), 2.8);
  const hairy = share({ Bald: 'no' }, 0.98, at(0.33, 0.1, 1.2), 0.98);

  it('draws the rarer of two values, rarest first', () => {
    expect(drawnRepresentation([young, old, hairy, bald])).toEqual([bald, old]);
  });

  it('draws every value of an attribute with more than two, and none without examples', () => {
    const races = ['A', 'B', 'C'].map((name, i) => share({ Race: name }, 0.2 + i / 10, at(1), 1));
    expect(drawnRepresentation([...races, share({ Race: 'D' }, 0, at(1), 1)])).toEqual(races);
  });

  it('names the greatest ratio whose interval is clear of 1', () => {
    expect(mostOverIndexed([young, old, hairy, bald])).toBe(old);
    expect(mostOverIndexed([hairy, bald])).toBeNull();
  });
});

describe('levels', () => {
  it('stand by sparsity, the quantized ones apart behind them', () => {
    const comparisons = ['pruned-0.95', 'fixed-int8', 'pruned-0.9'].map((level) => ({ level }) as Comparison);
    const places = levelPlaces({ comparisons }).map((place) => [place.comparison.level, place.x]);
    expect(places).toEqual([
      ['pruned-0.9', 1],
      ['pruned-0.95', 2],
      ['fixed-int8', 3.5],
    ]);
  });

  it('of another way of pruning stand apart from the line', () => {
    const comparisons = ['pruned-0.9', 'tfmot-0.5', 'tfmot-0.9'].map((level) => ({ level }) as Comparison);
    const sparsities = (of: readonly Comparison[]) => levelPlaces({ comparisons: of }).map((place) => place.sparsity);
    expect(sparsities(comparisons)).toEqual([0.9, null, null]);
    expect(sparsities(comparisons.slice(1))).toEqual([0.5, 0.9]);
  });
});

describe('the words of a finding', () => {
  it('say what accuracy does without making much of little', () => {
    expect(accuracyPhrase(0.947, 0.934)).toBe('accuracy slips 1.3\u00a0points');
    expect(accuracyPhrase(0.947, 0.9468)).toBe('accuracy stays where it was');
    expect(accuracyPhrase(0.5, 0.51)).toBe('accuracy rises 1.0\u00a0point');
    expect(accuracyPhrase(0.95, 0.85)).toBe('accuracy falls 10.0\u00a0points');
    expect(accuracyPhrase(null, 0.9)).toBe('accuracy cannot be estimated');
  });

  it('say how a rate rises as people say it', () => {
    expect([40, 97, 104, 186].map(risePhrase)).toEqual([
      'rise by 40\u00a0%',
      'nearly double',
      'double',
      'grow 2.9-fold',
    ]);
  });

  it('name the level by what was done', () => {
    expect(levelPhrase('pruned-0.95')).toBe('With 95\u00a0% of the weights gone');
    expect(levelPhrase('fixed-int8')).toBe('With weights and activations in 8-bit integers');
  });
});
