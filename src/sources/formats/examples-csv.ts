import Papa from 'papaparse';
import type { AuditExamples } from '#audit/predictions.ts';
import type { Column } from '#dataset/dataset.ts';
import { ok, type Problem, type Result } from '#lib/result.ts';
import { readCsv } from './csv.ts';
import { problemAt, quoted, refuse } from './refusal.ts';

const MOST_EXAMPLES = 10_000_000;
const MOST_VALUES = 1000;
const TEST_SPLIT = 'test';
/** Columns that are not attributes. An attribute of such a name has this before it in the file, as often as it takes. */
const RESERVED = ['example_id', 'true_label', 'split'];
const ESCAPE = 'attribute:';
const isEscaped = (column: string): boolean => {
  const name = column.replace(/^(attribute:)+/, '');
  return name !== column && RESERVED.includes(name);
};
/** The column of an attribute, and the attribute of a column. */
const columnOf = (attribute: string): string =>
  RESERVED.includes(attribute) || isEscaped(attribute) ? ESCAPE + attribute : attribute;
const attributeOf = (column: string): string => (isEscaped(column) ? column.slice(ESCAPE.length) : column);

/**
 * `examples.csv` as it stands in the file: `example_id,true_label[,split],<attribute>...`, columns in any order. An attribute
 * that is itself called `split`, `true_label` or `example_id` stands as `attribute:split` and so on.
 */
export interface ExamplesTable {
  readonly file: string;
  readonly ids: readonly string[]; // [example]
  readonly indexOfId: ReadonlyMap<string, number>;
  /** [example] row in the file. */
  readonly rows: readonly number[];
  readonly labels: readonly string[]; // [example]
  /** [example], empty where the cell is; null without a column `split`. */
  readonly splits: readonly string[] | null;
  /** In the order of the file, or as asked for. */
  readonly attributes: readonly RawAttribute[];
}

interface RawAttribute {
  readonly name: string;
  readonly cells: readonly string[]; // [example], '' is missing
}

/**
 * Reads `examples.csv`. Every further column is an attribute unless `attributes` names the ones to take. Ids and values are
 * kept verbatim; an empty attribute is a missing value. Refused with row and column: a missing column, an empty or repeated
 * id, an empty label, an attribute with more than 1,000 values, no rows.
 */
export function readExamplesCsv(
  chunks: Iterable<string>,
  file: string,
  attributes: readonly string[] | null = null,
): Result<ExamplesTable> {
  const ids: string[] = [];
  const rows: number[] = [];
  const labels: string[] = [];
  const splits: string[] = [];
  const indexOfId = new Map<string, number>();
  let raw: {
    readonly name: string;
    readonly at: number;
    readonly cells: string[];
    readonly seen: Map<string, string>;
  }[] = [];
  let [idAt, labelAt, splitAt] = [-1, -1, -1];
  const read = readCsv(chunks, file, {
    onHeader: (header) => {
      [idAt, labelAt, splitAt] = [header.indexOf('example_id'), header.indexOf('true_label'), header.indexOf('split')];
      const missing = idAt < 0 ? 'example_id' : labelAt < 0 ? 'true_label' : null;
      if (missing !== null) return missingColumn(file, missing, header, 'example_id,true_label[,split],<attribute>...');
      const found = header.filter((name) => !RESERVED.includes(name)).map(attributeOf);
      const names = attributes ?? found;
      const absent = names.find((name) => !found.includes(name));
      if (absent !== undefined) return missingColumn(file, absent, found, 'an attribute');
      raw = [...new Set(names)].map((name) => ({
        name,
        at: header.indexOf(columnOf(name)),
        cells: [],
        seen: new Map(),
      }));
      return null;
    },
    onRow: (cells, row) => {
      const id = cells[idAt]!;
      const label = cells[labelAt]!;
      const first = indexOfId.get(id);
      if (id === '')
        return problem(file, row, 'example_id', 'examples-id', 'the id is empty, expected one for every example');
      if (first !== undefined) {
        return problem(
          file,
          row,
          'example_id',
          'examples-twice',
          `the example ${quoted(id)} is in row ${String(rows[first])} too, expected every id once`,
        );
      }
      if (label === '')
        return problem(file, row, 'true_label', 'examples-label', 'the label is empty, expected one for every example');
      if (ids.length === MOST_EXAMPLES) {
        return problem(
          file,
          row,
          'example_id',
          'examples-many',
          `more than ${String(MOST_EXAMPLES)} examples, expected fewer`,
        );
      }
      indexOfId.set(id, ids.length);
      ids.push(id);
      rows.push(row);
      labels.push(label);
      if (splitAt >= 0) splits.push(cells[splitAt]!);
      for (const attribute of raw) {
        const cell = cells[attribute.at]!;
        // One string object a value, however many rows: the cells of a large file fit in memory so.
        const kept = attribute.seen.get(cell);
        if (kept === undefined) {
          if (attribute.seen.size > MOST_VALUES) {
            return problem(
              file,
              row,
              attribute.name,
              'examples-values',
              `more than ${String(MOST_VALUES)} different values, expected a categorical attribute (name the attributes to audit to leave this column out)`,
            );
          }
          attribute.seen.set(cell, cell);
        }
        attribute.cells.push(kept ?? cell);
      }
      return null;
    },
  });
  if (!read.ok) return read;
  if (ids.length === 0)
    return refuse(
      'examples-none',
      { file, row: 2, column: 'example_id' },
      'there are no rows below the header, expected one for each example',
    );
  return ok({
    file,
    ids,
    indexOfId,
    rows,
    labels,
    splits: splitAt < 0 ? null : splits,
    attributes: raw.map(({ name, cells }) => ({ name, cells })),
  });
}

/**
 * Which rows of `examples.csv` are audited. Without a column `split`: all. With one: the rows whose split is `test` (in any
 * case of letters); where no row says so, the rows that have predictions, or all if that is not known (`hasPredictions` null).
 * Ascending indices.
 */
export function auditedRows(table: ExamplesTable, hasPredictions: Uint8Array | null): Uint32Array {
  const all = Uint32Array.from(table.ids, (_, i) => i);
  const { splits } = table;
  if (splits === null) return all;
  const test = all.filter((i) => splits[i]!.trim().toLowerCase() === TEST_SPLIT);
  if (test.length > 0) return test;
  return hasPredictions === null ? all : all.filter((i) => hasPredictions[i] === 1);
}

/** The audited rows as the audit takes them. `classes` must hold every label; attribute values are those of the audited rows. */
export function toAuditExamples(table: ExamplesTable, rows: Uint32Array, classes: readonly string[]): AuditExamples {
  const indexOfClass = new Map(classes.map((name, i) => [name, i]));
  return {
    ids: Array.from(rows, (i) => table.ids[i]!),
    classes,
    labels: Uint16Array.from(rows, (i) => indexOfClass.get(table.labels[i]!)!),
    attributes: table.attributes.map(({ name, cells }): Column => {
      const values = sortedDistinct(Array.from(rows, (i) => cells[i]!).filter((cell) => cell !== ''));
      const indexOfValue = new Map(values.map((value, i) => [value, i]));
      return { name, values, codes: Int16Array.from(rows, (i) => indexOfValue.get(cells[i]!) ?? -1) };
    }),
  };
}

/** The distinct texts in code-unit order: how classes and values are sorted everywhere. */
export function sortedDistinct(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}

/** `examples.csv` of what was audited: ids and values verbatim, a missing value as an empty cell; names as `ExamplesTable` has them. */
export function examplesCsv(examples: AuditExamples): string {
  const { attributes, classes, labels } = examples;
  return `${Papa.unparse(
    {
      fields: ['example_id', 'true_label', ...attributes.map(({ name }) => columnOf(name))],
      data: examples.ids.map((id, x) => [
        id,
        classes[labels[x]!]!,
        ...attributes.map((attribute) => attribute.values[attribute.codes[x]!] ?? ''),
      ]),
    },
    { newline: '\n' },
  )}\n`;
}

/** A refusal for a column that is not there, naming those that are. */
export function missingColumn(file: string, name: string, header: readonly string[], expected: string): Problem {
  const found = quoted(header.join(', '));
  return problem(file, 1, name, 'csv-column-missing', `there is no such column, expected ${expected}; found ${found}`);
}

function problem(file: string, row: number, column: string, code: string, sentence: string): Problem {
  return problemAt(code, { file, row, column }, sentence);
}
