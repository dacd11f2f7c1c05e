import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { LinkButton } from '#ui/kit/button.tsx';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { DataTable, type TwinColumn, type TwinRow } from '#ui/kit/table-twin.tsx';

export interface FigureTable {
  readonly caption: ReactNode;
  readonly columns: readonly TwinColumn[];
  readonly rows: () => readonly TwinRow[];
}

interface FigureProps {
  readonly no: number;
  /** The finding of the figure, a sentence a person could quote. */
  readonly claim: ReactNode;
  /** How to read the figure, opened on request. */
  readonly how: ReactNode;
  readonly table: FigureTable;
  /** Between the claim and the actions. */
  readonly remarks?: ReactNode;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

function Actions({ table, how, more }: { readonly table: Switch; readonly how: Switch; readonly more: ReactNode }) {
  return (
    <p className="acts">
      <LinkButton expanded={table.open} onClick={table.toggle}>
        {table.open ? 'Hide the table' : 'Show as table'}
      </LinkButton>
      <LinkButton expanded={how.open} onClick={how.toggle}>
        How to read this
      </LinkButton>
      {more}
    </p>
  );
}

interface Switch {
  readonly open: boolean;
  readonly toggle: () => void;
}
function useSwitch(): Switch {
  const [open, setOpen] = useState(false);
  return { open, toggle: () => setOpen((was) => !was) };
}

/** A figure over the whole width: caption in the margin, plot beside it, the table of the same numbers below. */
export function Figure({ no, claim, how, table, remarks, more, children }: FigureProps) {
  const tableSwitch = useSwitch();
  const howSwitch = useSwitch();
  const id = useId();
  return (
    <ErrorBoundary what={`Figure ${String(no)}`}>
      <figure className="fig" aria-labelledby={id}>
        <figcaption className="cap">
          <span className="no">Figure {no}</span>
          <p className="claim" id={id}>
            {claim}
          </p>
          {remarks}
          <Actions table={tableSwitch} how={howSwitch} more={more} />
          {howSwitch.open ? <p className="small">{how}</p> : null}
        </figcaption>
        {children}
        {tableSwitch.open ? (
          <div className="twin">
            <DataTable caption={table.caption} columns={table.columns} rows={table.rows()} />
          </div>
        ) : null}
      </figure>
    </ErrorBoundary>
  );
}

/** A figure of half the width, one of two side by side. */
export function HalfFigure({ no, claim, how, table, remarks, more, children }: FigureProps) {
  const tableSwitch = useSwitch();
  const howSwitch = useSwitch();
  const id = useId();
  return (
    <ErrorBoundary what={`Figure ${String(no)}`}>
      <figure aria-labelledby={id}>
        <figcaption className="half-cap">
          <span className="no">Figure {no}</span>
          <p className="claim" id={id}>
            {claim}
          </p>
        </figcaption>
        {children}
        {remarks}
        <Actions table={tableSwitch} how={howSwitch} more={more} />
        {howSwitch.open ? <p className="small">{how}</p> : null}
        {tableSwitch.open ? <DataTable caption={table.caption} columns={table.columns} rows={table.rows()} /> : null}
      </figure>
    </ErrorBoundary>
  );
}
