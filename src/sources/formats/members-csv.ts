import Papa from 'papaparse';
import type { Population, PredictionTable } from '#audit/predictions.ts';
import { codeOfProbability, probabilityOfCode } from '#lib/log-odds.ts';
import { ok, type Problem, type Result } from '#lib/result.ts';
import { readCsv } from './csv.ts';
import { missingColumn, sortedDistinct, type ExamplesTable } from './examples-csv.ts';
import type { NpyFloats, NpyMatrix } from './npy.ts';
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

/** Probabilities of the positive class beside the class indices, [member, row of examples.csv]. */
export interface ProbabilityMatrix {
  readonly matrix: NpyFloats;
  readonly file: string;
}

/** [member, row of examples.csv] codes. Refused: another shape than that of the class indices, a number outside [0,1]. */
function probabilityCodes(
  { matrix, file }: ProbabilityMatrix,
  classes: NpyMatrix,
  classesFile: string,
  examples: ExamplesTable,
): Result<Uint16Array> {
  const { rows, columns, data } = matrix;
  if (rows !== classes.rows || columns !== classes.columns) {
    return refuse(
      'npy-shape',
      { file, row: 1, column: 'header' },
      `the shape is (${String(rows)}, ${String(columns)}), expected (${String(classes.rows)}, ${String(classes.columns)}) as in ${classesFile}`,
    );
  }
  const wrong = data.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong < 0) return ok(Uint16Array.from(data, codeOfProbability));
  const column = wrong % columns;
  return refuse(
    'npy-probability',
    { file, row: Math.floor(wrong / columns) + 1, column: String(column + 1) },
    `${String(data[wrong])} for the example ${quoted(examples.ids[column]!)} is not a probability, expected a number from 0 to 1`,
  );
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
  likely: ProbabilityMatrix | null = null,
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
  const probabilities = likely === null ? ok(null) : probabilityCodes(likely, matrix, matrixFile, examples);
  if (!probabilities.ok) return probabilities;
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
    const own = probabilities.value?.subarray(k * columns, (k + 1) * columns) ?? null;
    list.push({ name: member, codes, probabilities: own, lastRow: row });
  }
  return ok({
    file: members.file,
    labels,
    populations: Array.from(populations, ([name, list]) => ({ name, members: list })),
    hasPredictions: null,
  });
}

/** A table in the compact form, as `cli audit` reads it. */
export interface CompactForm {
  /** For `P.npy`. */
  readonly matrix: NpyMatrix;
  /** The text of `members.csv`. */
  readonly members: string;
  /** float32, for `probabilities.npy`: off by at most 3e-8. null where a population has none. */
  readonly probabilities: NpyFloats | null;
}

/**
 * A table in the compact form, to go with `examplesCsv`. null where a predicted class is no example's true label: the matrix
 * indexes the labels of examples.csv and could not say it.
 */
export function compactForm(table: PredictionTable): CompactForm | null {
  const { classes, labels: trueLabels, ids } = table.examples;
  const labels = sortedDistinct(Array.from(trueLabels, (label) => classes[label]!));
  const indexOfLabel = new Map(labels.map((label, i) => [label, i]));
  const codeOfClass = classes.map((name) => indexOfLabel.get(name) ?? -1);
  const populations = [table.baseline, ...table.compressed];
  const rows = populations.reduce((sum, { members }) => sum + members.length, 0);
  const data = labels.length <= 256 ? new Uint8Array(rows * ids.length) : new Uint16Array(rows * ids.length);
  const likely = new Float32Array(populations.every(({ probabilities }) => probabilities) ? data.length : 0);
  let at = 0;
  for (const { predictions, probabilities } of populations) {
    for (const [i, predicted] of predictions.entries()) {
      const code = codeOfClass[predicted]!;
      if (code < 0) return null;
      if (likely.length > 0) likely[at] = probabilityOfCode(probabilities![i]!);
      data[at++] = code;
    }
  }
  const shape = { rows, columns: ids.length };
  return {
    matrix: { ...shape, data },
    members: membersCsv(populations),
    probabilities: likely.length > 0 ? { ...shape, data: likely } : null,
  };
}

function membersCsv(populations: readonly Population[]): string {
  const rows = populations.flatMap(({ name, members }) => members.map((member) => [name, member]));
  return `${Papa.unparse({ fields: ['population', 'member'], data: rows }, { newline: '\n' })}\n`;
}
