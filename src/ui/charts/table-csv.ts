import Papa from 'papaparse';
import type { Cell, Column, FigureTable } from './figure-table.tsx';

/**
 * A table as CSV, a row a piece: the numbers on screen with more digits, in the unit that its head names; the ends of an interval
 * in two columns after the value; what is not estimable is an empty cell, and its reason stands in the last column, as "column:
 * reason". Columns without a name open examples and are left out.
 */
export function* tableCsv(table: FigureTable): Generator<string> {
  const leads = table.everyLevel === undefined ? [] : [{ name: 'Level' }];
  const columns: readonly Column[] = [...leads, ...table.columns];
  const kept = [...columns.keys()].filter((i) => columns[i]!.name !== '');
  yield line([...kept.flatMap((i) => heads(columns[i]!)), 'Not estimable']);
  for (const { cells } of (table.everyLevel ?? table.rows)()) {
    const reasons = kept.flatMap((i) => reason(columns[i]!.name, cells[i] ?? null));
    yield line([...kept.flatMap((i) => values(columns[i]!, cells[i] ?? null)), reasons.join('; ')]);
  }
}

const line = (cells: readonly (string | number)[]): string =>
  `${Papa.unparse([[...cells]], { newline: '\n', escapeFormulae: true })}\n`;

function heads({ name, mark, as, interval }: Column): readonly string[] {
  const whose = mark === undefined ? '' : mark === 'base' ? ', baseline' : ', compressed';
  const value = `${name}${whose}${as?.unit === undefined ? '' : ` (${as.unit})`}`;
  return interval === true ? [value, `${value}, 95% low`, `${value}, 95% high`] : [value];
}

function values({ as, interval }: Column, cell: Cell): readonly (string | number)[] {
  const number = (value: number | null): string | number =>
    value === null || !Number.isFinite(value) ? '' : Number(((as?.factor ?? 1) * value).toPrecision(8));
  const three = (first: string | number, low: string | number = '', high: string | number = '') =>
    interval === true ? [first, low, high] : [first];
  if (cell === null) return three('');
  if (typeof cell === 'string') return three(cell.replaceAll('\u00a0', ' '));
  if (typeof cell === 'number') return three(number(cell));
  return 'value' in cell ? three(number(cell.value), number(cell.low), number(cell.high)) : three('');
}

function reason(name: string, cell: Cell): readonly string[] {
  return typeof cell === 'object' && cell !== null && 'missing' in cell && cell.missing !== ''
    ? [`${name}: ${cell.missing}`]
    : [];
}
