import { NOT_CERTAIN, type Uncertain } from './crossed.ts';
import type { Estimate } from './result.ts';

/**
 * How a row of a subgroup table stands in numbers: for error, FPR and FNR in turn what RATE lists, then AGREEMENT. Of an uncertain
 * quantity: its value, then the ends over examples, members, both. Not a number is "not estimable".
 */
export const UNCERTAIN = 7;
export const RATE = { baseline: 0, compressed: 7, difference: 14, percent: 21, tests: 28, length: 32 } as const;
/** Within the tests. */
export const TESTS = { both: 0, members: 1, holm: 2, benjaminiHochberg: 3 } as const;
export const AGREEMENT = 3 * RATE.length;
/** After AGREEMENT: jitter and stability of both, the two counts, McNemar's statistic, degrees, p, and p after Holm. */
export const MCNEMAR = AGREEMENT + 6;
export const NUMBERS = AGREEMENT + 10;
export const MEASURES = ['error', 'fpr', 'fnr'] as const;

export function writeUncertain(numbers: Float64Array, at: number, { examples, members, both }: Uncertain): void {
  numbers[at] = both.value ?? NaN;
  writeEnds(numbers, at + 1, examples);
  writeEnds(numbers, at + 3, members);
  writeEnds(numbers, at + 5, both);
}

function writeEnds(numbers: Float64Array, at: number, { low, high }: Estimate): void {
  numbers[at] = low ?? NaN;
  numbers[at + 1] = high ?? NaN;
}

/** What `writeUncertain` wrote. */
export function readUncertain(numbers: Float64Array, at: number): Uncertain {
  const value = readNumber(numbers, at);
  if (value === null) return NOT_CERTAIN;
  const estimate = (place: number): Estimate => ({
    value,
    low: readNumber(numbers, place),
    high: readNumber(numbers, place + 1),
  });
  return { examples: estimate(at + 1), members: estimate(at + 3), both: estimate(at + 5) };
}

/** null where it is not estimable. */
export function readNumber(numbers: Float64Array, at: number): number | null {
  const value = numbers[at]!;
  return Number.isNaN(value) ? null : value;
}
