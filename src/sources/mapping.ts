import { affirmativeValue } from '#dataset/overview.ts';
import type { Column } from '#dataset/dataset.ts';
import { cellNumber, cellValue } from './cells.ts';
import type { ColumnPreview, Mapping } from './source.ts';

/** What the columns of a table look like, and which part each may play. Suggestions only: a person decides. */

const MOST_DISTINCT = 10_001;
/** Most values of a column that is offered as an attribute, and of a categorical input. */
const FEW_VALUES = 20;
const MOST_INPUT_VALUES = 50;

export interface TableText {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function previewColumns(table: TableText): readonly ColumnPreview[] {
  return table.header.map((name, at) => {
    const distinct = new Set<string>();
    let missing = 0;
    let numeric = true;
    for (const row of table.rows) {
      const value = cellValue(row[at]!);
      if (value === '') missing++;
      else if (distinct.size < MOST_DISTINCT && !distinct.has(value)) {
        distinct.add(value);
        numeric &&= cellNumber(value) !== null;
      }
    }
    return {
      name,
      distinct: distinct.size,
      missing,
      samples: [...distinct].slice(0, 5),
      numeric: numeric && distinct.size > 0,
    };
  });
}

const LABEL_NAMES = [
  'label',
  'target',
  'class',
  'y',
  'malignant',
  'two_year_recid',
  'outcome',
  'income',
  'diagnosis',
  'dx',
  'blond',
  'blond_hair',
];
const PROTECTED = /sex|gender|male|race|ethnic|age|young|skin|foreign|disab|relig/iu;
const isSplitName = (name: string): boolean => /^(data)?[_ -]?(split|partition|subset|fold)$/iu.test(name);
const isIdName = (name: string): boolean => /^(index|id|row|unnamed: 0)$|[_ -]id$/iu.test(name);

/** The column that is most likely the label: by name, else the last column with 2 to 20 values; the last column if none has. */
function suggestLabel(columns: readonly ColumnPreview[]): string {
  const few = columns.filter(
    (column) => column.distinct >= 2 && column.distinct <= FEW_VALUES && !isSplitName(column.name),
  );
  for (const name of LABEL_NAMES) {
    const found = few.find((column) => column.name.toLowerCase().replace(/[ -]/gu, '_') === name);
    if (found) return found.name;
  }
  const byPart = few.find(
    (column) => /(^|[_ .-])(label|target|class|outcome|income)([_ .-]|$)/iu.test(column.name) && !isIdName(column.name),
  );
  const last = few.findLast((column) => !isIdName(column.name)) ?? columns[columns.length - 1];
  return (byPart ?? last)?.name ?? '';
}

/** Attributes: few values, likely protected ones first; numbers only where they look like codes. */
function suggestAttributes(columns: readonly ColumnPreview[], taken: readonly (string | null)[]): readonly string[] {
  const offered = columns.filter(
    (column) =>
      !taken.includes(column.name) &&
      !isIdName(column.name) &&
      column.distinct >= 2 &&
      column.distinct <= (column.numeric ? 3 : FEW_VALUES),
  );
  const first = offered.filter((column) => PROTECTED.test(column.name));
  return [...first, ...offered.filter((column) => !first.includes(column))].map((column) => column.name);
}

/** A mapping for a table of pictures whose image column is known. */
export function suggestImageMapping(columns: readonly ColumnPreview[], image: string): Mapping {
  const others = columns.filter((column) => column.name !== image);
  const label = suggestLabel(others);
  const split = others.find((column) => isSplitName(column.name) && column.name !== label)?.name ?? null;
  return { kind: 'images', image, label, split, attributes: suggestAttributes(others, [label, split]), size: 32 };
}

/** A mapping for a table of values: every column is an input but the label, the split, ids, constants and long texts. */
export function suggestTableMapping(columns: readonly ColumnPreview[], rows: number): Mapping {
  const label = suggestLabel(columns);
  const split = columns.find((column) => isSplitName(column.name) && column.name !== label)?.name ?? null;
  const inputs = columns.filter(
    ({ name, distinct, numeric }) =>
      name !== label &&
      name !== split &&
      distinct >= 2 &&
      !(isIdName(name) && distinct > rows / 2) &&
      (numeric || distinct <= MOST_INPUT_VALUES),
  );
  return {
    kind: 'table',
    label,
    split,
    attributes: suggestAttributes(columns, [label, split]),
    inputs: inputs.map((column) => column.name),
  };
}

/** The value that counts as positive unless a person says otherwise: "yes" or 1 of a yes/no column, else the rarest; '' without values. */
export function suggestPositive(column: Column): string {
  const yes = affirmativeValue(column);
  if (yes !== null) return yes;
  const counts = new Array<number>(column.values.length).fill(0);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  return column.values[counts.indexOf(Math.min(...counts))] ?? '';
}

/** The attributes that are compared at first: up to two, likely protected ones before others. */
export function suggestCompared(attributes: readonly string[]): readonly string[] {
  const likely = attributes.filter((name) => PROTECTED.test(name));
  return (likely.length > 0 ? likely : attributes).slice(0, 2);
}
