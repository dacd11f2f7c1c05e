import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawBlindedQueue } from './blinded-review.ts';

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
