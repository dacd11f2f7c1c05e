import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_ODDS_CODES, codeOfProbability, logOddsCode, probabilityOfCode, probabilityText } from './log-odds.ts';

describe('a probability in 16 bits', () => {
  it('is off by at most 6.2e-5, and keeps its order', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (p, q) => {
        expect(Math.abs(probabilityOfCode(codeOfProbability(p)) - p)).toBeLessThan(6.2e-5);
        expect(codeOfProbability(Math.min(p, q))).toBeLessThanOrEqual(codeOfProbability(Math.max(p, q)));
      }),
    );
  });

  it('is as fine beside 0 as beside 1: odds are off by at most a 4000th', () => {
    for (const small of [0.3, 1e-3, 1e-6]) {
      const back = probabilityOfCode(codeOfProbability(small));
      expect(Math.abs(Math.log(back / (1 - back)) - Math.log(small / (1 - small)))).toBeLessThanOrEqual(1 / 4000);
      expect(codeOfProbability(1 - small)).toBe(LOG_ODDS_CODES - 1 - codeOfProbability(small));
    }
  });

  it('holds what is certain to the ends, and takes what is no number for one half', () => {
    expect([0, 1].map(codeOfProbability)).toEqual([0, 65_535]);
    expect([-Infinity, -20, NaN, 0, 20, Infinity].map(logOddsCode)).toEqual([0, 0, 32_768, 32_768, 65_535, 65_535]);
    expect(codeOfProbability(0.5)).toBe(32_768);
  });

  it('comes back from its text as the same code, every one of them', () => {
    const codes = Array.from({ length: LOG_ODDS_CODES }, (_, code) => code);
    expect(codes.filter((code) => codeOfProbability(Number(probabilityText(code))) !== code)).toEqual([]);
    expect([0, 32_768, 40_000].map(probabilityText)).toEqual(['1.1256e-7', '0.5001', '0.97157']);
  });
});
