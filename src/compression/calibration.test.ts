import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calibrationSet } from '#compression/calibration.ts';

const labels = Uint16Array.of(0, 0, 0, 1, 0, 0, 2, 1);
const all = Uint32Array.from(labels, (_, i) => i);
const classesOf = (examples: Int32Array): number[] => [...examples].map((example) => labels[example]!);

it('is the first examples where nothing is drawn', () => {
  expect(calibrationSet(Uint32Array.of(5, 2, 7), labels, { calibration: 2 })).toEqual(Int32Array.of(5, 2));
});

it('takes one of each class in turn where it is balanced, and goes on where a class is used up', () => {
  const drawn = (calibration: number) =>
    calibrationSet(all, labels, { calibration, draw: { kind: 'balanced', seed: 1 } });
  expect(classesOf(drawn(8))).toEqual([0, 1, 2, 0, 1, 0, 0, 0]);
  expect(drawn(4)).toEqual(drawn(8).slice(0, 4));
});

it('draws other examples with another seed, the same with the same', () => {
  const many = Uint32Array.from({ length: 500 }, (_, i) => i);
  const drawn = (seed: number) =>
    calibrationSet(many, new Uint16Array(500), { calibration: 10, draw: { kind: 'random', seed } });
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
});

it('draws each training example at most once and no other, as many as asked for', () => {
  const anyLabels = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 });
  const kinds = fc.constantFrom('random' as const, 'balanced' as const);
  fc.assert(
    fc.property(anyLabels, kinds, fc.nat(), fc.integer({ min: 1, max: 80 }), (own, kind, seed, calibration) => {
      const train = Uint32Array.from(own, (_, i) => i).filter((i) => i % 3 !== 0);
      const drawn = calibrationSet(train, Uint16Array.from(own), { calibration, draw: { kind, seed } });
      expect(drawn).toHaveLength(Math.min(calibration, train.length));
      expect(new Set(drawn).size).toBe(drawn.length);
      expect([...drawn].every((example) => train.includes(example))).toBe(true);
      if (kind === 'random') return;
      const counts = (examples: ArrayLike<number>, label: number): number =>
        Array.from(examples).filter((example) => own[example] === label).length;
      const most = Math.max(...[0, 1, 2, 3, 4].map((label) => counts(drawn, label)));
      for (const label of [0, 1, 2, 3, 4])
        expect(counts(drawn, label)).toBeGreaterThanOrEqual(Math.min(most - 1, counts(train, label)));
    }),
  );
});
