import Papa from 'papaparse';
import { ok, type Problem, type Result } from '#lib/result.ts';
import { problemAt, quoted, refuse } from './refusal.ts';

/** A table of text as it stands in the file: cells are verbatim, nothing is trimmed but the header. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[]; // [row, column]
  /** [row] number of the row in the file; the header is row 1, empty rows count but are left out of `rows`. */
  readonly rowNumbers: number[];
}

/** What takes the rows of a file while it is read. A problem that it returns ends the reading. */
export interface CsvVisitor {
  readonly onHeader: (header: readonly string[]) => Problem | null;
  readonly onRow: (cells: readonly string[], rowNumber: number) => Problem | null;
}

type Newline = '\n' | '\r\n' | '\r';
const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A row longer than this is taken for an unclosed quotation mark. */
const LONGEST_ROW_CHARACTERS = 8_000_000;

/**
 * Reads a whole CSV text. Comma, semicolon, tab or bar (guessed from the header), any line ends, quoted cells with newlines,
 * a byte-order mark. Refused with row and column: empty or repeated column names and `__proto__`, rows that are longer or
 * shorter than the header, stray quotation marks, text that was not UTF-8. A file without rows below its header is fine here.
 */
export function parseCsv(text: string, fileName: string): Result<CsvTable> {
  let header: readonly string[] = [];
  const rows: (readonly string[])[] = [];
  const rowNumbers: number[] = [];
  const read = readCsv([text], fileName, {
    onHeader: (names) => {
      header = names;
      return null;
    },
    onRow: (cells, rowNumber) => {
      rows.push(cells);
      rowNumbers.push(rowNumber);
      return null;
    },
  });
  return read.ok ? ok({ header, rows, rowNumbers }) : read;
}

/**
 * The same for text that comes in chunks (cut anywhere), for files too large to hold: each row is handed to the visitor and
 * forgotten. The value is the number of rows below the header.
 */
export function readCsv(chunks: Iterable<string>, fileName: string, visitor: CsvVisitor): Result<number> {
  let pending = '';
  let parser: { parse: (input: string, base: number, ignoreLastRow: boolean) => unknown } | null = null;
  let newline: Newline = '\n';
  let width = 0;
  let header: readonly string[] = [];
  let rowNumber = 0;
  let count = 0;

  const take = (cells: string[], suspicious: boolean): Problem | null => {
    rowNumber++;
    const last = cells.length - 1;
    if (newline === '\n' && cells[last]!.endsWith('\r')) cells[last] = cells[last]!.slice(0, -1);
    if (rowNumber === 1) {
      const names = checkHeader(cells, fileName);
      if (!names.ok) return names.problem;
      header = names.value;
      width = header.length;
      return visitor.onHeader(header);
    }
    if (cells.length === 1 && cells[0] === '') return null; // an empty line
    if (cells.length !== width) {
      const column = cells.length < width ? header[cells.length]! : String(width + 1);
      return problemAt(
        'csv-ragged',
        { file: fileName, row: rowNumber, column },
        `this row has ${String(cells.length)} cells, expected ${String(width)} as in the header`,
      );
    }
    if (suspicious) {
      const bad = cells.findIndex((cell) => /[\0\uFFFD]/u.test(cell));
      if (bad >= 0) return notText(fileName, rowNumber, header[bad]!);
    }
    count++;
    return visitor.onRow(cells, rowNumber);
  };

  const drain = (isLast: boolean): Problem | null => {
    if (parser === null) {
      const start = inspectHeader(pending, isLast);
      if (start === null) return pending.length > LONGEST_ROW_CHARACTERS ? tooLong() : null;
      newline = start.newline;
      parser = new Papa.Parser({ delimiter: start.delimiter, newline: start.newline });
    }
    // Papa's parser takes a quotation mark at the end of a chunk for a stray one: it only gets whole records.
    const end = isLast ? pending.length : lastRecordEnd(pending, newline);
    if (end === 0) return pending.length > LONGEST_ROW_CHARACTERS ? tooLong() : null;
    const records = pending.slice(0, isLast ? end : end - newline.length);
    pending = pending.slice(end);
    const suspicious = /[\0\uFFFD]/u.test(records);
    // Papa's low-level parser is untyped; these are the fields its documentation names.
    const parsed = parser.parse(records, 0, false) as Papa.ParseResult<string[]>;
    const badRow = parsed.errors.length === 0 ? -1 : (parsed.errors[0]!.row ?? 0);
    for (const [i, cells] of parsed.data.entries()) {
      if (i === badRow) break;
      const problem = take(cells, suspicious);
      if (problem !== null) return problem;
    }
    if (badRow >= 0) {
      const row = rowNumber + 1;
      return problemAt(
        'csv-quotes',
        { file: fileName, row },
        'a quotation mark is not closed or stands inside a cell, expected "..." around the whole cell with inner marks doubled',
      );
    }
    return null;
  };

  const tooLong = (): Problem =>
    problemAt(
      'csv-long-row',
      { file: fileName, row: rowNumber + 1 },
      `this row is longer than ${String(LONGEST_ROW_CHARACTERS)} characters, expected a shorter one (is a quotation mark not closed?)`,
    );

  let isFirst = true;
  for (const chunk of chunks) {
    for (const piece of pieces(chunk)) {
      pending += isFirst && piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
      isFirst = false;
      const problem = drain(false);
      if (problem !== null) return { ok: false, problem };
    }
  }
  if (pending === '' && rowNumber === 0) {
    return refuse('csv-empty', { file: fileName, row: 1 }, 'the file is empty, expected a header row');
  }
  const problem = pending === '' ? null : drain(true);
  return problem === null ? ok(count) : { ok: false, problem };
}

const PIECE_CHARACTERS = 1_000_000;

/** Cuts a long text into pieces, so that the rows of a large file are never all held as arrays at once. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length; start += PIECE_CHARACTERS) yield text.slice(start, start + PIECE_CHARACTERS);
}

/** The position after the last line end that is outside quotation marks; 0 where there is none. `text` begins a record. */
function lastRecordEnd(text: string, newline: Newline): number {
  let end = 0;
  let from = 0;
  for (;;) {
    const open = text.indexOf('"', from);
    const stop = open < 0 ? text.length : open;
    const found = text.lastIndexOf(newline, stop - newline.length);
    if (found >= from) end = found + newline.length;
    if (open < 0) return end;
    const close = text.indexOf('"', open + 1);
    if (close < 0) return end;
    from = close + 1;
  }
}

/** Delimiter and line end, judged by the first record alone; null while that record is not complete. */
function inspectHeader(
  text: string,
  isLast: boolean,
): { readonly delimiter: string; readonly newline: Newline } | null {
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]));
  let isQuoted = false;
  let newline: Newline | null = null;
  for (let i = 0; i < text.length && newline === null; i++) {
    const char = text[i]!;
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '\n') newline = '\n';
    else if (char === '\r') {
      if (i + 1 === text.length && !isLast) return null;
      newline = text[i + 1] === '\n' ? '\r\n' : '\r';
    } else if (counts.has(char)) counts.set(char, counts.get(char)! + 1);
  }
  if (newline === null && !isLast) return null;
  let delimiter: string = DELIMITERS[0];
  for (const candidate of DELIMITERS) if (counts.get(candidate)! > counts.get(delimiter)!) delimiter = candidate;
  return { delimiter, newline: newline ?? '\n' };
}

function checkHeader(cells: readonly string[], file: string): Result<readonly string[]> {
  const names = cells.map((cell) => cell.trim());
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const place = { file, row: 1, column: String(i + 1) };
    if (name === '')
      return refuse('csv-header-empty', place, 'this column has no name, expected one in the header row');
    if (name === '__proto__')
      return refuse('csv-header-reserved', place, 'a column cannot be named "__proto__", expected another name');
    if (/[\0\uFFFD]/u.test(name)) return { ok: false, problem: notText(file, 1, String(i + 1)) };
    const first = seen.get(name);
    if (first !== undefined) {
      return refuse(
        'csv-header-repeated',
        place,
        `the name ${quoted(name)} is that of column ${String(first)} too, expected every name once`,
      );
    }
    seen.set(name, i + 1);
  }
  return ok(names);
}

const notText = (file: string, row: number, column: string): Problem =>
  problemAt(
    'csv-encoding',
    { file, row, column },
    'this cell is not text in UTF-8, expected the file to be saved as UTF-8',
  );
