import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookerSchedule, scheduledUpdates, sparsityAt, tfmotSchedule, updatesMaskAt } from '#compression/schedule.ts';
import type { PrunedSpec } from '#compression/spec.ts';

const spec: PrunedSpec = { kind: 'pruned', semantics: 'hooker', sparsity: 0.8, begin: 100, end: 300, every: 50 };

describe('sparsityAt', () => {
  it('follows the cubic by hand', () => {
    expect(sparsityAt(spec, 0)).toBe(0);
    expect(sparsityAt(spec, 100)).toBe(0);
    expect(sparsityAt(spec, 200)).toBeCloseTo(0.8 * (1 - 1 / 8), 12);
    expect(sparsityAt(spec, 250)).toBeCloseTo(0.8 * (1 - 1 / 64), 12);
    expect(sparsityAt(spec, 300)).toBe(0.8);
    expect(sparsityAt(spec, 1e9)).toBe(0.8);
  });

  it('jumps where begin is end', () => {
    const jump = { ...spec, begin: 7, end: 7 };
    expect([6, 7, 8].map((step) => sparsityAt(jump, step))).toEqual([0, 0.8, 0.8]);
  });

  it('never falls and never leaves [0, sparsity]', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), (a, b) => {
        const low = sparsityAt(spec, Math.min(a, b));
        const high = sparsityAt(spec, Math.max(a, b));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeGreaterThanOrEqual(low);
        expect(high).toBeLessThanOrEqual(0.8);
      }),
    );
  });
});

describe('mask updates', () => {
  it('come from begin to end at the interval, and never after', () => {
    expect(scheduledUpdates(spec)).toEqual([100, 150, 200, 250, 300]);
    expect(updatesMaskAt(spec, 350)).toBe(false);
  });

  it('of hooker always end with end, also where the interval does not fit', () => {
    expect(scheduledUpdates({ ...spec, every: 90 })).toEqual([100, 190, 280, 300]);
    expect(scheduledUpdates({ ...spec, begin: 5, end: 5 })).toEqual([5]);
  });

  it('of tfmot keep to the clock and stop short of end where the interval does not fit', () => {
    const tfmot = { ...spec, semantics: 'tfmot' as const };
    expect(scheduledUpdates({ ...tfmot, every: 90 })).toEqual([100, 190, 280]);
    expect(sparsityAt({ ...tfmot, every: 90 }, 280)).toBeLessThan(0.8);
    expect(scheduledUpdates(tfmot)).toEqual([100, 150, 200, 250, 300]);
    expect(scheduledUpdates({ ...tfmot, every: 1000 })).toEqual([100]);
    expect(updatesMaskAt({ ...tfmot, every: 90 }, 300)).toBe(false);
  });

  it('are the same whether asked step by step or as a list', () => {
    const number = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
    const semantics = fc.constantFrom('hooker', 'tfmot');
    fc.assert(
      fc.property(semantics, number(30), fc.nat(60), number(25), (kind, begin, length, every) => {
        const any = { ...spec, semantics: kind, begin, end: begin + length, every };
        const asked = Array.from({ length: 120 }, (_, step) => step).filter((step) => updatesMaskAt(any, step));
        expect(asked).toEqual(scheduledUpdates(any));
      }),
    );
  });
});

describe('hookerSchedule', () => {
  it("gives the paper's numbers for 10,000 steps", () => {
    expect(hookerSchedule(0.9, 10_000)).toEqual({ ...spec, sparsity: 0.9, begin: 1000, end: 9000, every: 500 });
  });

  it('stays inside every run, also of one step', () => {
    for (let steps = 1; steps < 200; steps++) {
      const { begin, end, every } = hookerSchedule(0.5, steps);
      expect(begin).toBeGreaterThanOrEqual(1);
      expect(end).toBeGreaterThanOrEqual(begin);
      expect(end).toBeLessThanOrEqual(steps);
      expect(every).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('tfmotSchedule', () => {
  it('reaches its sparsity in any number of steps', () => {
    expect(tfmotSchedule(0.9, 10_000)).toMatchObject({ semantics: 'tfmot', begin: 1000, end: 9000, every: 100 });
    for (const steps of [1, 7, 300, 321, 1999]) {
      const schedule = tfmotSchedule(0.5, steps);
      expect(sparsityAt(schedule, scheduledUpdates(schedule).at(-1)!)).toBe(0.5);
      expect(schedule.end).toBeLessThanOrEqual(steps);
    }
  });
});
