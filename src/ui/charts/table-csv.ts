import Papa from 'papaparse';
import type { Cell, Column, FigureTable } from './figure-table.tsx';

/**
 * A table as CSV: the numbers on screen with more digits, in the unit that its head names; the ends of an interval in two
 * columns after the value; what is not estimable is an empty cell, and its reason stands in the last column, as "column: reason".
 */
export function tableCsv(table: FigureTable): string {
  const rows = (table.everyLevel ?? table.rows)();
  const leads = table.everyLevel === undefined ? [] : [{ name: 'Level' }];
  const columns: readonly Column[] = [...leads, ...table.columns].filter((_, i) => !rows.some(opens(i)));
  const kept = rows.map(({ cells }) => cells.filter((_, i) => !rows.some(opens(i))));
  const fields = [...columns.flatMap(heads), 'Not estimable'];
  const data = kept.map((cells) => [
    ...columns.flatMap((column, i) => values(column, cells[i] ?? null)),
    columns.flatMap(({ name }, i) => reason(name, cells[i] ?? null)).join('; '),
  ]);
  return `${Papa.unparse({ fields, data }, { newline: '\n', escapeFormulae: true })}\n`;
}

const opens =
  (i: number) =>
  ({ cells }: { readonly cells: readonly Cell[] }): boolean => {
    const cell = cells[i];
    return typeof cell === 'object' && cell !== null && 'onOpen' in cell;
  };

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
