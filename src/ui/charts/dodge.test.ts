import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dodge } from './dodge.ts';

describe('dodge', () => {
  it('leaves labels that have room where they are', () => {
    expect(dodge([50, 10, 30], 16, 0, 100)).toEqual([50, 10, 30]);
  });

  it('spreads two labels at one place around it, the first above', () => {
    expect(dodge([50, 50], 16, 0, 100)).toEqual([42, 58]);
  });

  it('pushes a run that would leave the plot back inside', () => {
    expect(dodge([2, 3, 98], 10, 0, 100)).toEqual([0, 10, 98]);
    expect(dodge([99, 100], 10, 0, 100)).toEqual([90, 100]);
  });

  it('answers nothing for nothing', () => {
    expect(dodge([], 10, 0, 100)).toEqual([]);
  });

  it('keeps the order and the gap, and stays inside whenever there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 12 }), (wanted) => {
        const placed = dodge(wanted, 16, 40, 300);
        const order = wanted.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i);
        order.slice(1).forEach(({ i }, place) => {
          expect(placed[i]! - placed[order[place]!.i]!).toBeGreaterThanOrEqual(16 - 1e-9);
        });
        for (const at of placed) {
          expect(at).toBeGreaterThanOrEqual(40 - 1e-9);
          expect(at).toBeLessThanOrEqual(300 + 1e-9);
        }
      }),
    );
  });
});
