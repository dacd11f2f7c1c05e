import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { LinkButton } from '#ui/kit/button.tsx';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';

interface SectionProps {
  readonly title: string;
  /** The numbers of the drawing, opened on request; absent where the section is a table itself. */
  readonly table?: ReactNode;
  /** How to read it, opened on request. */
  readonly how?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page, with its table and its explanation to open. */
export function Section({ title, table, how, children }: SectionProps) {
  const [shown, setShown] = useState<readonly string[]>([]);
  const id = useId();
  const link = (what: 'table' | 'how', words: string) => (
    <LinkButton
      expanded={shown.includes(what)}
      onClick={() => setShown(shown.includes(what) ? shown.filter((other) => other !== what) : [...shown, what])}
    >
      {words}
    </LinkButton>
  );
  return (
    <ErrorBoundary what={title}>
      <section className="done-part" aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        {children}
        {table === undefined && how === undefined ? null : (
          <p className="acts">
            {table === undefined ? null : link('table', shown.includes('table') ? 'Hide the table' : 'Show as table')}
            {how === undefined ? null : link('how', 'How to read this')}
          </p>
        )}
        {shown.includes('how') ? <p className="small">{how}</p> : null}
        {shown.includes('table') ? table : null}
      </section>
    </ErrorBoundary>
  );
}
