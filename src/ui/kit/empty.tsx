import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  /** What will be here, and when. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** A stage that has nothing to show yet says what will be here and what comes first. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <main className="page">
      <div className="head">
        <h1>{title}</h1>
        {action ?? null}
      </div>
      <p className="lead" style={{ paddingTop: 8 }}>
        {children}
      </p>
    </main>
  );
}
