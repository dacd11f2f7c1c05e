import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsWhere, countBits, countBoth, eachBit, intersect } from '#audit/bits.ts';
import { SliceSpace } from '#audit/slice-space.ts';
import { findSlices } from '#audit/slices.ts';
import { stream } from '#lib/random.ts';

const attribute = (name: string, values: readonly string[], codes: readonly number[]) => ({
  name,
  values,
  codes: Int16Array.from(codes),
});
const search = (
  attributes: readonly ReturnType<typeof attribute>[],
  weights: readonly number[],
  minCount: number,
  top: number,
) => {
  const labels = new Uint16Array(weights.length);
  return findSlices(new SliceSpace({ attributes, labels }, minCount), weights, { depth: 3, top });
};

/** Every slice, without any pruning, by going over the examples. */
function everySlice(
  attributes: readonly ReturnType<typeof attribute>[],
  weights: readonly number[],
  minCount: number,
): Map<string, number> {
  const count = weights.length;
  const mean = weights.reduce((sum, w) => sum + w, 0) / count;
  const scores = new Map<string, number>();
  const walk = (from: number, chosen: readonly (readonly [number, number])[]): void => {
    if (chosen.length > 0) {
      const inside = weights.filter((_, x) => chosen.every(([a, code]) => attributes[a]!.codes[x] === code));
      const n = inside.length;
      if (n >= minCount) {
        const sum = inside.reduce((all, w) => all + w, 0);
        const group = Object.fromEntries(
          chosen.map(([a, code]) => [attributes[a]!.name, attributes[a]!.values[code]!]),
        );
        scores.set(JSON.stringify(group), 0.95 * (sum / n / mean - 1) - 0.05 * (count / n - 1));
      }
    }
    if (chosen.length === 3) return;
    for (let a = from; a < attributes.length; a++)
      attributes[a]!.values.forEach((_, code) => {
        walk(a + 1, [...chosen, [a, code]]);
      });
  };
  walk(0, []);
  return scores;
}

describe('findSlices', () => {
  it('finds the planted combination first', () => {
    const random = stream(3, 'slices');
    const count = 2000;
    const attributes = ['A', 'B', 'C', 'D'].map((name) =>
      attribute(
        name,
        ['0', '1'],
        Array.from({ length: count }, () => random.int(2)),
      ),
    );
    const weights = Array.from({ length: count }, (_, x) => {
      const planted = attributes[0]!.codes[x] === 1 && attributes[2]!.codes[x] === 0 && attributes[3]!.codes[x] === 1;
      return random.next() < (planted ? 0.3 : 0.02) ? 1 : 0;
    });
    const slices = search(attributes, weights, 30, 5);
    expect(slices[0]?.group).toEqual({ A: '1', C: '0', D: '1' });
    expect(slices[0]!.sum / slices[0]!.n).toBeGreaterThan(0.2);
  });

  it('finds the same best slices as looking at every one', () => {
    const cases = fc.record({
      codes: fc.array(
        fc.tuple(fc.integer({ min: -1, max: 2 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 2 })),
        {
          minLength: 4,
          maxLength: 60,
        },
      ),
      seed: fc.integer({ min: 0, max: 1000 }),
      minCount: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ codes, seed, minCount }) => {
        const random = stream(seed, 'weights');
        const weights = codes.map(() => random.int(4) - 1);
        const attributes = [0, 1, 2].map((i) =>
          attribute(
            `a${String(i)}`,
            ['x', 'y', 'z'],
            codes.map((row) => row[i]!),
          ),
        );
        const slices = search(attributes, weights, minCount, 4);
        const every = everySlice(attributes, weights, minCount);
        const bestScores = [...every.values()].filter((score) => score > 0).sort((a, b) => b - a);
        if (weights.reduce((sum, w) => sum + w, 0) <= 0) {
          expect(slices).toEqual([]);
          return;
        }
        for (const slice of slices) expect(every.get(JSON.stringify(slice.group))).toBeCloseTo(slice.score, 9);
        // the same examples by a longer name are left out, so scores agree as sets
        const distinct = (scores: readonly number[]) => [...new Set(scores.map((score) => score.toFixed(9)))];
        const own = distinct(slices.map((slice) => slice.score));
        expect(own[0]).toBe(distinct(bestScores)[0]);
      }),
      { numRuns: 150 },
    );
  });

  it('finds nothing where nothing falls, and no slice below the least count', () => {
    const attributes = [attribute('A', ['0', '1'], [0, 1, 1, 1])];
    expect(search(attributes, [0, 0, 0, 0], 1, 3)).toEqual([]);
    expect(search(attributes, [1, 0, 0, 0], 2, 3)).toEqual([]);
    expect(search(attributes, [1, 0, 0, 0], 1, 3)[0]?.group).toEqual({ A: '0' });
  });
});

describe('Bits', () => {
  it('counts and visits as a set does', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (flags) => {
        const bits = bitsWhere(flags.length, (x) => flags[x]!);
        const even = bitsWhere(flags.length, (x) => x % 2 === 0);
        const visited: number[] = [];
        eachBit(bits, (x) => visited.push(x));
        const expected = flags.flatMap((flag, x) => (flag ? [x] : []));
        expect(visited).toEqual(expected);
        expect(countBits(bits)).toBe(expected.length);
        const shared = expected.filter((x) => x % 2 === 0).length;
        expect(countBoth(bits, even)).toBe(shared);
        expect(countBits(intersect(bits, even, new Uint32Array(bits.length)))).toBe(shared);
      }),
    );
  });
});
