import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, pairedRatios, quantile, spread } from './statistics.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('statistics of readings', () => {
  it('take the middle value, or the mean of the two in the middle, in any order', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([8, 2, 4, 1])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('have quartiles between the values, linearly', () => {
    expect(spread([4, 1, 3, 2])).toEqual([1.75, 3.25]);
    expect(spread([5])).toEqual([5, 5]);
  });

  it('leave a quantile between the ends, rising with its fraction, and the readings as they were', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, fraction) => {
        const before = [...values];
        const at = quantile(values, fraction);
        expect(values).toEqual(before);
        expect(at).toBeGreaterThanOrEqual(Math.min(...values));
        expect(at).toBeLessThanOrEqual(Math.max(...values));
        expect(at).toBeGreaterThanOrEqual(quantile(values, fraction / 2));
      }),
    );
  });

  it('pair rounds, as many as both sides have', () => {
    expect(pairedRatios([2, 9, 30], [1, 3])).toEqual([2, 3]);
    expect(pairedRatios([], [1])).toEqual([]);
  });
});
