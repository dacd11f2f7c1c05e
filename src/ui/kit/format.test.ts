import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  counted,
  duration,
  durationRange,
  list,
  percent,
  properMinus,
  range,
  signedPercent,
} from './format.ts';

describe('how numbers are written', () => {
  it('groups thousands and keeps a number with its unit', () => {
    expect(count(11986)).toBe('11,986');
    expect(percent(0.1489)).toBe('14.9\u00a0%');
    expect(signedPercent(49.54)).toBe('+49.5\u00a0%');
    expect(signedPercent(-3)).toBe('−3.0\u00a0%');
    expect(bytes(999)).toBe('999\u00a0B');
    expect(bytes(136_000)).toBe('136\u00a0kB');
    expect(bytes(1_500_000)).toBe('1.5\u00a0MB');
  });
  it('puts a word between the ends of an interval that could be misread with a dash', () => {
    const one = (value: number): string => value.toFixed(1);
    expect(range(397, 433, count)).toBe('397–433');
    expect(range(-43.5, 27, one)).toBe('−43.5 to 27.0');
    expect(range(-8, -0.01, one)).toBe('−8.0 to 0.0');
    expect(range(-1, 4, (value) => `${value < 0 ? '−' : '+'}${String(Math.abs(value))}`)).toBe('−1 to +4');
    expect(['-0', '-0.00', '-0.01', '5', '-1,200'].map(properMinus)).toEqual(['0', '0.00', '−0.01', '5', '−1,200']);
  });
  it('writes times in the unit a person would use, a shared unit once', () => {
    expect(duration(40_000)).toBe('40\u00a0s');
    expect(duration(12 * 60_000)).toBe('12\u00a0min');
    expect(duration(3 * 3_600_000)).toBe('3.0\u00a0h');
    expect(durationRange(9 * 60_000, 12 * 60_000)).toBe('9 to 12\u00a0min');
    expect(durationRange(80_000, 120_000)).toBe('80\u00a0s to 2\u00a0min');
    expect(durationRange(60_000, 60_000)).toBe('60\u00a0s');
  });
  it('joins words and counts things', () => {
    expect(list([])).toBe('');
    expect(list(['Male'])).toBe('Male');
    expect(list(['Male', 'Young', 'Hat'])).toBe('Male, Young and Hat');
    expect(counted(1, ['face', 'faces'])).toBe('1 face');
    expect(counted(20_000, ['face', 'faces'])).toBe('20,000 faces');
  });
});
