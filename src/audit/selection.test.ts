import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readyEvidence } from '#testing/ready-evidence.ts';
import { SCORE_BINS, scoreAt, scoreHistogram, topOfHistogram } from './score-histogram.ts';
import { compareIds } from './id-order.ts';
import { partnersOf } from './partners.ts';
import { countReviews } from './review-facets.ts';
import { isWithin, selectExamples, selecting, type Selection } from './selection.ts';
import { runSteps } from './steps.ts';

const { audit, examples } = readyEvidence({ examples: 400, members: 5, levels: { 'pruned-0.9': 1 } });
const comparison = audit.comparisons[0]!;
const ALL: Selection = {
  threshold: 0,
  scores: null,
  trueClasses: [],
  baselineLabels: [],
  compressedLabels: [],
  changes: [],
  attributes: {},
  reviewLabels: [],
  reviewers: [],
  only: [],
  search: '',
  order: 'taxicab',
};
const labels = new Map([['f7', ['ambiguous', 'low-quality']]]);
const select = (selection: Partial<Selection>): number[] => [
  ...selectExamples({ ...ALL, ...selection }, examples, audit.baseline, comparison, labels),
];

describe('a selection', () => {
  it('keeps the ranking within every order, and orders what is shown only', () => {
    const { ranking } = comparison.taxicab;
    expect(select({})).toEqual([...ranking]);
    expect(select({ order: 'jaccard' })).toEqual([...ranking]);
    const isCie = (example: number): boolean => comparison.modalCie.isCie[example] === 1;
    expect(select({ order: 'modal-change' })).toEqual([...ranking.filter(isCie), ...ranking.filter((x) => !isCie(x))]);
    expect(select({ order: 'true-label' })).toEqual(
      examples.classes.flatMap((_, code) => [...ranking].filter((x) => examples.labels[x] === code)),
    );
    const confidence = Float32Array.from(examples.ids, (_, x) => (x % 7) / 7);
    const byShift = runSteps(
      selecting(
        { ...ALL, order: 'confidence-shift' },
        { examples, baseline: audit.baseline, comparison, labels, confidence },
      ),
    ).shown;
    expect([...byShift]).toEqual(
      [6, 5, 4, 3, 2, 1, 0].flatMap((seventh) => [...ranking].filter((x) => x % 7 === seventh)),
    );
    expect(select({ order: 'id', threshold: 'modal-cie' })).toEqual([...comparison.modalCie.indices]);
  });

  it('finds review labels by id, and the rest as without one', () => {
    expect(select({ reviewLabels: ['low-quality'] })).toEqual([7]);
    expect(select({ reviewLabels: ['none'] })).toHaveLength(399);
  });

  it('counts what the filters then keep', () => {
    const { facets } = runSteps(
      selecting(ALL, { examples, baseline: audit.baseline, comparison, labels, confidence: null }),
    );
    for (const [name, count] of facets.trueClasses) expect(select({ trueClasses: [name] })).toHaveLength(count);
    for (const [name, count] of facets.baselineLabels) expect(select({ baselineLabels: [name] })).toHaveLength(count);
    for (const [name, count] of facets.compressedLabels)
      expect(select({ compressedLabels: [name] })).toHaveLength(count);
    for (const [name, count] of facets.changes) expect(select({ changes: [name] })).toHaveLength(count);
    for (const [attribute, counts] of facets.attributes) {
      for (const [value, count] of counts) expect(select({ attributes: { [attribute]: [value] } })).toHaveLength(count);
    }
  });

  it.each([0, 80, 'modal-cie'] as const)(
    'counts labels and reviewers as the filters then keep them, at %s',
    (threshold) => {
      const ben = new Map(labels);
      const cleo = new Map(
        [...comparison.modalCie.indices].slice(0, 5).map((x) => [examples.ids[x]!, ['wrong-label']]),
      );
      const all = new Map([...ben, ...cleo]);
      const keep = (selection: Partial<Selection>, own: ReadonlyMap<string, readonly string[]>): number =>
        selectExamples({ ...ALL, threshold, ...selection }, examples, audit.baseline, comparison, own).length;
      const reviews = runSteps(
        countReviews(
          examples.ids,
          all,
          new Map([
            ['Ben', ben],
            ['Cleo', cleo],
          ]),
          keep({}, all),
          isWithin(comparison, threshold),
        ),
      );
      const { labels: counted, reviewers } = reviews;
      expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(keep({}, all));
      for (const [name, count] of counted) expect(keep({ reviewLabels: [name] }, all)).toBe(count);
      expect(reviewers.get('Cleo')).toBe(keep({ reviewers: ['Cleo'] }, cleo));
      expect(reviewers.get('Ben') ?? 0).toBe(keep({ reviewers: ['Ben'] }, ben));
      expect(keep({ reviewers: ['Cleo'], reviewLabels: ['wrong-label'] }, cleo)).toBe(reviewers.get('Cleo'));
      expect(keep({ reviewers: ['Cleo'], reviewLabels: ['none'] }, cleo)).toBe(0);
    },
  );

  it('keeps exactly the ids that are named, within the threshold', () => {
    const [first, second] = comparison.modalCie.indices;
    const stable = comparison.modalCie.isCie.findIndex((flag) => flag === 0);
    const only = [first!, second!, stable].map((x) => examples.ids[x]!);
    expect([...select({ only, threshold: 'modal-cie' })].sort((a, b) => a - b)).toEqual([first, second]);
    expect(select({ only: ['nobody'] })).toHaveLength(0);
  });

  it('keeps exactly the bins of the histogram that a range of scores spans', () => {
    const counts = scoreHistogram(comparison.taxicab.scores, comparison.taxicab.ranking);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(400);
    counts.forEach((count, bin) => {
      expect(select({ scores: [scoreAt(bin), scoreAt(bin + 1)] })).toHaveLength(count);
    });
    expect(scoreAt(SCORE_BINS)).toBe(2);
  });

  it('gives the top of the histogram to the largest scores', () => {
    expect([...topOfHistogram(Uint32Array.of(5, 3, 2), 4)]).toEqual([0, 2, 2]);
  });
});

it('stands every changed example beside an unchanged one of its class', () => {
  const shown = comparison.taxicab.ranking;
  const partners = partnersOf(shown, examples, comparison);
  shown.forEach((example, place) => {
    const partner = partners[place]!;
    if (comparison.modalCie.isCie[example] !== 1) {
      expect(partner).toBe(-1);
      return;
    }
    expect(comparison.modalCie.isCie[partner]).toBe(0);
    expect(examples.labels[partner]).toBe(examples.labels[example]);
  });
});

describe('ids', () => {
  it('stand as people order them', () => {
    const ids = ['f10', 'f9', 'f09', 'g', 'f', 'f9a', 'f9-2', 'f9-10', ''];
    expect(ids.sort(compareIds)).toEqual(['', 'f', 'f09', 'f9', 'f9-2', 'f9-10', 'f9a', 'f10', 'g']);
  });

  it('are in one order whatever they are', () => {
    const id = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', '-'), maxLength: 6 });
    fc.assert(
      fc.property(id, id, id, (a, b, c) => {
        expect(Math.sign(compareIds(a, b))).toBe(-Math.sign(compareIds(b, a)) + 0);
        expect(compareIds(a, b) === 0).toBe(a === b);
        const [x, y, z] = [a, b, c].sort(compareIds);
        expect(compareIds(x!, y!)).toBeLessThanOrEqual(0);
        expect(compareIds(y!, z!)).toBeLessThanOrEqual(0);
        expect(compareIds(x!, z!)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
