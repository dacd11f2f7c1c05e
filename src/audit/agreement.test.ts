import { describe, expect, it } from 'vitest';
import { associations, restOf, unrest } from '#audit/agreement.ts';
import { countValues } from '#audit/representation.ts';

describe('agreement', () => {
  it('counts pairs of members by hand', () => {
    // four members: 4:0, 3:1, 2:2, and three classes 2:1:1
    const found = unrest(Uint16Array.of(4, 0, 0, 3, 1, 0, 2, 2, 0, 2, 1, 1), 3, 4);
    expect([...found.examples]).toEqual([1, 2, 3]);
    const each = [...found.pairs].map((pairs, i) => restOf(4, 1, pairs, found.shortOf[i]!));
    expect(each.map(({ jitter }) => jitter)).toEqual([6, 8, 10].map((different) => different / 12));
    expect(each.map(({ stability }) => stability)).toEqual([0.5, 0, 0]);
    expect(restOf(4, 1, 0, 0)).toEqual({ jitter: 0, stability: 1 });
  });

  it('is not estimable for one member or no example', () => {
    expect(restOf(1, 5, 0, 0)).toEqual({ jitter: null, stability: null });
    expect(restOf(3, 0, 0, 0)).toEqual({ jitter: null, stability: null });
    expect(unrest(new Uint16Array(), 0, 3).examples).toHaveLength(0);
  });

  it('tests CIE against the values of an attribute, missing ones left out', () => {
    // scipy.stats.chi2_contingency([[30, 10], [5, 15]], correction=False): 13.714, p 0.000213 (SciPy 1.10.1)
    const codes = [...new Array<number>(35).fill(0), ...new Array<number>(25).fill(1), -1];
    const cies = Uint32Array.from(codes.keys()).filter((x) => (x >= 30 && x < 35) || x >= 45);
    const attributes = [{ name: 'A', values: ['0', '1'], codes: Int16Array.from(codes) }];
    const [all, inside] = [countValues(attributes, null), countValues(attributes, cies)];
    const test = associations({ attributes }, all, [inside])[0]![0]!.test!;
    expect(test.statistic).toBeCloseTo(13.714, 3);
    expect(test.p).toBeCloseTo(0.0002128, 6);
  });
});
