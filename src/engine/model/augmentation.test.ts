import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_SHIFT, packView, PLAIN_VIEW, unpackView, viewOrder } from '#engine/model/augmentation.ts';
import type { AugmentationSpec } from '#engine/model/plan.ts';

const shift = fc.integer({ min: -MOST_SHIFT, max: MOST_SHIFT });

describe('a packed view', () => {
  it('comes back as it went, and is an int32 that is not negative', () => {
    fc.assert(
      fc.property(fc.boolean(), shift, shift, (flip, down, right) => {
        const packed = packView({ flip, down, right });
        expect(unpackView(packed)).toEqual({ flip, down, right });
        expect(Int32Array.of(packed)[0]).toBe(packed);
        expect(packed).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('has its bits where executors look for them', () => {
    expect(packView({ flip: true, down: 3, right: -2 })).toBe(1 + 131 * 256 + 126 * 65536);
    expect(unpackView(PLAIN_VIEW)).toEqual({ flip: false, down: 0, right: 0 });
  });
});

describe('viewOrder', () => {
  const spec = { flip: true, shift: 2 };
  const views = (batches: number, seed: number, member: number, of: AugmentationSpec): number[] => {
    const order = viewOrder(seed, member, of, 50);
    return Array.from({ length: batches }, () => [...order.next()]).flat();
  };

  it('mirrors about half and moves evenly up to the shift', () => {
    const seen = views(100, 1, 0, spec).map(unpackView);
    expect(seen).toHaveLength(5000);
    const share = (test: (view: (typeof seen)[number]) => boolean): number => seen.filter(test).length / seen.length;
    expect(share((v) => v.flip)).toBeCloseTo(0.5, 1);
    for (const by of [-2, -1, 0, 1, 2]) {
      expect(Math.abs(share((v) => v.down === by) - 0.2)).toBeLessThan(0.02);
      expect(Math.abs(share((v) => v.right === by) - 0.2)).toBeLessThan(0.02);
      expect(Math.abs(share((v) => v.right === by && v.down === -by && v.flip) - 0.02)).toBeLessThan(0.01);
    }
    expect(share((v) => Math.abs(v.down) > 2 || Math.abs(v.right) > 2)).toBe(0);
  });

  it('leaves out what is not asked for', () => {
    expect(views(20, 1, 0, { flip: false, shift: 3 }).some((v) => unpackView(v).flip)).toBe(false);
    expect(new Set(views(20, 1, 0, { flip: true, shift: 0 }).map((v) => v & ~1))).toEqual(new Set([PLAIN_VIEW]));
    expect(new Set(views(20, 1, 0, { flip: false, shift: 0 }))).toEqual(new Set([PLAIN_VIEW]));
  });

  it('is of the seed and the member alone', () => {
    expect(views(3, 7, 2, spec)).toEqual(views(3, 7, 2, spec));
    expect(views(3, 7, 2, spec)).not.toEqual(views(3, 7, 3, spec));
    expect(views(3, 7, 2, spec)).not.toEqual(views(3, 8, 2, spec));
  });

  it('goes on from where it was saved', () => {
    const order = viewOrder(3, 1, spec, 8);
    order.next();
    const state: unknown = JSON.parse(JSON.stringify(order.save()));
    const expected = [order.next(), order.next()];
    const resumed = viewOrder(3, 1, spec, 8);
    resumed.restore(state as readonly number[]);
    expect([resumed.next(), resumed.next()]).toEqual(expected);
  });
});
