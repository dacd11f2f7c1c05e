import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reviewerAgreement, type Ratings } from './reviewers.ts';

/** Ratings from one row of numbers an example, null for nothing said. */
const ratingsOf = (rows: readonly (readonly (number | null)[])[]): Ratings => ({
  reviewers: (rows[0] ?? []).map((_, i) => `r${String(i)}`),
  codes: Int32Array.from(rows.flat().map((code) => code ?? -1)),
  categories: 1 + Math.max(0, ...rows.flat().map((code) => code ?? 0)),
});
const agreementOf = (rows: readonly (readonly (number | null)[])[]) => reviewerAgreement(ratingsOf(rows), 1);
const times = (n: number, row: readonly number[]): (readonly number[])[] => Array.from({ length: n }, () => row);

describe('published examples', () => {
  test("Cohen's kappa: 20 both yes, 5 and 10 apart, 15 both no give 0.4", () => {
    const { pairs } = agreementOf([
      ...times(20, [1, 1]),
      ...times(5, [1, 0]),
      ...times(10, [0, 1]),
      ...times(15, [0, 0]),
    ]);
    expect(pairs[0]!.cohen.value).toBeCloseTo(0.4, 12);
    expect(pairs[0]).toMatchObject({ shared: 50, same: 35 });
    // Cohen's large-sample standard error, sqrt(p_o (1 - p_o) / N) / (1 - p_e), is 0.13: the bootstrap is near 0.4 +- 1.96 of it.
    expect(Math.abs(pairs[0]!.cohen.low! - 0.146)).toBeLessThan(0.05);
    expect(Math.abs(pairs[0]!.cohen.high! - 0.654)).toBeLessThan(0.05);
  });

  test("Fleiss' kappa: 10 examples, 14 raters, 5 categories give 0.210", () => {
    const counts = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ];
    const { fleiss } = agreementOf(counts.map((row) => row.flatMap((n, category) => Array<number>(n).fill(category))));
    expect(fleiss.value).toBeCloseTo(0.21, 3);
  });

  test("Krippendorff's alpha: 4 observers, 12 units, missing data give 0.743", () => {
    const observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];
    const { krippendorff, shared } = agreementOf(observers[0]!.map((_, x) => observers.map((row) => row[x]!)));
    expect(krippendorff.value).toBeCloseTo(0.743, 3);
    expect(shared).toBe(11);
  });
});

test('40 examples, four reviewers, missing ratings: as computed with numpy, its bootstrap of 20,000 repeats included', () => {
  let state = 12345n;
  const next = (): number => {
    state = (state * 1103515245n + 12345n) % 2n ** 31n;
    return Number(state) / 2 ** 31;
  };
  const rows = Array.from({ length: 40 }, (_, x) =>
    Array.from({ length: 4 }, () => {
      const [u, v] = [next(), next()];
      return u < 0.2 ? null : u < 0.7 ? x % 3 : Math.floor(v * 3);
    }),
  );
  const { pairs, fleiss, krippendorff, shared } = agreementOf(rows);
  expect(shared).toBe(38);
  const cohen = [
    0.2732919254658385, 0.44827586206896547, 0.5172413793103448, 0.5827338129496403, 0.3157894736842105,
    0.4144144144144145,
  ];
  for (const [i, value] of cohen.entries()) expect(pairs[i]!.cohen.value).toBeCloseTo(value, 12);
  expect(pairs.map((pair) => pair.shared)).toEqual([27, 22, 22, 29, 29, 26]);
  expect(fleiss.value).toBeCloseTo(0.4048582995951416, 12);
  expect(krippendorff.value).toBeCloseTo(0.42228553339664465, 12);
  expect(Math.abs(krippendorff.low! - 0.2304)).toBeLessThan(0.03);
  expect(Math.abs(krippendorff.high! - 0.5926)).toBeLessThan(0.03);
});

test('complete agreement is 1, and has no interval: the bootstrap sees no spread', () => {
  const { pairs, fleiss, krippendorff } = agreementOf([
    [0, 0],
    [1, 1],
    [0, 0],
    [1, 1],
  ]);
  for (const one of [pairs[0]!.cohen, fleiss, krippendorff]) expect(one).toEqual({ value: 1, low: null, high: null });
});

test.each([
  ['no examples', []],
  ['one reviewer', [[0], [1]]],
  [
    'nothing shared',
    [
      [0, null],
      [null, 1],
    ],
  ],
  [
    'one category only',
    [
      [0, 0],
      [0, 0],
    ],
  ],
])('%s: nothing to estimate', (_, rows) => {
  const { pairs, fleiss, krippendorff } = agreementOf(rows);
  for (const one of [...pairs.map(({ cohen }) => cohen), fleiss, krippendorff]) expect(one.value).toBeNull();
});

test('names of categories do not matter, nor does an example that only one has rated; the same seed gives the same interval', () => {
  const row = fc.array(fc.option(fc.nat(2), { nil: null }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 5, maxLength: 15 }), (rows) => {
      const before = agreementOf(rows);
      const renamed = agreementOf([
        ...rows.map((codes) => codes.map((code) => (code === null ? null : 2 - code))),
        [null, 1, null],
      ]);
      expect(renamed.shared).toBe(before.shared);
      for (const key of ['fleiss', 'krippendorff'] as const) {
        expect(renamed[key].value ?? -9).toBeCloseTo(before[key].value ?? -9, 12);
      }
      expect(agreementOf(rows)).toEqual(before);
    }),
    { numRuns: 20 },
  );
});
