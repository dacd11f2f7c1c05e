import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBlinded, drawBlindedQueue, newcombe } from './blinded-review.ts';

describe("Newcombe's interval of a difference of shares: his table II, method 10", () => {
  test.each([
    [56, 70, 48, 80, 0.2, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.6, 0.1705, 0.809],
    [10, 10, 0, 20, 1, 0.6791, 1],
    [10, 10, 0, 10, 1, 0.6075, 1],
  ])('%i/%i - %i/%i', (a, m, b, n, value, low, high) => {
    const found = newcombe(a, m, b, n);
    expect(found.value).toBeCloseTo(value, 10);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
  test('nothing reviewed: nothing to estimate', () => {
    expect(newcombe(0, 0, 1, 2).value).toBeNull();
  });
});

test('the queue has no more CIE than asked for, and as many controls of each class as there are', () => {
  const labels = fc.array(fc.nat(2), { maxLength: 60 });
  fc.assert(
    fc.property(labels, fc.nat(20), fc.nat(99), fc.infiniteStream(fc.boolean()), (codes, most, seed, coin) => {
      const truth = Uint16Array.from(codes);
      const cies = Uint32Array.from(codes.flatMap((_, x) => (coin.next().value === true ? [x] : [])));
      const queue = drawBlindedQueue(cies, truth, most, seed);
      expect(queue.cie.length).toBe(Math.min(most, cies.length));
      expect([...queue.cie].every((x) => cies.includes(x) && queue.order.includes(x))).toBe(true);
      expect(new Set(queue.order).size).toBe(queue.order.length);
      const controls = [...queue.order].filter((x) => !queue.cie.includes(x));
      expect(controls.some((x) => cies.includes(x))).toBe(false);
      for (const code of [0, 1, 2]) {
        const wanted = [...queue.cie].filter((x) => truth[x] === code).length;
        const there = codes.filter((own, x) => own === code && !cies.includes(x)).length;
        expect(controls.filter((x) => truth[x] === code).length).toBe(Math.min(wanted, there));
      }
      expect(drawBlindedQueue(cies, truth, most, seed)).toEqual(queue);
    }),
  );
});

test('the place in the queue says nothing about what an example is', () => {
  const labels = new Uint16Array(2000);
  const cies = Uint32Array.from({ length: 1000 }, (_, i) => i);
  const { order, cie } = drawBlindedQueue(cies, labels, 1000, 5);
  const isCie = new Set(cie);
  const early = [...order.subarray(0, 1000)].filter((x) => isCie.has(x)).length;
  // Hypergeometric: 500 expected, standard deviation 11.2.
  expect(Math.abs(early - 500)).toBeLessThan(45);
});

test('compares the label mix of what was reviewed; several labels count once for "hard"', () => {
  const given = new Map<string, readonly string[]>([
    ['c1', ['ambiguous', 'low-quality']],
    ['c2', ['wrong-label']],
    ['c3', ['none-of-these']],
    ['k1', ['none-of-these']],
    ['k2', ['ambiguous']],
  ]);
  const result = compareBlinded(given, new Set(['c1', 'c2', 'c3', 'c4']), ['wrong-label', 'ambiguous']);
  expect(result).toMatchObject({ cie: 3, controls: 2 });
  expect(result.rows.map(({ label, cieCount, controlCount }) => [label, cieCount, controlCount])).toEqual([
    ['hard', 1, 1],
    ['wrong-label', 1, 0],
    ['ambiguous', 1, 1],
  ]);
  expect(result.rows[0]!.difference.value).toBeCloseTo(1 / 3 - 1 / 2, 12);
});
