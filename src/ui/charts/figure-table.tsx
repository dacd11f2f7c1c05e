import type { ReactNode } from 'react';
import type { Estimate } from '#audit/result.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { properMinus } from '#ui/kit/format.ts';
import { Mark } from '#ui/kit/icons.tsx';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { intervalText } from '#ui/kit/num.tsx';
import { DataTable, type TwinColumn, type TwinRow } from '#ui/kit/table-twin.tsx';

/** The table of a figure as data: shown on screen and saved as CSV, so that both have the same numbers. */
export interface FigureTable {
  /** Says what is averaged, which interval, which correction. */
  readonly caption: ReactNode;
  readonly columns: readonly Column[];
  /** Made when it is opened or saved. */
  readonly rows: () => readonly Row[];
  /** What is saved instead of the rows on screen: the same columns at every level, each row led by the name of its level. */
  readonly everyLevel?: () => Iterable<Row>;
}

/** How the numbers of a column are written. */
export interface Writing {
  /** On screen, with its unit. */
  readonly value: (value: number) => string;
  /** The ends of its interval on screen; as the value where absent. */
  readonly end?: (value: number) => string;
  /** The unit of the CSV, in its head; none where absent. */
  readonly unit?: string;
  /** What a value is multiplied by in the CSV; 1 where absent. */
  readonly factor?: number;
}

export interface Column {
  /** Empty: its cells open examples. */
  readonly name: string;
  /** Whose numbers these are: a circle or a diamond before the name. */
  readonly mark?: 'base' | 'comp';
  /** Absent: text. */
  readonly as?: Writing;
  /** Whether the numbers bring a 95 % interval. */
  readonly interval?: boolean;
  readonly strong?: boolean;
}

/** Why there is no number. */
export interface Missing {
  readonly missing: string;
}
/** Opens examples; not in the CSV. */
export interface Opens {
  readonly text: string;
  /** What a screen reader says: "Show 212 faces whose label changed". */
  readonly label: string;
  readonly onOpen: () => void;
}
/** null: nothing to say here. */
export type Cell = string | number | Estimate | Missing | Opens | null;

export interface Row {
  readonly key: string;
  readonly cells: readonly Cell[];
  readonly highlight?: boolean;
}

/** An estimate, or why there is none. */
export function orWhy(estimate: Estimate, reason: string): Estimate | Missing {
  return estimate.value === null ? { missing: reason } : estimate;
}

export function FigureTableView({ table }: { readonly table: FigureTable }) {
  return <DataTable caption={table.caption} columns={table.columns.flatMap(heads)} rows={shownRows(table)} />;
}

function heads({ name, mark, as, interval }: Column): readonly TwinColumn[] {
  const shown = mark === undefined ? name : [<Mark key="mark" kind={mark} />, ` ${name}`];
  const value: TwinColumn = { name: shown, ...(as === undefined ? {} : { numeric: true }) };
  return interval === true ? [value, { name: `95 % interval: ${name}`, interval: true }] : [value];
}

function shownRows({ columns, rows }: FigureTable): readonly TwinRow[] {
  return rows().map(({ cells, ...row }) => ({
    ...row,
    cells: columns.flatMap((column, i) => shownCells(column, cells[i] ?? null)),
  }));
}

function shownCells({ as, interval, strong }: Column, cell: Cell): readonly ReactNode[] {
  const [value, ends] = shown(as, cell);
  const said = strong === true ? <b>{value}</b> : value;
  return interval === true ? [said, ends] : [said];
}

function shown(as: Writing | undefined, cell: Cell): readonly [ReactNode, string] {
  if (cell === null) return ['', ''];
  if (typeof cell === 'string') return [cell, ''];
  if (typeof cell === 'number') return [as === undefined ? String(cell) : properMinus(as.value(cell)), ''];
  if ('missing' in cell) return [<NotEstimable key="no" mark={cell.missing !== ''} reason={cell.missing} />, ''];
  if ('onOpen' in cell)
    return [
      <LinkButton key="open" onClick={cell.onOpen} label={cell.label}>
        {cell.text}
      </LinkButton>,
      '',
    ];
  const write = as?.value ?? String;
  return [cell.value === null ? '' : properMinus(write(cell.value)), intervalText(cell, as?.end ?? write)];
}
