import type { ReactNode } from 'react';

interface PageHeadProps {
  /** A small line over the title. */
  readonly over?: ReactNode;
  readonly title: ReactNode;
  /** The one primary action of the screen. */
  readonly action?: ReactNode;
}

/** The head of a screen: what it is about, and what to do next. */
export function PageHead({ over, title, action }: PageHeadProps) {
  return (
    <div className="head">
      <div>
        {over === undefined ? null : (
          <p className="no" style={{ marginBottom: 4 }}>
            {over}
          </p>
        )}
        <h1>{title}</h1>
      </div>
      {action ?? null}
    </div>
  );
}
