import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningRateAt } from '#engine/model/learning-rate.ts';
import type { ScheduleSpec } from '#engine/model/plan.ts';

const rates = (schedule: ScheduleSpec | undefined, steps: number): number[] =>
  Array.from({ length: steps }, (_, i) =>
    learningRateAt({ learningRate: 0.5, steps, ...(schedule && { schedule }) }, i + 1),
  );

describe('learningRateAt', () => {
  it('is the same at every step where nothing is said, and where it is constant', () => {
    expect(rates(undefined, 3)).toEqual([0.5, 0.5, 0.5]);
    expect(rates({ kind: 'constant' }, 3)).toEqual([0.5, 0.5, 0.5]);
  });

  it('rises to its full height and falls along half a cosine, by hand', () => {
    const got = rates({ kind: 'cosine', warmup: 2 }, 6);
    const fall = [0, 0.25, 0.5, 0.75].map((p) => 0.25 * (1 + Math.cos(Math.PI * p)));
    [0.25, 0.5, ...fall].forEach((rate, i) => expect(got[i]).toBeCloseTo(rate, 12));
    expect(rates({ kind: 'cosine', warmup: 0 }, 4)[0]).toBe(0.5);
  });

  it('is cut after each of the steps', () => {
    expect(rates({ kind: 'step', at: [2, 4], factor: 0.5 }, 6)).toEqual([0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
    expect(rates({ kind: 'step', at: [], factor: 0.5 }, 2)).toEqual([0.5, 0.5]);
  });

  it('of a cosine is above 0 and never above its height; after warming up it only falls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(59), (steps, some) => {
        const warmup = some % steps;
        const got = rates({ kind: 'cosine', warmup }, steps);
        for (const rate of got) {
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(0.5);
        }
        got.slice(warmup).reduce((before, rate) => {
          expect(rate).toBeLessThanOrEqual(before);
          return rate;
        }, 0.5);
      }),
    );
  });

  it('of a cosine that warms up through the whole run reaches its height at the last step', () => {
    expect(rates({ kind: 'cosine', warmup: 4 }, 4)).toEqual([0.125, 0.25, 0.375, 0.5]);
  });
});
