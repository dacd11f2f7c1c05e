import { fail, type Result } from '#lib/result.ts';

/** Where in a file something is wrong. Row 1 is the header row; a column is named, or numbered where it has no name. */
export interface Place {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
}

/** A refusal whose sentence begins with file, row and column: `faces.csv, row 3, column "Male": ...`. */
export function refuse(code: string, place: Place, sentence: string): Result<never> {
  const parts = [place.file];
  if (place.row !== undefined) parts.push(`row ${String(place.row)}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  return fail(code, `${parts.join(', ')}: ${sentence}`, place);
}

const SHOWN_CHARACTERS = 60;

/** Somebody else's text in quotation marks on one line: control and direction characters escaped, cut after 60 characters. */
export function quoted(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
