import { categoricalColumn, MAX_VALUES, randomSplit } from '#dataset/build.ts';
import type { Column, Dataset, NumericColumn } from '#dataset/dataset.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { cellNumber, cellValue } from './cells.ts';
import { suggestCompared, suggestPositive, type TableText } from './mapping.ts';
import type { Mapping } from './source.ts';
import { readSplit } from './split-column.ts';

export interface NamedTable extends TableText {
  readonly file: string;
  /** [row] number of the row in the file, the header is 1. */
  readonly rowNumbers: readonly number[];
}

/** The cells of a column, missing ones as ''. The column is known to be there. */
export function cellsOf(table: NamedTable, column: string): readonly string[] {
  const at = table.header.indexOf(column);
  return table.rows.map((row) => cellValue(row[at]!));
}

/** Says which column of a mapping the table lacks, or null. */
export function missingColumn(table: NamedTable, names: readonly (string | null)[]): Result<never> | null {
  const name = names.find((candidate) => candidate !== null && !table.header.includes(candidate));
  if (name === undefined || name === null) return null;
  return fail('no-column', `${table.file}: there is no column ${name}`, { file: table.file, column: name });
}

/** A categorical column of a table; refused beyond 10,000 values, or as a label with fewer than two. */
export function readCategorical(table: NamedTable, name: string, isLabel: boolean): Result<Column> {
  const cells = cellsOf(table, name);
  const distinct = new Set(cells);
  distinct.delete('');
  const where = { file: table.file, column: name };
  if (distinct.size > MAX_VALUES) {
    return fail(
      'many-values',
      `${table.file}, column ${name}: more than 10,000 different values, expected groups or classes`,
      where,
    );
  }
  if (isLabel && distinct.size < 2) {
    return fail(
      'one-class',
      `${table.file}, column ${name}: a label needs at least two classes, found ${String(distinct.size)}`,
      where,
    );
  }
  if (isLabel && distinct.size > 1000) {
    return fail(
      'many-classes',
      `${table.file}, column ${name}: ${String(distinct.size)} classes, at most 1,000 can be learned`,
      where,
    );
  }
  return ok(categoricalColumn(name, cells));
}

type Input = { readonly kind: 'numeric'; readonly column: NumericColumn } | { readonly kind: 'categorical' };

/** Numbers where every cell that is not missing is one; a column of many values with a few that are not is refused at the first of them. */
function readInput(table: NamedTable, name: string): Result<Input> {
  const cells = cellsOf(table, name);
  const numbers = Float64Array.from(cells, (cell) => (cell === '' ? NaN : (cellNumber(cell) ?? Infinity)));
  const bad = numbers.indexOf(Infinity);
  if (bad < 0) return ok({ kind: 'numeric', column: { name, numbers } });
  const badCount = numbers.filter((value) => value === Infinity).length;
  if (badCount < 0.1 * cells.length && new Set(cells).size > 50) {
    const row = table.rowNumbers[bad]!;
    const where = { file: table.file, row, column: name };
    return fail(
      'not-number',
      `${table.file}, row ${String(row)}, column ${name}: expected a finite number as in the other rows`,
      where,
    );
  }
  return ok({ kind: 'categorical' });
}

/** The question that a fresh dataset asks: the label, its likely positive class, up to two attributes, at least 30 examples a rate. */
export function firstQuestion(label: Column, attributes: readonly string[]): Dataset['question'] {
  return {
    target: label.name,
    positive: suggestPositive(label),
    attributes: suggestCompared(attributes),
    minCount: 30,
  };
}

/**
 * The dataset of a table. Every row is an example, named by its row number in the file. Label and split are never inputs.
 * Without a split column 70 % of the rows are trained on, drawn with the seed.
 */
export function tableDataset(
  table: NamedTable,
  mapping: Extract<Mapping, { kind: 'table' }>,
  seed: number,
): Result<Omit<Dataset, 'hash'>> {
  const inputs = mapping.inputs.filter((name) => name !== mapping.label && name !== mapping.split);
  const attributes = mapping.attributes.filter((name) => name !== mapping.label);
  const missing = missingColumn(table, [mapping.label, mapping.split, ...inputs, ...attributes]);
  if (missing) return missing;
  if (inputs.length === 0)
    return fail('no-inputs', `${table.file}: no column is left for the models to learn from`, { file: table.file });
  const numeric: NumericColumn[] = [];
  const categorical: string[] = [];
  for (const name of new Set(inputs)) {
    const input = readInput(table, name);
    if (!input.ok) return input;
    if (input.value.kind === 'numeric') numeric.push(input.value.column);
    else categorical.push(name);
  }
  const columns: Column[] = [];
  for (const name of new Set([mapping.label, ...attributes, ...categorical])) {
    const column = readCategorical(table, name, name === mapping.label);
    if (!column.ok) return column;
    columns.push(column.value);
  }
  const given = mapping.split === null ? null : readSplit(cellsOf(table, mapping.split), mapping.split, table.file);
  if (given && !given.ok) return given;
  return ok({
    name: table.file,
    noun: ['row', 'rows'],
    origin: { kind: 'files', names: [table.file] },
    ids: table.rowNumbers.map((row) => `row-${String(row)}`),
    features: { kind: 'table', numeric, categorical },
    columns,
    split: given ? given.value.split : randomSplit(table.rows.length, seed),
    remarks: [
      given
        ? given.value.rule
        : 'The file has no split: 70 % of the rows, drawn with the seed, are trained on and 30 % audited.',
    ],
    question: firstQuestion(columns[0]!, attributes),
  });
}
