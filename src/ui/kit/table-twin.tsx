import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { LinkButton } from './button.tsx';

export interface TwinColumn {
  readonly name: ReactNode;
  readonly numeric?: boolean;
  /** An interval: stands left-aligned right of the value before it, which carries the name. */
  readonly interval?: boolean;
}
export interface TwinRow {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  readonly highlight?: boolean;
}
interface DataTableProps {
  /** Says what is averaged, which interval, which correction. */
  readonly caption: ReactNode;
  readonly columns: readonly TwinColumn[];
  readonly rows: readonly TwinRow[];
}

const cellClass = (column: TwinColumn | undefined): string =>
  column?.interval === true ? 'n ci' : column?.numeric === true ? 'n' : '';

/** A table in the order and with the numbers of its figure. The first cell of a row names it. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  const captionId = useId();
  return (
    <div className="twin-scroll" tabIndex={0} role="region" aria-labelledby={captionId}>
      <table className="tbl">
        <caption id={captionId}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" className={cellClass(column)}>
                {column.interval === true ? <span className="vh">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={row.highlight === true ? 'hl' : ''}>
              {row.cells.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={index} className={cellClass(columns[index])}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The table of a figure, opened below it by "Show as table". The rows are made only when it is open. */
export function TableTwin({
  caption,
  columns,
  rows,
}: Omit<DataTableProps, 'rows'> & { readonly rows: () => readonly TwinRow[] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <LinkButton expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the table' : 'Show as table'}
      </LinkButton>
      {open ? (
        <div className="twin" id={id}>
          <DataTable caption={caption} columns={columns} rows={rows()} />
        </div>
      ) : null}
    </>
  );
}
