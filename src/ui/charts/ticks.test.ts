import { describe, expect, it } from 'vitest';
import { changeAxis, countAxis, percentAxis, ratioAxis, ZERO } from './ticks.ts';

describe('the axes', () => {
  it('hold accuracies between multiples of the step, never beyond 100 %', () => {
    expect(percentAxis([0.947, 0.91], 5, String)).toMatchObject({ domain: [90, 95], ticks: [90, 95] });
    expect(percentAxis([0.96, 1], 5, String).domain).toEqual([95, 100]);
    expect(percentAxis([null, 0.5], 20, String).domain).toEqual([40, 60]);
  });

  it('give no count at all a place of its own below 1', () => {
    const axis = countAxis([0, 12, 250]);
    expect(axis.domain).toEqual([ZERO, 300]);
    expect(axis.ticks.map((tick) => axis.format?.(tick))).toEqual(['0', '1', '3', '10', '30', '100', '300']);
  });

  it('start counts at the tick below the least', () => {
    expect(countAxis([16, 903]).domain).toEqual([10, 1000]);
  });

  it('cap changes at 100 and never leave zero out', () => {
    expect(changeAxis([186, -20], String)).toMatchObject({ domain: [-25, 100], ticks: [-25, 0, 25, 50, 75, 100] });
    expect(changeAxis([5, 12], String)).toMatchObject({ domain: [0, 20], ticks: [0, 10, 20] });
    expect(changeAxis([], String).domain).toEqual([0, 10]);
  });

  it('put ratios on powers of two around 1, capped on both sides', () => {
    expect(ratioAxis([0.4, 7.7]).ticks).toEqual([0.25, 0.5, 1, 2, 4, 8]);
    expect(ratioAxis([0.0001, 5000]).domain).toEqual([1 / 16, 64]);
  });
});
