import { expect, test } from 'vitest';
import { tinyDataset } from '#testing/records.ts';
import { sheetOf, withSheet } from './preview.ts';

const audited = [1, 4, 7];
const EXAMPLES = 9;
const dataset = {
  ...tinyDataset(),
  ids: Array.from({ length: EXAMPLES }, (_, x) => `s${String(x)}`),
  split: Uint8Array.from({ length: EXAMPLES }, (_, x) => Number(audited.includes(x))),
  features: {
    kind: 'images',
    width: 2,
    height: 3,
    channels: 3,
    pixels: Uint8Array.from({ length: EXAMPLES * 18 }, (_, i) => i),
  },
} as const;

test('the audited pictures come back from their sheet where they belong, the others are blank', () => {
  const sheet = sheetOf(dataset)!;
  expect([sheet.width, sheet.height]).toEqual([160, 3]);
  const back = withSheet({ dataset }, sheet);
  if (back?.features.kind !== 'images') throw new Error('no pictures');
  expect({ ...back, features: null }).toEqual({ ...dataset, features: null });
  for (let x = 0; x < EXAMPLES; x++) {
    const own = back.features.pixels.subarray(x * 18, (x + 1) * 18);
    expect(own).toEqual(
      audited.includes(x) ? dataset.features.pixels.subarray(x * 18, (x + 1) * 18) : new Uint8Array(18).fill(128),
    );
  }
});

test('a sheet of another size is refused, and grey pictures have none', () => {
  expect(withSheet({ dataset }, { width: 160, height: 6, rgba: new Uint8Array(4 * 160 * 6) })).toBeNull();
  expect(sheetOf(tinyDataset())).toBeNull();
});
