import type { Dataset } from './dataset.ts';

/** Where the value of one example lies among those of all examples. */
export type Placed =
  | {
      readonly kind: 'number';
      readonly name: string;
      /** null where the cell is missing. */
      readonly value: number | null;
      readonly least: number;
      readonly greatest: number;
      /** [bin] counts over equal spans from least to greatest; one bin where they are the same, none without values. */
      readonly counts: readonly number[];
      /** Share of the values there are that are below the example's, and equal to it, in [0,1]. */
      readonly below: number;
      readonly equal: number;
    }
  | {
      readonly kind: 'category';
      readonly name: string;
      /** null where the cell is missing. */
      readonly value: string | null;
      /** Values with their share of all examples, most frequent first, ties in the order of the column. */
      readonly shares: readonly { readonly value: string; readonly share: number }[];
    };

const BINS = 24;

/**
 * The inputs of one example of a table, each with its distribution over all examples, in the order of the columns; nothing
 * for images. In steps of a column: whoever runs it may stop in between.
 */
export function* placedValues(dataset: Dataset, example: number): Generator<undefined, readonly Placed[], undefined> {
  const { features } = dataset;
  if (features.kind !== 'table') return [];
  const placed: Placed[] = [];
  for (const { name, numbers } of features.numeric) {
    placed.push(placedNumber(name, numbers, example));
    yield;
  }
  for (const { name, values, codes } of dataset.columns) {
    if (!features.categorical.includes(name)) continue;
    const counts = new Uint32Array(values.length);
    for (const code of codes) if (code >= 0) counts[code]!++;
    const shares = values
      .map((value, code) => ({ value, share: codes.length === 0 ? 0 : counts[code]! / codes.length }))
      .sort((a, b) => b.share - a.share);
    placed.push({ kind: 'category', name, value: values[codes[example]!] ?? null, shares });
    yield;
  }
  return placed;
}

function placedNumber(name: string, numbers: Float64Array, example: number): Placed {
  const own = numbers[example] ?? Number.NaN;
  let least = Infinity;
  let greatest = -Infinity;
  let known = 0;
  let below = 0;
  let equal = 0;
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    known++;
    if (number < least) least = number;
    if (number > greatest) greatest = number;
    if (number < own) below++;
    else if (number === own) equal++;
  }
  const value = Number.isNaN(own) ? null : own;
  if (known === 0) return { kind: 'number', name, value, least: 0, greatest: 0, counts: [], below: 0, equal: 0 };
  const counts = Array.from({ length: least === greatest ? 1 : BINS }, () => 0);
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    const bin = least === greatest ? 0 : Math.floor((BINS * (number - least)) / (greatest - least));
    counts[Math.min(bin, counts.length - 1)]!++;
  }
  return { kind: 'number', name, value, least, greatest, counts, below: below / known, equal: equal / known };
}
