import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquaredTail, fairCoinTail, regularizedBeta, studentTails } from '#audit/distributions.ts';
import { benjaminiHochbergOf, chiSquared, holm, mcNemar, pairedT, welch } from '#audit/significance.ts';

// Expected values: SciPy 1.10.1 (t.sf, chi2.sf, binom.cdf, beta.cdf, ttest_ind with equal_var=False, ttest_rel, chi2_contingency, binomtest).

describe('distributions', () => {
  it.each([
    [0.5, 1, 0.7048327646991336],
    [2.1, 3.7, 0.10926470508222474],
    [-5, 29, 2.5366315735423254e-5],
    [40, 9, 1.8982998449339835e-11],
    [0.001, 2, 0.99929289339559],
  ])('both tails of t beyond %f at %f degrees', (t, degrees, p) => {
    expect(studentTails(t, degrees) / p).toBeCloseTo(1, 7);
  });

  it.each([
    [0.01, 1, 0.920344325445942],
    [3.84, 1, 0.05004352124870519],
    [12.3, 4, 0.015254394655769615],
    [80, 3, 3.0692774861724164e-17],
    [1, 10, 0.9998278843700441],
  ])('chi-squared beyond %f at %i degrees', (x, degrees, p) => {
    expect(chiSquaredTail(x, degrees) / p).toBeCloseTo(1, 7);
  });

  it('binomial and beta', () => {
    expect(fairCoinTail(0, 5)).toBeCloseTo(0.03125, 10);
    expect(fairCoinTail(3, 10)).toBeCloseTo(0.171875, 10);
    expect(fairCoinTail(9, 24)).toBeCloseTo(0.15372812747955322, 9);
    expect(fairCoinTail(24, 24)).toBe(1);
    expect(regularizedBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 9);
    expect(regularizedBeta(0.99, 0.5, 0.5)).toBeCloseTo(0.9362314391414803, 8);
    expect(regularizedBeta(0.5, 100, 200)).toBeCloseTo(0.9999999973534454, 9);
    expect([regularizedBeta(0, 1, 1), regularizedBeta(1, 1, 1)]).toEqual([0, 1]);
  });
});

describe('tests', () => {
  const a = [0.06, 0.055, 0.071, 0.049, 0.062];
  const b = [0.081, 0.079, 0.102, 0.066, 0.09];

  it('Welch and paired t', () => {
    const apart = welch(a, b);
    expect(apart?.statistic).toBeCloseTo(3.4459092194576053, 8);
    expect(apart?.p).toBeCloseTo(0.01169885361188731, 7);
    const paired = pairedT(a, b);
    expect(paired?.statistic).toBeCloseTo(9.76632517848227, 8);
    expect(paired?.degrees).toBe(4);
    expect(paired?.p).toBeCloseTo(0.000615836247507802, 8);
  });

  it('says what it cannot test', () => {
    expect(welch([1], [1, 2])).toBeNull();
    expect(welch([1, 1], [1, 1])).toBeNull();
    expect(welch([1, 1], [2, 2])).toMatchObject({ statistic: Infinity, p: 0 });
    expect(pairedT([1], [2])).toBeNull();
    expect(pairedT([1, 2], [1, 2])).toBeNull();
    expect(pairedT([1, 2], [0, 1])).toMatchObject({ statistic: -Infinity, p: 0 });
    expect(mcNemar(0, 0)).toBeNull();
    expect(chiSquared([[1, 2]])).toBeNull();
    expect(chiSquared([])).toBeNull();
  });

  it('McNemar: exact where few disagree, chi-squared where many do', () => {
    expect(mcNemar(4, 13)?.p).toBeCloseTo(0.049041748046875, 9);
    expect(mcNemar(5, 5)?.p).toBe(1);
    expect(mcNemar(121, 59)?.statistic).toBeCloseTo(20.6722222, 6);
    expect(mcNemar(121, 59)?.p).toBeCloseTo(5.450094825427117e-6, 11);
  });

  it('chi-squared of a table, without empty rows and columns', () => {
    const table = [
      [10, 20, 0, 30],
      [0, 0, 0, 0],
      [6, 9, 0, 17],
    ];
    expect(chiSquared(table)?.statistic).toBeCloseTo(0.27157465150403504, 9);
    expect(chiSquared(table)).toMatchObject({ degrees: 2 });
    expect(chiSquared(table)?.p).toBeCloseTo(0.873028283380073, 8);
  });
});

describe('corrections', () => {
  it('worked by hand', () => {
    expect(holm([0.01, 0.04, null, 0.03]).map(rounded)).toEqual([0.03, 0.06, null, 0.06]);
    expect([...benjaminiHochbergOf(Float64Array.of(0.01, 0.04, NaN, 0.03))]).toEqual([0.03, 0.04, NaN, 0.04].map(near));
    expect(holm([])).toEqual([]);
    expect([...benjaminiHochbergOf(Float64Array.of(0.9, 0.8))]).toEqual([0.9, 0.9]);
    expect(holm([0.01, 0.04], 10).map(rounded)).toEqual([0.1, 0.36]);
  });

  it('never below the p-value, never above 1, in its order, Holm at least Benjamini-Hochberg', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (ps) => {
        const [strict, mild] = [holm(ps), benjaminiHochbergOf(Float64Array.from(ps))];
        for (const [i, p] of ps.entries()) {
          expect(mild[i]!).toBeGreaterThanOrEqual(p * (1 - 1e-12));
          expect(strict[i]!).toBeGreaterThanOrEqual(mild[i]! * (1 - 1e-12));
          expect(strict[i]!).toBeLessThanOrEqual(1);
          for (const [j, q] of ps.entries())
            if (p < q) {
              expect(strict[i]!).toBeLessThanOrEqual(strict[j]!);
              expect(mild[i]!).toBeLessThanOrEqual(mild[j]!);
            }
        }
      }),
    );
  });
});

const near = (p: number): unknown => (Number.isNaN(p) ? NaN : (expect.closeTo(p, 12) as unknown));
const rounded = (p: number | null): number | null => (p === null ? null : Math.round(p * 1e9) / 1e9);
