import { describe, expect, it } from 'vitest';
import { SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_UNUSED, type Dataset, type Question } from '#dataset/dataset.ts';
import { auditExamples } from './examples.ts';

const QUESTION: Question = { target: 'Blond', positive: '1', attributes: ['Male'], minCount: 1 };
const DATASET: Dataset = {
  name: 'Six',
  noun: ['row', 'rows'],
  origin: { kind: 'files', names: ['six.csv'] },
  ids: ['a', 'b', 'c', 'd', 'e', 'f'],
  features: { kind: 'table', numeric: [], categorical: [] },
  columns: [
    { name: 'Male', values: ['0', '1'], codes: Int16Array.of(0, 1, -1, 0, 1, 1) },
    { name: 'Blond', values: ['0', '1'], codes: Int16Array.of(1, 0, 1, -1, 0, 1) },
  ],
  split: Uint8Array.of(SPLIT_TRAIN, SPLIT_AUDIT, SPLIT_AUDIT, SPLIT_AUDIT, SPLIT_UNUSED, SPLIT_AUDIT),
  hash: '',
  remarks: [],
  question: QUESTION,
};

describe('the audited examples of a dataset', () => {
  it('are those of the audit split with a label, in the order of the dataset', () => {
    const { examples, datasetIndices } = auditExamples(DATASET, QUESTION);
    expect([...datasetIndices]).toEqual([1, 2, 5]);
    expect(examples).toEqual({
      ids: ['b', 'c', 'f'],
      classes: ['0', '1'],
      labels: Uint16Array.of(0, 1, 1),
      attributes: [{ name: 'Male', values: ['0', '1'], codes: Int16Array.of(1, -1, 1) }],
    });
  });

  it('need the columns that the question names', () => {
    expect(() => auditExamples(DATASET, { ...QUESTION, target: 'Hair' })).toThrow('no column "Hair"');
  });
});
