import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

interface NoteProps {
  /** info: for your information. warn: look at this. few: too few to estimate. */
  readonly tone?: 'info' | 'warn' | 'few';
  /** The bold fact, a sentence with its full stop. */
  readonly fact: ReactNode;
  /** What was done about it. */
  readonly children?: ReactNode;
  /** One link. */
  readonly action?: ReactNode;
  /** Read out when it appears. */
  readonly live?: boolean;
}

/** Something a reader must know: an icon, a bold fact, what was done about it, at most one link. */
export function Note({ tone = 'info', fact, children, action, live }: NoteProps) {
  return (
    <div className={tone === 'warn' ? 'note warn' : 'note'} {...(live === true ? { role: 'status' } : {})}>
      {tone === 'few' ? (
        <span className="ne-mark" style={{ width: 12, height: 12, marginTop: 4 }} aria-hidden="true" />
      ) : (
        <Icon name={tone} />
      )}
      <span>
        <b>{fact}</b> {children}
      </span>
      {action ?? null}
    </div>
  );
}
