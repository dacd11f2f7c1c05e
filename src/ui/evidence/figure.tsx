import type { ReactNode, RefObject } from 'react';
import { useId, useRef, useState } from 'react';
import { FigureTableView, type FigureTable } from '#ui/charts/figure-table.tsx';
import { SaveFigure } from '#ui/charts/save-figure.tsx';
import { LinkButton } from '#ui/kit/button.tsx';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { PaperTables } from './paper-numbers.tsx';
import type { PaperNumbers } from './papers.ts';
import type { EvidenceView } from './view.ts';

interface FigureProps {
  readonly view: EvidenceView;
  readonly no: number;
  /** What it shows, in a few words: "accuracy by level". */
  readonly name: string;
  /** Whether it shows every level, not the level of the finding alone. */
  readonly everyLevel?: boolean;
  /** The finding of the figure, a sentence a person could quote. */
  readonly claim: string;
  /** How to read the figure, opened on request. */
  readonly how: ReactNode;
  readonly table: FigureTable;
  readonly papers?: readonly PaperNumbers[];
  /** Between the claim and the actions. */
  readonly remarks?: ReactNode;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

/** A figure over the whole width: caption in the margin, plot beside it, the table of the same numbers below. */
export function Figure(props: FigureProps) {
  const { no, claim, how, remarks, children } = props;
  const parts = useParts(props);
  return (
    <ErrorBoundary what={`Figure ${String(no)}`}>
      <figure className="fig" aria-labelledby={parts.id} ref={parts.figure}>
        <figcaption className="cap">
          <span className="no">Figure {no}</span>
          <p className="claim" id={parts.id}>
            {claim}
          </p>
          {remarks}
          {parts.actions}
          {parts.shows('how') ? <p className="small">{how}</p> : null}
        </figcaption>
        {children}
        {parts.below === null ? null : <div className="twin">{parts.below}</div>}
      </figure>
    </ErrorBoundary>
  );
}

/** A figure of half the width, one of two side by side. */
export function HalfFigure(props: FigureProps) {
  const { no, claim, how, remarks, children } = props;
  const parts = useParts(props);
  return (
    <ErrorBoundary what={`Figure ${String(no)}`}>
      <figure aria-labelledby={parts.id} ref={parts.figure}>
        <figcaption className="half-cap">
          <span className="no">Figure {no}</span>
          <p className="claim" id={parts.id}>
            {claim}
          </p>
        </figcaption>
        {children}
        {remarks}
        {parts.actions}
        {parts.shows('how') ? <p className="small">{how}</p> : null}
        {parts.below}
      </figure>
    </ErrorBoundary>
  );
}

type Part = 'table' | 'how' | 'papers';

/** What opens below a figure and the buttons that open it. */
function useParts({ view, no, name, everyLevel = false, claim, table, papers, more }: FigureProps) {
  const [open, setOpen] = useState<readonly Part[]>([]);
  const figure: RefObject<HTMLElement | null> = useRef(null);
  const shows = (part: Part): boolean => open.includes(part);
  const toggle = (part: Part) => () => setOpen(shows(part) ? open.filter((other) => other !== part) : [...open, part]);
  const actions = (
    <div className="acts">
      <LinkButton expanded={shows('table')} onClick={toggle('table')}>
        {shows('table') ? 'Hide the table' : 'Show as table'}
      </LinkButton>
      <LinkButton expanded={shows('how')} onClick={toggle('how')}>
        How to read this
      </LinkButton>
      {papers === undefined ? null : <PapersButton open={shows('papers')} onClick={toggle('papers')} />}
      {more}
      <SaveFigure
        name={`figure ${String(no)} ${name}`}
        audit={view.title}
        level={everyLevel ? null : view.comparison.level}
        table={table}
        plots={{ figure, claim }}
      />
    </div>
  );
  const below =
    shows('table') || (papers !== undefined && shows('papers')) ? (
      <>
        {shows('table') ? <FigureTableView table={table} /> : null}
        {papers !== undefined && shows('papers') ? <PaperTables papers={papers} /> : null}
      </>
    ) : null;
  return { id: useId(), figure, shows, actions, below };
}

function PapersButton({ open, onClick }: { readonly open: boolean; readonly onClick: () => void }) {
  return (
    <LinkButton expanded={open} onClick={onClick}>
      {open ? 'Hide the paper’s numbers' : 'The paper’s numbers'}
    </LinkButton>
  );
}

interface TableSectionProps {
  readonly view: EvidenceView;
  readonly title: string;
  /** The title as it stands, where it is more than text. */
  readonly heading?: ReactNode;
  /** Null while there is nothing to tabulate: then `children` say why. */
  readonly table: FigureTable | null;
  readonly everyLevel?: boolean;
  readonly papers?: readonly PaperNumbers[];
  /** Before the table. */
  readonly before?: ReactNode;
  /** After it. */
  readonly children?: ReactNode;
}

/** A table with a title of its own, saved as CSV, with the paper's numbers on request. */
export function TableSection({
  view,
  title,
  heading = title,
  table,
  everyLevel = false,
  papers,
  before,
  children,
}: TableSectionProps) {
  const [open, setOpen] = useState(false);
  return (
    <ErrorBoundary what={title}>
      <section className="more-table">
        <h2>{heading}</h2>
        {before}
        {table === null ? null : <FigureTableView table={table} />}
        {children}
        {table === null && papers === undefined ? null : (
          <div className="acts">
            {papers === undefined ? null : <PapersButton open={open} onClick={() => setOpen(!open)} />}
            {table === null ? null : (
              <SaveFigure
                name={title}
                audit={view.title}
                level={everyLevel ? null : view.comparison.level}
                table={table}
              />
            )}
          </div>
        )}
        {open && papers !== undefined ? <PaperTables papers={papers} /> : null}
      </section>
    </ErrorBoundary>
  );
}
