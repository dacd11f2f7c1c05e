import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bits } from '#audit/bits.ts';
import { findSlices, type Slice } from '#audit/slices.ts';
import { stream } from '#lib/random.ts';

const attribute = (name: string, values: readonly string[], codes: readonly number[]) => ({
  name,
  values,
  codes: Int16Array.from(codes),
});
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `e${String(i)}`);

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
    const { slices } = findSlices({ attributes, ids: idsOf(count) }, weights, { minCount: 30, depth: 3, top: 5 });
    expect(slices[0]?.group).toEqual({ A: '1', C: '0', D: '1' });
    expect(slices[0]!.ratio).toBeGreaterThan(3);
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
        const { slices } = findSlices({ attributes, ids: idsOf(codes.length) }, weights, {
          minCount,
          depth: 3,
          top: 4,
        });
        const every = everySlice(attributes, weights, minCount);
        const bestScores = [...every.values()].filter((score) => score > 0).sort((a, b) => b - a);
        if (weights.reduce((sum, w) => sum + w, 0) <= 0) {
          expect(slices).toEqual([]);
          return;
        }
        for (const slice of slices) expect(every.get(JSON.stringify(slice.group))).toBeCloseTo(slice.score, 9);
        // the same examples by a longer name are left out, so scores agree as sets
        const distinct = (scores: readonly number[]) => [...new Set(scores.map((score) => score.toFixed(9)))];
        const own = distinct(slices.map((slice: Slice) => slice.score));
        expect(own[0]).toBe(distinct(bestScores)[0]);
      }),
      { numRuns: 150 },
    );
  });

  it('finds nothing where nothing falls, and no slice below the least count', () => {
    const attributes = [attribute('A', ['0', '1'], [0, 1, 1, 1])];
    const ids = idsOf(4);
    expect(findSlices({ attributes, ids }, [0, 0, 0, 0], { minCount: 1, depth: 3, top: 3 }).slices).toEqual([]);
    expect(findSlices({ attributes, ids }, [1, 0, 0, 0], { minCount: 2, depth: 3, top: 3 }).slices).toEqual([]);
    expect(findSlices({ attributes, ids }, [1, 0, 0, 0], { minCount: 1, depth: 3, top: 3 }).slices[0]?.group).toEqual({
      A: '0',
    });
  });
});

describe('Bits', () => {
  it('counts and visits as a set does', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (flags) => {
        const bits = Bits.where(flags.length, (x) => flags[x]!);
        const visited: number[] = [];
        bits.each((x) => visited.push(x));
        const expected = flags.flatMap((flag, x) => (flag ? [x] : []));
        expect(visited).toEqual(expected);
        expect(bits.count()).toBe(expected.length);
        expect(bits.and(bits).count()).toBe(expected.length);
      }),
    );
  });
});
