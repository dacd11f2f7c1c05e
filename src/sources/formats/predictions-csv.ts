import Papa from 'papaparse';
import type { AuditExamples, Population } from '#audit/predictions.ts';
import { codeOfProbability, probabilityText } from '#lib/log-odds.ts';
import { ok, type Problem, type Result } from '#lib/result.ts';
import { readCsv } from './csv.ts';
import { missingColumn, type ExamplesTable } from './examples-csv.ts';
import { problemAt, quoted, refuse } from './refusal.ts';

const NONE = 0xffff;
const COLUMNS = 'population,member,example_id,predicted_label[,probability]';

/** Predictions for the rows of `examples.csv`, from either form of file; populations in the order in which they appear. */
export interface RawPredictions {
  readonly file: string;
  /** What the predicted codes mean, in any order. */
  readonly labels: readonly string[];
  readonly populations: readonly RawPopulation[];
  /** [row of examples.csv] 1 where some member has a prediction; null where every member has one for every row. */
  readonly hasPredictions: Uint8Array | null;
}

export interface RawPopulation {
  readonly name: string;
  readonly members: readonly RawMember[];
}

export interface RawMember {
  readonly name: string;
  /** [row of examples.csv] index into `labels`, 0xffff where there is no prediction. */
  readonly codes: Uint16Array | Uint8Array;
  /** [row of examples.csv] probability of the positive class, as codes (lib/log-odds.ts); null where a row of the member has none. */
  readonly probabilities: Uint16Array | null;
  /** The last row that names this member. */
  readonly lastRow: number;
}

interface MemberInReading {
  readonly codes: Uint16Array;
  readonly probabilities: Uint16Array;
  hasAll: boolean;
  lastRow: number;
}

/**
 * Reads `predictions.csv`, one row a prediction, in any order. The optional probability is that of the positive class; it may
 * be empty, else it must lie in [0,1]. Refused with row and column: a missing column, an empty name, an example that examples.csv does not
 * have, a member's second prediction for an example, more than 65,535 labels, no rows.
 */
export function readPredictionsCsv(
  chunks: Iterable<string>,
  file: string,
  examples: ExamplesTable,
): Result<RawPredictions> {
  const populations = new Map<string, Map<string, MemberInReading>>();
  const codeOfLabel = new Map<string, number>();
  const hasPredictions = new Uint8Array(examples.ids.length);
  const at = { population: -1, member: -1, example_id: -1, predicted_label: -1, probability: -1 };
  const bad = (row: number, column: string, code: string, sentence: string): Problem =>
    problemAt(code, { file, row, column }, sentence);
  const required = ['population', 'member', 'example_id', 'predicted_label'] as const;
  const read = readCsv(chunks, file, {
    onHeader: (header) => {
      for (const name of [...required, 'probability'] as const) at[name] = header.indexOf(name);
      const missing = required.find((name) => at[name] < 0);
      return missing === undefined ? null : missingColumn(file, missing, header, COLUMNS);
    },
    onRow: (cells, row) => {
      for (const name of required) {
        if (cells[at[name]] === '') return bad(row, name, 'predictions-empty', 'the cell is empty, expected a value');
      }
      const probability = at.probability < 0 ? '' : cells[at.probability]!;
      if (probability !== '' && !isProbability(probability)) {
        return bad(
          row,
          'probability',
          'predictions-probability',
          `${quoted(probability)} is not a probability, expected a number from 0 to 1 or an empty cell`,
        );
      }
      const id = cells[at.example_id]!;
      const example = examples.indexOfId.get(id);
      if (example === undefined) {
        return bad(
          row,
          'example_id',
          'predictions-unknown',
          `the example ${quoted(id)} is not in ${examples.file}, expected one of its ids`,
        );
      }
      const population = getOrAdd(populations, cells[at.population]!, () => new Map<string, MemberInReading>());
      const member = getOrAdd(population, cells[at.member]!, () => ({
        codes: new Uint16Array(examples.ids.length).fill(NONE),
        probabilities: new Uint16Array(at.probability < 0 ? 0 : examples.ids.length),
        hasAll: at.probability >= 0,
        lastRow: row,
      }));
      if (member.codes[example] !== NONE) {
        return bad(
          row,
          'example_id',
          'predictions-twice',
          `member ${quoted(cells[at.member]!)} of population ${quoted(cells[at.population]!)} has a second prediction for the example ${quoted(id)}, expected one`,
        );
      }
      const code = getOrAdd(codeOfLabel, cells[at.predicted_label]!, () => codeOfLabel.size);
      if (code >= NONE)
        return bad(row, 'predicted_label', 'predictions-labels', 'more than 65535 different labels, expected fewer');
      member.codes[example] = code;
      if (probability === '') member.hasAll = false;
      else member.probabilities[example] = codeOfProbability(Number(probability));
      member.lastRow = row;
      hasPredictions[example] = 1;
      return null;
    },
  });
  if (!read.ok) return read;
  if (populations.size === 0) {
    return refuse(
      'predictions-none',
      { file, row: 2, column: 'population' },
      'there are no rows below the header, expected one for each prediction',
    );
  }
  return ok({
    file,
    labels: [...codeOfLabel.keys()],
    populations: Array.from(populations, ([name, members]) => ({
      name,
      members: Array.from(members, ([member, { codes, probabilities, hasAll, lastRow }]) => ({
        name: member,
        codes,
        probabilities: hasAll ? probabilities : null,
        lastRow,
      })),
    })),
    hasPredictions,
  });
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu;

function isProbability(cell: string): boolean {
  const text = cell.trim();
  return NUMBER.test(text) && Number(text) >= 0 && Number(text) <= 1;
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * `predictions.csv` of populations, one row a prediction, with the column of probabilities where a population has them; in pieces
 * (one a member): the whole may be too long for one text.
 */
export function* predictionsCsv(
  { ids, classes }: AuditExamples,
  populations: readonly Population[],
): Generator<string> {
  const isLikely = populations.some(({ probabilities }) => probabilities);
  yield `population,member,example_id,predicted_label${isLikely ? ',probability' : ''}\n`;
  for (const { name, members, predictions, probabilities } of populations) {
    for (const [k, member] of members.entries()) {
      const rows = ids.map((id, x) => {
        const at = k * ids.length + x;
        const row = [name, member, id, classes[predictions[at]!]!];
        if (isLikely) row.push(probabilities ? probabilityText(probabilities[at]!) : '');
        return row;
      });
      if (rows.length > 0) yield `${Papa.unparse(rows, { newline: '\n' })}\n`;
    }
  }
}

/** How many rows `predictionsCsv` would have; past 2 million the compact form is written. */
export function predictionRows(examples: AuditExamples, populations: readonly Population[]): number {
  return populations.reduce((sum, { members }) => sum + members.length * examples.ids.length, 0);
}
