import { describe, expect, test } from 'vitest';
import { newcombe } from './compared-shares.ts';

describe("Newcombe's interval of a difference of shares: his table II, method 10", () => {
  test.each([
    [56, 70, 48, 80, 0.2, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.6, 0.1705, 0.809],
    [10, 10, 0, 20, 1, 0.6791, 1],
    [10, 10, 0, 10, 1, 0.6075, 1],
  ])('%i/%i - %i/%i', (a, m, b, n, value, low, high) => {
    const found = newcombe(a, m, b, n);
    expect(found.value).toBeCloseTo(value, 10);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
  test('nothing reviewed: nothing to estimate', () => {
    expect(newcombe(0, 0, 1, 2).value).toBeNull();
  });
});
