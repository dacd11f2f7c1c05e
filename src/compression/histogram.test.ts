import { describe, expect, it } from 'vitest';
import { weightHistogram } from '#compression/histogram.ts';

describe('the histogram of weights', () => {
  it('counts by hand: 40 bins between the largest magnitudes, zeros apart', () => {
    const { limit, zeros, counts } = weightHistogram(Float32Array.of(-2, -1.95, -0.05, 0, -0, 0.05, 1, 2, 2));
    expect([limit, zeros, counts.length]).toEqual([2, 2, 40]);
    expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
      [0, 2],
      [19, 1],
      [20, 1],
      [30, 1],
      [39, 2],
    ]);
  });

  it('has empty bins where everything is 0, and leaves out what is no number', () => {
    const empty = new Array<number>(40).fill(0);
    expect(weightHistogram(Float32Array.of(0, 0))).toEqual({ limit: 0, zeros: 2, counts: empty });
    expect(weightHistogram(Float32Array.of())).toEqual({ limit: 0, zeros: 0, counts: empty });
    expect(weightHistogram(Float32Array.of(NaN, Infinity, 1)).counts.at(-1)).toBe(1);
  });
});
