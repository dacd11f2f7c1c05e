import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typicalDistance, type Embeddings } from './embeddings.ts';
import { nearestNeighbours } from './neighbours.ts';

const line = (...places: number[]): Embeddings => ({ width: 1, values: Float32Array.from(places) });

describe('nearest neighbours', () => {
  it('come nearest first, never the example itself, with their distances', () => {
    const { examples, distances } = nearestNeighbours(line(0, 10, 1, -2, 4), 0, 3, 1);
    expect([...examples]).toEqual([2, 3, 4]);
    expect([...distances]).toEqual([1, 2, 4]);
  });

  it('of a plane are by the straight line, as shares of the typical distance', () => {
    const plane = { width: 2, values: Float32Array.of(0, 0, 3, 4, 0, 4.5) };
    expect(nearestNeighbours(plane, 0, 2, 10)).toEqual({
      examples: Uint32Array.of(2, 1),
      distances: Float64Array.of(0.45, 0.5),
    });
  });

  it('are those that sorting everything finds, ties in the order of the examples', () => {
    const embeddings = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(embeddings, fc.nat(), fc.integer({ min: 1, max: 12 }), (places, at, wanted) => {
        const example = at % places.length;
        const distance = (x: number): number => Math.abs(places[x]! - places[example]!);
        const sorted = places.map((_, x) => x).filter((x) => x !== example);
        sorted.sort((a, b) => distance(a) - distance(b) || a - b);
        const found = nearestNeighbours(line(...places), example, wanted, 1);
        expect([...found.examples]).toEqual(sorted.slice(0, wanted));
      }),
    );
  });

  it('are none of a single example, and keep their distances where all examples are one', () => {
    expect(nearestNeighbours(line(5), 0, 8).examples).toHaveLength(0);
    expect(nearestNeighbours(line(5, 5, 5), 1, 8)).toEqual({
      examples: Uint32Array.of(0, 2),
      distances: Float64Array.of(0, 0),
    });
  });
});

describe('the typical distance', () => {
  it('is the median over pairs, and 0 where there is none', () => {
    expect(typicalDistance(line(0, 7))).toBe(7);
    const even = line(...Array.from({ length: 1000 }, (_, i) => i / 1000));
    expect(typicalDistance(even)).toBeGreaterThan(0.25);
    expect(typicalDistance(even)).toBeLessThan(0.34); // 1 - sqrt(1/2) of a uniform draw
    expect(typicalDistance(line(1))).toBe(0);
  });
});
