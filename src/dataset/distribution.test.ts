import { expect, it } from 'vitest';
import { categoricalColumn } from './build.ts';
import type { Dataset } from './dataset.ts';
import { placedValues } from './distribution.ts';
import { duplicatesOf } from './duplicates.ts';

const dataset: Dataset = {
  name: 'Toy',
  noun: ['row', 'rows'],
  origin: { kind: 'files', names: ['toy.csv'] },
  ids: ['a', 'b', 'c', 'd'],
  features: {
    kind: 'table',
    numeric: [
      { name: 'Age', numbers: Float64Array.of(0, 12, NaN, 24) },
      { name: 'Flat', numbers: Float64Array.of(-0, 0, 0, 0) },
      { name: 'Empty', numbers: Float64Array.of(NaN, NaN, NaN, NaN) },
    ],
    categorical: ['Colour'],
  },
  columns: [
    categoricalColumn('Colour', ['red', 'blue', 'red', 'red']),
    categoricalColumn('Label', ['x', 'y', 'x', 'x']),
  ],
  split: Uint8Array.of(0, 1, 1, 1),
  hash: 'toy',
  remarks: [],
  question: { target: 'Label', positive: 'y', attributes: [], minCount: 1 },
};

function finish<T>(steps: Generator<undefined, T, undefined>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

it('places each value among those of all rows', () => {
  const [age, flat, empty, colour, ...more] = finish(placedValues(dataset, 1));
  expect(more).toEqual([]);
  expect(age).toMatchObject({ kind: 'number', value: 12, least: 0, greatest: 24, below: 1 / 3, equal: 1 / 3 });
  const counts = age?.kind === 'number' ? age.counts : [];
  expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
    [0, 1],
    [12, 1],
    [23, 1],
  ]);
  expect(flat).toMatchObject({ value: 0, counts: [4], below: 0, equal: 1 });
  expect(empty).toMatchObject({ value: null, counts: [] });
  expect(colour).toEqual({
    kind: 'category',
    name: 'Colour',
    value: 'blue',
    shares: [
      { value: 'red', share: 0.75 },
      { value: 'blue', share: 0.25 },
    ],
  });
});

it('a missing number has no place', () => {
  expect(finish(placedValues(dataset, 2))[0]).toMatchObject({ value: null, below: 0, equal: 0 });
});

it('finds the copies of one example: missing equals missing, labels do not count', () => {
  const numeric = [{ name: 'Age', numbers: Float64Array.of(5, NaN, 5, NaN) }];
  const toy: Dataset = { ...dataset, features: { kind: 'table', numeric, categorical: [] } };
  expect(finish(duplicatesOf(toy, 1))).toEqual([3]);
  const image: Dataset = {
    ...dataset,
    features: { kind: 'images', width: 1, height: 2, channels: 1, pixels: Uint8Array.of(1, 2, 1, 3, 1, 2, 1, 2) },
  };
  expect(finish(duplicatesOf(image, 2))).toEqual([0, 3]);
  expect(finish(duplicatesOf(image, 1))).toEqual([]);
});
