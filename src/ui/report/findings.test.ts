import { expect, test } from 'vitest';
import { audit } from '#audit/audit.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import { findingLevel, findingsOf } from './findings.ts';

/** 8 examples, 4 members; the level 0.9 gives every member the other label on the last two examples, int8 changes nothing. */
function table(): PredictionTable {
  const labels = Uint16Array.of(0, 1, 0, 1, 0, 1, 0, 1);
  const rows = (change: boolean): Uint8Array =>
    Uint8Array.from({ length: 4 * 8 }, (_, i) => (change && i % 8 >= 6 ? 1 - labels[i % 8]! : labels[i % 8]!));
  const members = ['0', '1', '2', '3'];
  return {
    examples: { ids: [...'abcdefgh'], classes: ['no', 'yes'], labels, attributes: [] },
    baseline: { name: 'baseline', members, predictions: rows(false) },
    compressed: [
      { name: 'pruned-0.9', members, predictions: rows(true) },
      { name: 'hybrid-int8', members, predictions: rows(false) },
    ],
  };
}
const result = audit(table(), {
  positive: 'yes',
  tieRule: 'largest-class',
  seed: 1,
  percentiles: [90, 95, 99],
  minCount: 1,
});

test('says what chance gives before what compression did', () => {
  const text = findingsOf(result, 'faces', [], 'Blond').map((finding) =>
    finding.map((part) => (typeof part === 'string' ? part : part.value)).join(''),
  );
  expect(text[0]).toBe('Seeds alone: two halves of the baseline, 2 members each, disagree on 0 of 8 faces.');
  expect(text[1]).toBe('With 90\u00a0% of the weights removed, accuracy goes from 100.0\u00a0% to 75.0\u00a0%.');
  expect(text[2]).toBe('The majority label changes for 2 of 8 faces.');
  expect(text[3]).toBe('On those, accuracy goes from 100.0\u00a0% to 0.0\u00a0%.');
  expect(text.at(-1)).toBe('Cannot be told from seed noise: hybrid int8 (0 changed).');
});

test('speaks of the hardest pruned level of at most 0.95', () => {
  expect(findingLevel(result)?.level).toBe('pruned-0.9');
});
