import { describe, expect, it } from 'vitest';
import type { Estimate, RepresentationRow } from '#audit/result.ts';
import { changedAccuracySentence, cieSentence, overIndexSentence } from './finding-sentences.ts';
import type { EvidenceView } from './view.ts';

const at = (value: number | null, low: number | null, high: number | null): Estimate => ({ value, low, high });
const all = (estimate: Estimate) => ({ examples: estimate, members: estimate, both: estimate });

function view(excess: Estimate | null, level = 40): EvidenceView {
  const comparison = {
    level: 'pruned-0.9',
    modalCie: { indices: new Uint32Array(254), count: all(at(254, 153, 358)) },
    associations: [{ attribute: 'Hat', test: { statistic: 9, degrees: 1, p: 0.003 }, holm: 0.006 }],
  };
  const nullControl =
    excess === null
      ? null
      : {
          halves: 5,
          baseline: at(22, 16, 30),
          levels: { 'pruned-0.9': at(level, level - 3, level + 3) },
          excess: { 'pruned-0.9': excess },
        };
  return {
    comparison,
    noun: ['face', 'faces'],
    columns: [],
    target: 'Blond',
    audit: {
      examples: 8000,
      comparisons: [comparison],
      nullControl,
      deep: true,
      controlled: true,
      options: { positive: 'yes' },
      classes: ['no', 'yes'],
    },
  } as unknown as EvidenceView;
}

describe('a sentence with each finding', () => {
  it('says how many changed, between what, and against chance', () => {
    expect(cieSentence(view(at(18, 9, 27)))).toBe(
      '254 of 8,000 faces changed their label: between 153 and 358. In equal halves 18 more than chance gives: between 9 and 27; beyond what seeds alone do.',
    );
    expect(cieSentence(view(at(-4, -12, 3), 18))).toBe(
      '254 of 8,000 faces changed their label: between 153 and 358. In equal halves 4 fewer than chance gives: a difference between −12 and 3; within what seeds alone do.',
    );
    expect(cieSentence(view(null))).toContain('with fewer than four members there is nothing to hold it against');
  });

  it('says how often a group is among the changed, from how many, and whether that holds after correction', () => {
    const row: RepresentationRow = {
      group: { Hat: 'yes' },
      share: 0.02,
      cieShare: 0.06,
      cieCount: 14,
      overIndexRatio: 3.1,
      ratio: all(at(3.1, 2, 4.64)),
      oddsRatio: at(3.3, 2, 5),
    };
    expect(overIndexSentence(view(null), row)).toMatch(
      /is 3\.1× as frequent among the changed as in the data: between 2\.0× and 4\.6×, from 14 of 254; that changing goes with Hat holds after correction for 1 comparisons\.$/u,
    );
    expect(overIndexSentence(view(null), { ...row, group: { true_label: 'yes' } })).toMatch(
      /; not tested by itself\.$/u,
    );
  });

  it('says how often members are right on what changed', () => {
    const row = {
      n: 254,
      baseline: 0.66,
      compressed: 0.387,
      baselineEstimate: all(at(0.66, 0.601, 0.714)),
      compressedEstimate: all(at(0.387, null, null)),
    };
    expect(changedAccuracySentence(view(null), row)).toBe(
      'Compressed members are right on 38.7\u00a0% of the 254 faces that changed, no interval with one member; the baseline on 66.0\u00a0%, between 60.1\u00a0% and 71.4\u00a0%.',
    );
    expect(changedAccuracySentence(view(null), { ...row, compressed: null })).toBe('');
  });
});
