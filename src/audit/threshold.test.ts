import { describe, expect, it } from 'vitest';
import { codeOfProbability } from '#lib/log-odds.ts';
import { audit } from './audit.ts';
import type { PredictionTable } from './predictions.ts';
import { tableAtThreshold } from './threshold.ts';

const codes = (...probabilities: number[]) => Uint16Array.from(probabilities, codeOfProbability);
const table: PredictionTable = {
  examples: {
    ids: ['a', 'b', 'c', 'd'],
    classes: ['cat', 'dog', 'eel'],
    labels: Uint16Array.of(0, 1, 2, 1),
    attributes: [],
  },
  baseline: {
    name: 'baseline',
    members: ['0'],
    predictions: Uint16Array.of(0, 1, 2, 2),
    probabilities: codes(0.1, 0.6, 0.3, 0.45),
  },
  compressed: [
    { name: 'l', members: ['0'], predictions: Uint16Array.of(0, 1, 2, 0), probabilities: codes(0.2, 0.9, 0.55, 0.35) },
  ],
};

describe('another threshold', () => {
  it('calls positive what is at least as likely, the rest of several classes being one', () => {
    const at = tableAtThreshold(table, 'dog', codeOfProbability(0.4));
    expect(at.examples.classes).toEqual(['not dog', 'dog']);
    expect([...at.examples.labels]).toEqual([0, 1, 0, 1]);
    expect([...at.baseline.predictions]).toEqual([0, 1, 0, 1]);
    expect([...at.compressed[0]!.predictions]).toEqual([0, 1, 1, 0]);
  });

  it('changes rates and CIE by the same audit as at a half', () => {
    const options = { positive: 'dog', tieRule: 'largest-class' as const, seed: 1, percentiles: [], minCount: 1 };
    const found = (threshold: number) =>
      audit(tableAtThreshold(table, 'dog', codeOfProbability(threshold)), options).comparisons[0]!;
    expect(found(0.4).subgroups[0]).toMatchObject({ baseline: { fpr: 0, fnr: 0 }, compressed: { fpr: 0.5, fnr: 0.5 } });
    expect([...found(0.4).modalCie.indices]).toEqual([2, 3]);
    expect([...found(0.05).modalCie.indices]).toEqual([]);
  });

  it('keeps two classes in their order, also with the positive one first', () => {
    const two = {
      ...table,
      examples: { ...table.examples, classes: ['dog', 'no'], labels: Uint16Array.of(1, 0, 1, 0) },
    };
    const at = tableAtThreshold(two, 'dog', codeOfProbability(0.5));
    expect(at.examples.classes).toEqual(['dog', 'no']);
    expect([...at.baseline.predictions]).toEqual([1, 0, 1, 1]);
  });

  it('needs probabilities', () => {
    const { probabilities: _, ...bare } = table.baseline;
    expect(() => tableAtThreshold({ ...table, baseline: bare }, 'dog', 0)).toThrow('"baseline" has no probabilities');
  });
});
