import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTradeOffs, type TradeOff } from './trade-offs.ts';

const at = (name: string, accuracy: number, bias: number | null, bytes: number | null, half = 0.01): TradeOff => ({
  name,
  accuracy: { value: accuracy, low: accuracy - half, high: accuracy + half },
  bias: bias === null ? { value: null, low: null, high: null } : { value: bias, low: bias - half, high: bias + half },
  bytes,
});

describe('trade-offs', () => {
  it('name who is worse in everything, and whether the intervals say so too', () => {
    const { criteria, dominations } = compareTradeOffs([
      at('baseline', 0.95, 0.1, 1000),
      at('0.5', 0.94, 0.1, 500),
      at('0.9', 0.9, 0.3, 100),
      at('0.95', 0.895, 0.31, 100),
      at('bad', 0.8, 0.5, 400),
    ]);
    expect(criteria).toEqual(['accuracy', 'bias', 'size']);
    expect(dominations).toEqual([null, null, null, { by: '0.9', sure: false }, { by: '0.9', sure: true }]);
  });

  it('call equals no domination, and know nothing for sure without intervals', () => {
    const bare = (name: string, accuracy: number): TradeOff => ({
      ...at(name, accuracy, 0.1, 100),
      accuracy: { value: accuracy, low: null, high: null },
    });
    expect(compareTradeOffs([bare('a', 0.9), bare('b', 0.9)]).dominations).toEqual([null, null]);
    // The biases overlap, so it is not sure whatever the accuracies are.
    expect(compareTradeOffs([bare('a', 0.9), bare('b', 0.8)]).dominations[1]).toEqual({ by: 'a', sure: false });
    const apart = { ...bare('b', 0.8), bias: { value: 0.5, low: 0.4, high: 0.6 } };
    expect(compareTradeOffs([bare('a', 0.9), apart]).dominations[1]).toEqual({ by: 'a', sure: null });
  });

  it('compare by what everyone has, and not at all by one thing alone', () => {
    const two = compareTradeOffs([at('a', 0.9, null, 100), at('b', 0.8, 0.1, 200)]);
    expect(two.criteria).toEqual(['accuracy', 'size']);
    expect(two.dominations).toEqual([null, { by: 'a', sure: true }]);
    const one = compareTradeOffs([at('a', 0.9, null, null), at('b', 0.8, 0.1, 200)]);
    expect(one).toEqual({ criteria: ['accuracy'], dominations: [null, null] });
    expect(compareTradeOffs([]).dominations).toEqual([]);
  });

  it('always leave somebody who is not dominated, and never in circles', () => {
    const level = fc.record({
      a: fc.integer({ min: 0, max: 4 }),
      b: fc.integer({ min: 0, max: 4 }),
      s: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 8 }), (levels) => {
        const all = levels.map(({ a, b, s }, i) => at(String(i), a, b, s));
        const { dominations } = compareTradeOffs(all);
        expect(dominations).toContain(null);
        dominations.forEach((found, i) => {
          if (found === null) return;
          const [by, own] = [levels[Number(found.by)]!, levels[i]!];
          expect(by.a >= own.a && by.b <= own.b && by.s <= own.s).toBe(true);
          expect(by).not.toEqual(own);
        });
      }),
    );
  });
});
