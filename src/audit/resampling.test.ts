import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { writtenTable } from '#testing/prediction-table.ts';
import { liveCie } from './cie-count.ts';
import { nullControl, packPopulation } from './null-control.ts';
import { countCies, dissentsOf, packVotes } from './packed-votes.ts';
import { drawHalves, drawMembers } from './resampling.ts';

describe('resampled members', () => {
  it('are as many as there were, in every repeat', () => {
    const draws = drawMembers(['a', 'b', 'c'], ['x', 'y'], 50, stream(1));
    for (let repeat = 0; repeat < 50; repeat++) {
      expect(draws.baseline.subarray(repeat * 3, repeat * 3 + 3).reduce((sum, n) => sum + n, 0)).toBe(3);
      expect(draws.compressed.subarray(repeat * 2, repeat * 2 + 2).reduce((sum, n) => sum + n, 0)).toBe(2);
    }
    expect(new Set(draws.baseline).size).toBeGreaterThan(2);
  });

  it('are drawn as pairs where both populations name the same members', () => {
    const draws = drawMembers(['a', 'b', 'c'], ['c', 'a', 'b'], 20, stream(1));
    for (let repeat = 0; repeat < 20; repeat++) {
      const [a, b, c] = draws.baseline.subarray(repeat * 3, repeat * 3 + 3);
      expect([...draws.compressed.subarray(repeat * 3, repeat * 3 + 3)]).toEqual([c, a, b]);
    }
  });

  it('in halves are disjoint and of equal size, one left out of an odd number', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [first, second] = drawHalves(['a', 'b', 'c', 'd', 'e'], 2, stream(seed));
      expect([...first].map((weight, i) => weight + second[i]!).sort()).toEqual([0, 1, 1, 1, 1]);
      expect(first.reduce((sum, weight) => sum + weight, 0)).toBe(2);
    }
  });

  it('are counted with their weights, settled examples too', () => {
    // e1 settled and different, e2 settled and equal, e3 contested: baseline 0 1 1, compressed 0 0 1.
    const rows = (texts: readonly string[]) => texts.map((text) => Uint8Array.from(text, Number));
    const dissents = (texts: readonly string[]) => dissentsOf(rows(texts), 2);
    const packed = packVotes(dissents(['000', '001', '001']), dissents(['100', '100', '101']));
    expect(packed).toMatchObject({ settledCies: Uint32Array.of(0), contested: Uint32Array.of(2) });
    const count = (b: readonly number[], v: readonly number[]) =>
      countCies(packed, Uint16Array.from(b), Uint16Array.from(v), 'largest-class', stream(1));
    expect(count([1, 1, 1], [1, 1, 1])).toBe(2); // modal 1 against 0
    expect(count([3, 0, 0], [1, 1, 1])).toBe(1); // 0 against 0
    expect(count([2, 1, 1], [0, 1, 1])).toBe(1); // ties on both sides go to 1
  });
});

describe('the live count', () => {
  it('is the number of CIE so far, with the interval around it', () => {
    const baseline = [Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 0, 1, 0), Uint8Array.of(0, 0, 1, 1)];
    const compressed = [Uint8Array.of(0, 1, 1, 0), Uint8Array.of(0, 1, 1, 0)];
    const estimate = liveCie(baseline, compressed, 2, 1);
    expect(estimate.value).toBe(2);
    expect(estimate.low).toBeGreaterThan(0);
    expect(estimate.low).toBeLessThan(2);
    expect(estimate.high).toBeGreaterThan(2);
  });

  it('is not estimable before both populations have a member, and has no interval before they have two', () => {
    expect(liveCie([Uint8Array.of(0)], [], 2, 1)).toEqual({ value: null, low: null, high: null });
    expect(liveCie([Uint8Array.of(0)], [Uint8Array.of(1)], 2, 1)).toEqual({ value: 1, low: null, high: null });
  });
});

describe('the null control', () => {
  const OPTIONS = { seed: 1, tieRule: 'largest-class' } as const;
  const control = (baseline: readonly string[], levels: Record<string, readonly string[]>) => {
    const table = writtenTable({ labels: '0'.repeat(baseline[0]!.length), classes: ['0', '1'], baseline, levels });
    const [first, ...others] = [table.baseline, ...table.compressed].map((one) => packPopulation(one, table.examples));
    return nullControl(first!, others, OPTIONS);
  };

  it('counts nothing for members that agree, and everything compression changes', () => {
    expect(control(['00', '00', '00', '00'], { p: ['01', '01', '01', '01'] })).toEqual({
      halves: 2,
      baseline: { value: 0, low: 0, high: 0 },
      levels: { p: { value: 1, low: 1, high: 1 } },
      excess: { p: { value: 1, low: 1, high: 1 } },
    });
  });

  it('counts what seeds alone do: two against two of 0 0 1 1 differ one time in three', () => {
    // The halves are {00|11} in 2 of 6 draws (a CIE), else {01|01}, where both ties go to 1.
    const found = control(['0'.repeat(5), '0'.repeat(5), '1'.repeat(5), '1'.repeat(5)], {});
    expect(found!.baseline.low).toBe(0);
    expect(found!.baseline.high).toBe(5);
    expect(found!.baseline.value).toBeGreaterThan(0);
    expect(found!.baseline.value).toBeLessThan(5);
  });

  it('finds no excess in a level that is the baseline again', () => {
    const members = ['0011', '0101', '1100', '0110', '0001'];
    const found = control(members, { same: members });
    expect(found!.halves).toBe(2);
    expect(found!.levels['same']).toEqual(found!.baseline);
    expect(found!.excess['same']).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('needs four baseline members, and half as many in a level', () => {
    expect(control(['0', '0', '1'], { p: ['0', '0', '1'] })).toBeNull();
    expect(control(['0', '0', '1', '1'], { p: ['0'] })!.levels['p']!.value).toBeNull();
    // Fewer members than the baseline, but enough for a half: all of these predict 1, as half of the baseline would not.
    expect(control(['0', '0', '0', '0'], { p: ['1', '1', '1'] })!.levels['p']!.value).toBe(1);
  });
});
