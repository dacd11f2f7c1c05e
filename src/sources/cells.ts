/** How cells of a table are read, in one place. */

const MISSING = new Set(['', '?', 'na', 'n/a', 'nan', 'null']);

/** The cell without space around it, or '' where it says that a value is missing: empty, ?, NA, N/A, NaN, null in any case. */
export function cellValue(cell: string): string {
  const value = cell.trim();
  return MISSING.has(value.toLowerCase()) ? '' : value;
}

/** The number in a cell that is not missing, decimal point, or null where it is not a finite number. */
export function cellNumber(value: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
