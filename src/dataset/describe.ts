import type { Dataset } from './dataset.ts';

/** One cell of a row of a table. */
export interface NamedValue {
  readonly name: string;
  /** As text; a missing cell is the empty string. */
  readonly value: string;
  /** How unusual: |z| of a number, -log10 of the share of a category; 0 for a missing cell. */
  readonly unusual: number;
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}
const spreads = new WeakMap<Float64Array, Spread>();

function spreadOf(numbers: Float64Array): Spread {
  const kept = spreads.get(numbers);
  if (kept) return kept;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    count++;
    sum += number;
    squares += number * number;
  }
  const mean = count === 0 ? 0 : sum / count;
  const spread = { mean, deviation: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  spreads.set(numbers, spread);
  return spread;
}

const shares = new WeakMap<Int16Array, Float64Array>();

function sharesOf(codes: Int16Array, values: number): Float64Array {
  const kept = shares.get(codes);
  if (kept) return kept;
  const counts = new Float64Array(values);
  for (const code of codes) if (code >= 0) counts[code] = counts[code]! + 1;
  const result = counts.map((count) => count / codes.length);
  shares.set(codes, result);
  return result;
}

/** The inputs of one example of a table, most unusual first; ties in the order of the columns. Empty for images. */
export function rowOf(dataset: Dataset, example: number): readonly NamedValue[] {
  const { features } = dataset;
  if (features.kind !== 'table') return [];
  const numeric = features.numeric.map(({ name, numbers }): NamedValue => {
    const number = numbers[example]!;
    const { mean, deviation } = spreadOf(numbers);
    if (Number.isNaN(number)) return { name, value: '', unusual: 0 };
    return { name, value: String(number), unusual: deviation === 0 ? 0 : Math.abs(number - mean) / deviation };
  });
  const categorical = dataset.columns
    .filter(({ name }) => features.categorical.includes(name))
    .map(({ name, values, codes }): NamedValue => {
      const code = codes[example]!;
      const value = values[code] ?? '';
      return { name, value, unusual: code < 0 ? 0 : -Math.log10(sharesOf(codes, values.length)[code]!) };
    });
  return [...numeric, ...categorical].sort((a, b) => b.unusual - a.unusual);
}
