import type { Problem, Result } from '#lib/result.ts';

/** Where in a file something is wrong. Row 1 is the header row; a column is named, or numbered where it has no name. */
export interface Place {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
}

/** A problem whose sentence begins with file, row and column: `faces.csv, row 3, column Male: ...`. */
export function problemAt(code: string, place: Place, sentence: string): Problem {
  const parts = [escaped(place.file)];
  if (place.row !== undefined) parts.push(`row ${String(place.row)}`);
  if (place.column !== undefined) parts.push(`column ${escaped(place.column)}`);
  return { code, message: `${parts.join(', ')}: ${sentence}`, ...place };
}

/** The same as a result. */
export function refuse(code: string, place: Place, sentence: string): Result<never> {
  return { ok: false, problem: problemAt(code, place, sentence) };
}

/** File paths are the longest texts that are worth showing. */
const SHOWN_CHARACTERS = 200;

/** Somebody else's text in quotation marks on one line: control and direction characters escaped, cut after 200 characters. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return cut.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
