import { columnOf } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_UNUSED, type Column, type Dataset, type Question } from '#dataset/dataset.ts';

/** Pure selectors for the data screen: what is in a dataset, and where it is thin. */

export interface SplitCounts {
  readonly train: number;
  readonly audit: number;
  readonly unused: number;
}

export function splitCounts(dataset: Dataset): SplitCounts {
  const counts = [0, 0, 0];
  for (const part of dataset.split) counts[part]!++;
  return { train: counts[SPLIT_TRAIN]!, audit: counts[SPLIT_AUDIT]!, unused: counts[SPLIT_UNUSED]! };
}

export interface ValueCount {
  readonly column: string;
  readonly value: string;
  readonly count: number;
  /** Of the examples in question, missing ones included, [0,1]; 0 when there are none. */
  readonly share: number;
}

/** How many examples have each value of a column, in the order of its values; all splits, or only one. Empty for an unknown column. */
export function valueCounts(dataset: Dataset, columnName: string, part: number | 'all' = 'all'): readonly ValueCount[] {
  const column = columnOf(dataset, columnName);
  if (!column) return [];
  const counts = new Array<number>(column.values.length).fill(0);
  let total = 0;
  for (let x = 0; x < column.codes.length; x++) {
    if (part !== 'all' && dataset.split[x] !== part) continue;
    total++;
    const code = column.codes[x]!;
    if (code >= 0) counts[code]!++;
  }
  return column.values.map((value, code) => ({
    column: column.name,
    value,
    count: counts[code]!,
    share: total > 0 ? counts[code]! / total : 0,
  }));
}

/** The share that always guessing the most frequent class gets right on the audit split, [0,1]; null without labelled examples. */
export function constantGuess(dataset: Dataset, target: string): number | null {
  const counts = valueCounts(dataset, target, SPLIT_AUDIT).map((row) => row.count);
  const labelled = counts.reduce((sum, count) => sum + count, 0);
  return labelled > 0 ? Math.max(...counts) / labelled : null;
}

const YES = new Set(['1', 'yes', 'true', 'y', 't']);
const NO = new Set(['0', 'no', 'false', 'n', 'f']);

/** The value that says "has it" where a column only says yes or no (yes/no, 1/0, true/false, any case), else null. */
export function affirmativeValue(column: Column): string | null {
  const yes = column.values.find((value) => YES.has(value.toLowerCase()));
  const no = column.values.find((value) => NO.has(value.toLowerCase()));
  return yes !== undefined && no !== undefined && column.values.length === 2 ? yes : null;
}

/**
 * The long tail: a row for every yes/no column (its "yes") and for every value of the other columns, most frequent first,
 * ties in the order of the columns. Over all splits. Columns with more than `mostValues` values are left out.
 */
export function attributeFrequencies(dataset: Dataset, mostValues = 12): readonly ValueCount[] {
  return dataset.columns
    .filter((column) => column.values.length <= mostValues)
    .flatMap((column) => {
      const yes = affirmativeValue(column);
      const rows = valueCounts(dataset, column.name);
      return yes === null ? rows : rows.filter((row) => row.value === yes);
    })
    .sort((a, b) => b.count - a.count);
}

/** A group of examples: one value of an attribute, or one value of each of two. */
export interface GroupCount {
  readonly group: readonly { readonly column: string; readonly value: string }[];
  /** [class] audit examples of the group with that label. */
  readonly counts: readonly number[];
  readonly total: number;
}

/**
 * Audit examples by class for every value of one attribute, or every pair of values of two; empty pairs are included, for an
 * empty cell is what a reader looks for. An example with a missing label or value is in no group. Empty for unknown columns.
 */
export function groupCounts(dataset: Dataset, target: string, first: string, second?: string): readonly GroupCount[] {
  const classes = columnOf(dataset, target);
  const a = columnOf(dataset, first);
  const b = second === undefined ? null : columnOf(dataset, second);
  if (!classes || !a || b === undefined) return [];
  const width = classes.values.length;
  const seconds = b ? b.values.length : 1;
  const counts = new Array<number>(a.values.length * seconds * width).fill(0);
  for (let x = 0; x < dataset.ids.length; x++) {
    const label = classes.codes[x]!;
    const i = a.codes[x]!;
    const j = b ? b.codes[x]! : 0;
    if (dataset.split[x] === SPLIT_AUDIT && label >= 0 && i >= 0 && j >= 0)
      counts[(i * seconds + j) * width + label]!++;
  }
  return Array.from({ length: a.values.length * seconds }, (_, cell) => {
    const own = counts.slice(cell * width, (cell + 1) * width);
    const group = [{ column: a.name, value: a.values[Math.floor(cell / seconds)]! }];
    if (b) group.push({ column: b.name, value: b.values[cell % seconds]! });
    return { group, counts: own, total: own.reduce((sum, count) => sum + count, 0) };
  });
}

export interface SmallGroup {
  readonly group: GroupCount['group'];
  /** Which rate cannot be estimated: false negatives need positives, false positives need negatives. */
  readonly rate: 'fnr' | 'fpr';
  readonly count: number;
  readonly needed: number;
}

/**
 * The groups of a question (every value of its attributes and every pair) of which a rate has a denominator below
 * `minCount` on the audit split. A pair that holds nobody at all is left out: there is no group then.
 */
export function groupsTooSmall(dataset: Dataset, question: Question): readonly SmallGroup[] {
  const positive = columnOf(dataset, question.target)?.values.indexOf(question.positive) ?? -1;
  const names = question.attributes.filter((name) => name !== question.target);
  const groups = names.flatMap((name, i) => [
    ...groupCounts(dataset, question.target, name),
    ...names.slice(i + 1).flatMap((other) => groupCounts(dataset, question.target, name, other)),
  ]);
  return groups
    .filter((group) => group.total > 0)
    .flatMap(({ group, counts, total }) => {
      const positives = counts[positive] ?? 0;
      const needed = question.minCount;
      const small: SmallGroup[] = [];
      if (positives < needed) small.push({ group, rate: 'fnr', count: positives, needed });
      if (total - positives < needed) small.push({ group, rate: 'fpr', count: total - positives, needed });
      return small;
    })
    .sort((a, b) => a.group.length - b.group.length);
}
