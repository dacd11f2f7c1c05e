import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreSquare, squareMean, strips } from './square-mean.ts';

/** The same by its definition: the share of every source pixel in every target pixel. */
function slowly(rgba: Uint8Array, side: number, size: number): number[] {
  const share = (source: number, target: number): number =>
    Math.max(0, Math.min((source + 1) / side, (target + 1) / size) - Math.max(source / side, target / size)) * size;
  const result: number[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = 0; j < side; j++)
          for (let i = 0; i < side; i++) sum += share(j, y) * share(i, x) * rgba[(j * side + i) * 4 + channel]!;
        result.push(sum);
      }
    }
  }
  return result;
}

const picture = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 20 })).chain(([side, size]) =>
  fc.record({
    side: fc.constant(side),
    size: fc.constant(size),
    rgba: fc.uint8Array({ minLength: side * side * 4, maxLength: side * side * 4 }),
    cut: fc.integer({ min: 0, max: side }),
  }),
);

describe('the mean of the area that a pixel covers', () => {
  it('is what its definition says, in strips as at once', () => {
    fc.assert(
      fc.property(picture, ({ side, size, rgba, cut }) => {
        const mean = squareMean(side, size);
        mean.add(rgba.subarray(0, cut * side * 4), 0, cut);
        mean.add(rgba.subarray(cut * side * 4), cut, side - cut);
        const expected = slowly(rgba, side, size);
        mean.pixels().forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(0.5 + 1e-9));
      }),
    );
  });

  it('leaves a picture of the right size as it is', () => {
    const rgba = Uint8Array.from({ length: 7 * 7 * 4 }, (_, i) => (i * 37) & 255);
    const mean = squareMean(7, 7);
    mean.add(rgba, 0, 7);
    expect([...mean.pixels()]).toEqual([...rgba].filter((_, i) => i % 4 !== 3));
  });

  it('rounds halves up', () => {
    const mean = squareMean(2, 1);
    mean.add(Uint8Array.of(1, 0, 0, 255, 2, 0, 0, 255, 1, 1, 0, 255, 2, 0, 0, 255), 0, 2);
    expect([...mean.pixels()]).toEqual([2, 0, 0]);
  });
});

it('cuts out the centre square and reads it in strips of at most four million pixels', () => {
  expect(centreSquare(7, 4)).toEqual({ side: 4, left: 1, top: 0 });
  expect(centreSquare(3, 8)).toEqual({ side: 3, left: 0, top: 2 });
  expect([...strips(3000)]).toEqual([
    { first: 0, count: 1333 },
    { first: 1333, count: 1333 },
    { first: 2666, count: 334 },
  ]);
});
