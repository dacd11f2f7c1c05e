import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoricalColumn, memoryBytes, randomSplit } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_UNUSED, type Dataset, type Question } from '#dataset/dataset.ts';
import { findDuplicates, splitWithoutLeaks } from '#dataset/duplicates.ts';
import {
  attributeFrequencies,
  constantGuess,
  groupCounts,
  groupsTooSmall,
  splitCounts,
  valueCounts,
} from '#dataset/overview.ts';
import { planFacts } from '#dataset/plan-facts.ts';
import { trainingData } from '#dataset/training-data.ts';

const QUESTION: Question = { target: 'Label', positive: 'yes', attributes: ['Male', 'Skin'], minCount: 2 };

function table(over: Partial<Dataset> = {}): Dataset {
  return {
    name: 'Toy',
    noun: ['row', 'rows'],
    origin: { kind: 'files', names: ['toy.csv'] },
    ids: ['a', 'b', 'c', 'd', 'e', 'f'],
    features: {
      kind: 'table',
      numeric: [
        { name: 'Age', numbers: Float64Array.of(10, 20, NaN, 30, 1000, 20) },
        { name: 'Flat', numbers: Float64Array.of(5, 5, 5, 5, 7, 5) },
      ],
      categorical: ['Skin', 'Label'],
    },
    columns: [
      categoricalColumn('Label', ['yes', 'no', 'yes', '', 'no', 'yes']),
      categoricalColumn('Male', ['yes', 'no', 'no', 'no', 'yes', 'yes']),
      categoricalColumn('Skin', ['light', 'dark', '', 'dark', 'light', 'light']),
    ],
    split: Uint8Array.of(SPLIT_TRAIN, SPLIT_TRAIN, SPLIT_TRAIN, SPLIT_TRAIN, SPLIT_AUDIT, SPLIT_AUDIT),
    hash: '00',
    remarks: [],
    question: QUESTION,
    ...over,
  };
}

function images(pixels: readonly number[], split: readonly number[]): Dataset {
  const ids = split.map((_, i) => `x${String(i)}`);
  return table({
    ids,
    features: { kind: 'images', width: 2, height: 1, channels: 1, pixels: Uint8Array.from(pixels) },
    columns: [
      categoricalColumn(
        'Label',
        ids.map((_, i) => (i % 2 ? 'yes' : 'no')),
      ),
    ],
    split: Uint8Array.from(split),
  });
}

describe('a categorical column', () => {
  it('sorts values by code unit and marks empty cells as missing', () => {
    const column = categoricalColumn('c', ['b', '', 'B', 'a', '10', '9', '__proto__']);
    expect(column.values).toEqual(['10', '9', 'B', '__proto__', 'a', 'b']);
    expect([...column.codes]).toEqual([5, -1, 2, 4, 0, 1, 3]);
  });
  it('gives back every cell through its code', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (cells) => {
        const column = categoricalColumn('c', cells);
        expect([...column.codes].map((code) => (code < 0 ? '' : column.values[code]))).toEqual(cells);
      }),
    );
  });
  it('refuses more values than a code can hold', () => {
    expect(() =>
      categoricalColumn(
        'c',
        Array.from({ length: 10_001 }, (_, i) => `v${String(i)}`),
      ),
    ).toThrow(RangeError);
  });
});

describe('a random split', () => {
  it('trains on exactly 70 %, differs by seed and repeats by seed', () => {
    const split = randomSplit(1001, 4);
    expect(split.filter((part) => part === SPLIT_TRAIN).length).toBe(701);
    expect(randomSplit(1001, 4)).toEqual(split);
    expect(randomSplit(1001, 5)).not.toEqual(split);
    expect(randomSplit(0, 4).length).toBe(0);
  });
});

describe('training data', () => {
  it('standardises by the labelled training examples, one-hots categories and leaves the target out', () => {
    const data = trainingData(table(), QUESTION);
    expect(data.input).toEqual([1, 1, 4]); // Age, Flat, Skin=dark, Skin=light
    expect(data.classes).toEqual(['no', 'yes']);
    expect([...data.trainIndices]).toEqual([0, 1, 2]); // d has no label
    expect([...data.auditIndices]).toEqual([4, 5]);
    expect([...data.training.labels]).toEqual([1, 0, 1, 0, 0, 1]);
    const rows = data.training.inputs.data;
    // Mean 15, sd 5 over a and b; c is missing.
    expect([...rows.subarray(0, 4)]).toEqual([-1, 0, 0, 1]);
    expect([...rows.subarray(4, 8)]).toEqual([1, 0, 1, 0]);
    expect([...rows.subarray(8, 12)]).toEqual([0, 0, 0, 0]);
    expect([...rows.subarray(16, 20)]).toEqual([197, 0, 0, 1]);
  });
  it('shares the bytes of images and gives their shape as height, width, channels', () => {
    const dataset = images([1, 2, 3, 4], [SPLIT_AUDIT, SPLIT_TRAIN]);
    const data = trainingData(dataset, QUESTION);
    expect(data.input).toEqual([1, 2, 1]);
    expect(dataset.features.kind === 'images' && data.training.inputs.data === dataset.features.pixels).toBe(true);
    expect([[...data.trainIndices], [...data.auditIndices]]).toEqual([[1], [0]]);
  });
  it('never lets huge, infinite or missing numbers through as anything but finite inputs', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 6, maxLength: 6 }), (numbers) => {
        const features = {
          kind: 'table',
          numeric: [{ name: 'n', numbers: Float64Array.from(numbers) }],
          categorical: [],
        } as const;
        const { data } = trainingData(table({ features }), QUESTION).training.inputs;
        expect([...data].every(Number.isFinite)).toBe(true);
      }),
    );
  });
  it('says so when the target is not a column', () => {
    expect(() => trainingData(table(), { ...QUESTION, target: 'Nope' })).toThrow('no column Nope');
  });
});

describe('duplicates', () => {
  it('are the same pixels, and across splits the training copy is set unused', () => {
    const dataset = images(
      [1, 2, 9, 9, 1, 2, 2, 1, 9, 9, 9, 9],
      [SPLIT_TRAIN, SPLIT_TRAIN, SPLIT_AUDIT, SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_TRAIN],
    );
    const found = findDuplicates(dataset);
    expect(found).toEqual({
      groups: [
        [0, 2],
        [1, 4, 5],
      ],
      acrossSplits: 1,
    });
    expect([...splitWithoutLeaks(dataset.split, found)]).toEqual([SPLIT_UNUSED, SPLIT_TRAIN, 1, 1, 0, 0]);
  });
  it('of a table compare the inputs, missing equal to missing, whatever the label', () => {
    const dataset = table({
      features: {
        kind: 'table',
        numeric: [{ name: 'n', numbers: Float64Array.of(1, NaN, 1, NaN, -0, 0) }],
        categorical: [],
      },
    });
    expect(findDuplicates(dataset).groups).toEqual([
      [0, 2],
      [1, 3],
      [4, 5],
    ]);
  });
});

describe('the overview', () => {
  it('counts classes over all examples or one split, and knows the constant guess', () => {
    expect(valueCounts(table(), 'Label').map((row) => [row.value, row.count])).toEqual([
      ['no', 2],
      ['yes', 3],
    ]);
    expect(valueCounts(table(), 'Label')[1]?.share).toBe(0.5); // of six: the missing one counts
    expect(valueCounts(table(), 'Label', SPLIT_AUDIT).map((row) => row.count)).toEqual([1, 1]);
    expect(constantGuess(table(), 'Label')).toBe(0.5);
    expect(constantGuess(table({ split: new Uint8Array(6) }), 'Label')).toBeNull();
    expect(splitCounts(table())).toEqual({ train: 4, audit: 2, unused: 0 });
  });
  it('orders the long tail by frequency and shows yes/no columns by their yes', () => {
    expect(attributeFrequencies(table()).map((row) => `${row.column}=${row.value} ${String(row.count)}`)).toEqual([
      'Label=yes 3',
      'Male=yes 3',
      'Skin=light 3',
      'Skin=dark 2',
    ]);
  });
  it('crosses two attributes by class on the audit split, empty cells included', () => {
    const cells = groupCounts(table(), 'Label', 'Male', 'Skin');
    expect(cells.map((cell) => cell.group.map((part) => part.value).join('+'))).toEqual([
      'no+dark',
      'no+light',
      'yes+dark',
      'yes+light',
    ]);
    expect(cells.map((cell) => cell.counts)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect(groupCounts(table(), 'Label', 'Male', 'Nope')).toEqual([]);
  });
  it('lists the rates that a group is too small for, and never an empty group', () => {
    const small = groupsTooSmall(table(), QUESTION);
    expect(small.map((row) => `${row.group.map((g) => g.value).join('+')} ${row.rate} ${String(row.count)}`)).toEqual([
      'yes fnr 1',
      'yes fpr 1',
      'light fnr 1',
      'light fpr 1',
      'yes+light fnr 1',
      'yes+light fpr 1',
    ]);
    expect(groupsTooSmall(table(), { ...QUESTION, minCount: 1 })).toEqual([]);
  });
  it('adds up the memory of the arrays', () => {
    expect(memoryBytes(table())).toBe(6 * 8 * 2 + 3 * 12 + 6 + 12);
  });
});

describe('what a plan must fit', () => {
  it('counts as the training data do', () => {
    for (const dataset of [table(), images([1, 2, 3, 4, 5, 6], [SPLIT_TRAIN, SPLIT_UNUSED, SPLIT_AUDIT])]) {
      const data = trainingData(dataset, QUESTION);
      expect(planFacts(dataset, QUESTION)).toEqual({
        dataset: { name: 'Toy', hash: '00' },
        question: QUESTION,
        kind: dataset.features.kind,
        input: data.input,
        classes: data.classes.length,
        examples: data.training.examples,
        trainExamples: data.trainIndices.length,
        auditExamples: data.auditIndices.length,
      });
    }
    expect(planFacts(table(), QUESTION)).toMatchObject({ trainExamples: 3, input: [1, 1, 4] });
    expect(planFacts(table(), { ...QUESTION, target: 'none' })).toMatchObject({ classes: 0, trainExamples: 0 });
  });
});
