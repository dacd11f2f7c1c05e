import Papa from 'papaparse';
import type { Population, PredictionTable } from '#audit/predictions.ts';
import { ok, type Problem, type Result } from '#lib/result.ts';
import { readCsv } from './csv.ts';
import { missingColumn, sortedDistinct, type ExamplesTable } from './examples-csv.ts';
import type { NpyMatrix } from './npy.ts';
import type { RawMember, RawPredictions } from './predictions-csv.ts';
import { problemAt, quoted, refuse } from './refusal.ts';

/** `members.csv`: whose predictions each row of the matrix holds. */
export interface MembersTable {
  readonly file: string;
  readonly rows: readonly { readonly population: string; readonly member: string; readonly row: number }[]; // [member]
}

/** Reads `members.csv`: `population,member` a row, in the order of the first axis of the matrix. No pair may come twice. */
export function readMembersCsv(chunks: Iterable<string>, file: string): Result<MembersTable> {
  const rows: { population: string; member: string; row: number }[] = [];
  const seen = new Map<string, number>();
  let [populationAt, memberAt] = [-1, -1];
  const bad = (row: number, column: string, code: string, sentence: string): Problem =>
    problemAt(code, { file, row, column }, sentence);
  const read = readCsv(chunks, file, {
    onHeader: (header) => {
      [populationAt, memberAt] = [header.indexOf('population'), header.indexOf('member')];
      const missing = populationAt < 0 ? 'population' : memberAt < 0 ? 'member' : null;
      return missing === null ? null : missingColumn(file, missing, header, 'population,member');
    },
    onRow: (cells, row) => {
      const population = cells[populationAt]!;
      const member = cells[memberAt]!;
      if (population === '') return bad(row, 'population', 'members-empty', 'the cell is empty, expected a name');
      if (member === '') return bad(row, 'member', 'members-empty', 'the cell is empty, expected a name');
      const key = JSON.stringify([population, member]);
      const first = seen.get(key);
      if (first !== undefined) {
        return bad(
          row,
          'member',
          'members-twice',
          `member ${quoted(member)} of population ${quoted(population)} is in row ${String(first)} too, expected it once`,
        );
      }
      seen.set(key, row);
      rows.push({ population, member, row });
      return null;
    },
  });
  return read.ok ? ok({ file, rows }) : read;
}

/**
 * The compact form as predictions: the matrix is [member, row of examples.csv], its numbers index the labels of examples.csv
 * sorted as text. Refused: a matrix whose size does not fit either file, a number that is no class.
 */
export function compactPredictions(
  matrix: NpyMatrix,
  matrixFile: string,
  members: MembersTable,
  examples: ExamplesTable,
): Result<RawPredictions> {
  const columns = examples.ids.length;
  if (matrix.rows !== members.rows.length) {
    return refuse(
      'npy-members',
      { file: members.file, row: members.rows.length + 1, column: 'member' },
      `there are ${String(members.rows.length)} members, expected ${String(matrix.rows)}, the rows of ${matrixFile}`,
    );
  }
  if (matrix.columns !== columns) {
    return refuse(
      'npy-examples',
      { file: matrixFile, row: 1, column: String(matrix.columns) },
      `the matrix has ${String(matrix.columns)} columns, expected ${String(columns)}, one for each example of ${examples.file}`,
    );
  }
  const labels = sortedDistinct(examples.labels);
  const populations = new Map<string, RawMember[]>();
  for (const [k, { population, member, row }] of members.rows.entries()) {
    const codes = matrix.data.subarray(k * columns, (k + 1) * columns);
    const wrong = codes.findIndex((code) => code >= labels.length);
    if (wrong >= 0) {
      return refuse(
        'npy-class',
        { file: matrixFile, row: k + 1, column: String(wrong + 1) },
        `${String(codes[wrong])} for the example ${quoted(examples.ids[wrong]!)} is no class, expected 0 to ${String(labels.length - 1)}, an index into the sorted labels of ${examples.file}`,
      );
    }
    const list = populations.get(population) ?? [];
    populations.set(population, list);
    list.push({ name: member, codes, lastRow: row });
  }
  return ok({
    file: members.file,
    labels,
    populations: Array.from(populations, ([name, list]) => ({ name, members: list })),
    hasPredictions: null,
  });
}

/**
 * A table in the compact form: the matrix for `P.npy` and the text of `members.csv`, to go with `examplesCsv`. null where a
 * predicted class is no example's true label: the matrix indexes the labels of examples.csv and could not say it.
 */
export function compactForm(table: PredictionTable): { readonly matrix: NpyMatrix; readonly members: string } | null {
  const { classes, labels: trueLabels, ids } = table.examples;
  const labels = sortedDistinct(Array.from(trueLabels, (label) => classes[label]!));
  const indexOfLabel = new Map(labels.map((label, i) => [label, i]));
  const codeOfClass = classes.map((name) => indexOfLabel.get(name) ?? -1);
  const populations = [table.baseline, ...table.compressed];
  const rows = populations.reduce((sum, { members }) => sum + members.length, 0);
  const data = labels.length <= 256 ? new Uint8Array(rows * ids.length) : new Uint16Array(rows * ids.length);
  let at = 0;
  for (const { predictions } of populations) {
    for (const predicted of predictions) {
      const code = codeOfClass[predicted]!;
      if (code < 0) return null;
      data[at++] = code;
    }
  }
  return { matrix: { rows, columns: ids.length, data }, members: membersCsv(populations) };
}

function membersCsv(populations: readonly Population[]): string {
  const rows = populations.flatMap(({ name, members }) => members.map((member) => [name, member]));
  return `${Papa.unparse({ fields: ['population', 'member'], data: rows }, { newline: '\n' })}\n`;
}
