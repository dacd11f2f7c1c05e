import { describe, expect, it } from 'vitest';
import {
  meanAndPercentiles,
  normalInterval,
  oddsRatio,
  percentileInterval,
  studentOverMembers,
  studentQuantile,
  wilson,
} from './intervals.ts';

describe('intervals', () => {
  it('take the quantile of t from the table, and beyond it from the expansion', () => {
    expect(studentQuantile(1)).toBeCloseTo(12.706, 3);
    expect(studentQuantile(9)).toBeCloseTo(2.262, 3);
    expect(studentQuantile(31)).toBeCloseTo(2.0395, 4); // R: qt(.975, 31) = 2.039513
    expect(studentQuantile(100)).toBeCloseTo(1.98397, 5);
    expect(studentQuantile(1e9)).toBeCloseTo(1.96, 3);
  });

  it('over members are mean +- t sd / sqrt(K), within the range of the value', () => {
    // mean 0.5, sd 0.1, t(2) = 4.30265: half width 0.24841
    const estimate = studentOverMembers([0.4, 0.5, 0.6]);
    expect(estimate.value).toBeCloseTo(0.5, 12);
    expect(estimate.low).toBeCloseTo(0.25159, 4);
    expect(estimate.high).toBeCloseTo(0.74841, 4);
    expect(studentOverMembers([0.9, 1, 1]).high).toBe(1);
    expect(studentOverMembers([0.9])).toEqual({ value: 0.9, low: null, high: null });
    expect(studentOverMembers([])).toEqual({ value: null, low: null, high: null });
  });

  it('over examples are those of Wilson, also for none and for all', () => {
    const some = wilson(8, 10);
    expect(some.low).toBeCloseTo(0.4902, 4);
    expect(some.high).toBeCloseTo(0.9433, 4);
    expect(wilson(0, 10)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0, 10).high).toBeCloseTo(0.2775, 4); // z^2 / (n + z^2)
    expect(wilson(10, 10).high).toBe(1);
    expect(wilson(0, 0).value).toBeNull();
  });

  it('of an odds ratio are those of Woolf with half an example added everywhere', () => {
    // (10.5 x 40.5) / (20.5 x 30.5) = 0.68013; standard error of its logarithm 0.44790
    const estimate = oddsRatio(10, 20, 30, 40);
    expect(estimate.value).toBeCloseTo(0.68013, 4);
    const error = Math.sqrt(1 / 10.5 + 1 / 20.5 + 1 / 30.5 + 1 / 40.5);
    expect(Math.log(estimate.high! / estimate.value!)).toBeCloseTo(1.96 * error, 4);
    expect(Math.log(estimate.value! / estimate.low!)).toBeCloseTo(1.96 * error, 4);
    expect(oddsRatio(5, 0, 0, 5).value).toBeCloseTo((5.5 * 5.5) / 0.25, 9);
    expect(oddsRatio(5, 5, 0, 0).value).toBeNull();
    expect(oddsRatio(0, 5, 0, 5).value).toBeNull();
  });

  it('of repeats interpolate between the sorted repeats', () => {
    const repeats = Float64Array.from({ length: 41 }, (_, i) => 40 - i); // 40 ... 0: one in forty is 1
    expect(meanAndPercentiles(repeats)).toEqual({ value: 20, low: 1, high: 39 });
    expect(percentileInterval(7, repeats)).toEqual({ value: 7, low: 1, high: 39 });
    expect(normalInterval(1, Float64Array.of(1, 3), 0, 2)).toEqual({ value: 1, low: 0, high: 2 });
    expect(meanAndPercentiles(new Float64Array())).toEqual({ value: null, low: null, high: null });
  });
});
