import { SPLIT_AUDIT, SPLIT_TRAIN, type Column, type Dataset } from '#dataset/dataset.ts';
import { permutation, stream } from '#lib/random.ts';

/** Most distinct values that a categorical column may have; codes are 16 bit and a person has to read them. */
export const MAX_VALUES = 10_000;

/** The order in which classes and values are always listed: by UTF-16 code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A categorical column from cells [example]. Values are the distinct cells sorted as text; an empty cell is missing (-1).
 * Cells are taken as they are, neither trimmed nor changed in case. No cells give a column without values.
 * @throws RangeError for more than MAX_VALUES distinct values: ask before, this is the caller's mistake.
 */
export function categoricalColumn(name: string, cells: readonly string[]): Column {
  const distinct = new Set(cells);
  distinct.delete('');
  if (distinct.size > MAX_VALUES) throw new RangeError(`${name} has more than ${String(MAX_VALUES)} distinct values`);
  const values = [...distinct].sort(compareText);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  return { name, values, codes: Int16Array.from(cells, (cell) => codeOf.get(cell) ?? -1) };
}

/**
 * A seeded random split, [example]: exactly round(count x trainShare) examples are trained on and the rest are audited.
 * Empty for count 0. The same seed and count always give the same split.
 */
export function randomSplit(count: number, seed: number, trainShare = 0.7): Uint8Array {
  const split = new Uint8Array(count).fill(SPLIT_AUDIT);
  const order = permutation(count, stream(seed, 'split'));
  for (const example of order.subarray(0, Math.round(count * trainShare))) split[example] = SPLIT_TRAIN;
  return split;
}

/** The column of that name, or undefined. */
export function columnOf(dataset: Dataset, name: string): Column | undefined {
  return dataset.columns.find((column) => column.name === name);
}

/** Bytes that a dataset holds in memory, ids counted as two bytes a character. A lower bound: objects cost a little more. */
export function memoryBytes(dataset: Dataset): number {
  const { features } = dataset;
  const inputs =
    features.kind === 'images'
      ? features.pixels.byteLength
      : features.numeric.reduce((sum, column) => sum + column.numbers.byteLength, 0);
  const columns = dataset.columns.reduce((sum, column) => sum + column.codes.byteLength, 0);
  return inputs + columns + dataset.split.byteLength + dataset.ids.reduce((sum, id) => sum + 2 * id.length, 0);
}
