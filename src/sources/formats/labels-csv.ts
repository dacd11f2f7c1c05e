import Papa from 'papaparse';

/** A label in force: who gave it last, and when. */
export interface LabelRow {
  readonly exampleId: string;
  readonly label: string;
  readonly reviewer: string;
  readonly time: string; // ISO 8601
}

/**
 * One row a label in force: `example_id,label,reviewer,time`. A cell that a spreadsheet would take for a formula (= + - @,
 * tab, carriage return) is written with a leading apostrophe. No labels give the header alone.
 */
export function labelsCsv(rows: readonly LabelRow[]): string {
  const header = ['example_id', 'label', 'reviewer', 'time'];
  const data = rows.map((row) => [row.exampleId, row.label, row.reviewer, row.time]);
  return `${Papa.unparse([header, ...data], { escapeFormulae: true, newline: '\n' })}\n`;
}
