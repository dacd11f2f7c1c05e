import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchOrder } from '#engine/model/batches.ts';

const indices = Uint32Array.from([10, 20, 30, 40, 50, 60, 70]);

it('shows each example at most once an epoch and reshuffles between epochs', () => {
  const order = batchOrder(1, 0, indices, 3);
  const epochs = Array.from({ length: 6 }, () => [...order.next(), ...order.next()]);
  for (const epoch of epochs) {
    expect(new Set(epoch).size).toBe(6);
    expect(epoch.every((example) => indices.includes(example))).toBe(true);
  }
  expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
  expect(new Set(epochs.flat()).size).toBe(7);
});

it('depends on the seed and the member', () => {
  const many = Uint32Array.from({ length: 50 }, (_, i) => i);
  const first = (seed: number, member: number): string => String(batchOrder(seed, member, many, 20).next());
  expect(first(1, 0)).toBe(first(1, 0));
  expect(first(1, 0)).not.toBe(first(1, 1));
  expect(first(1, 0)).not.toBe(first(2, 0));
});

it('goes on after a restore as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(12), (batchSize, before) => {
      const order = batchOrder(5, 2, indices, batchSize);
      for (let i = 0; i < before; i++) order.next();
      const state = order.save();
      const expected = Array.from({ length: 9 }, () => [...order.next()]);
      const resumed = batchOrder(5, 2, indices, batchSize);
      resumed.next();
      resumed.restore(state);
      expect(Array.from({ length: 9 }, () => [...resumed.next()])).toEqual(expected);
    }),
  );
});

it('refuses a batch larger than the data, and none at all', () => {
  expect(() => batchOrder(1, 0, indices, 8)).toThrow(/batch of 8 is larger than the 7/);
  expect(() => batchOrder(1, 0, indices, 0)).toThrow(/whole number from 1/);
  expect(() => batchOrder(1, 0, new Uint32Array(0), 1)).toThrow(/larger than the 0/);
});
