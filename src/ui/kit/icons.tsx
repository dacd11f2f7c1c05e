import type { ReactNode } from 'react';

/** How far a stage is; the icon of the rail. */
export type StageState = 'todo' | 'now' | 'running' | 'open' | 'done';
export type IconName = 'warn' | 'info' | 'check' | 'pause' | 'play' | 'stop' | 'x' | 'theme';

const STAGE: Readonly<Record<StageState, ReactNode>> = {
  done: (
    <>
      <circle cx="7" cy="7" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M4.2 7.2 6.2 9.2 9.9 5" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  now: (
    <>
      <circle cx="7" cy="7" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <circle cx="7" cy="7" r="3" fill="currentColor" />
    </>
  ),
  open: <circle cx="7" cy="7" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  running: (
    <>
      <circle cx="7" cy="7" r="6" fill="none" stroke="var(--line-2)" strokeWidth="2" />
      <path d="M7 1a6 6 0 1 1-4.8 9.6" fill="none" stroke="currentColor" strokeWidth="2" />
    </>
  ),
  todo: <circle cx="7" cy="7" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="2 2" />,
};

/** The state of a stage as a 14 px mark; its meaning in words stands beside it. */
export function StageIcon({ state }: { readonly state: StageState }) {
  return (
    <svg className="st" viewBox="0 0 14 14" aria-hidden="true">
      {STAGE[state]}
    </svg>
  );
}

const ICONS: Readonly<Record<IconName, { readonly box: number; readonly size: number; readonly shape: ReactNode }>> = {
  warn: {
    box: 16,
    size: 16,
    shape: (
      <>
        <path d="M8 1.8 15 14H1Z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
        <path d="M8 6v4M8 11.6v1" stroke="currentColor" strokeWidth="1.6" />
      </>
    ),
  },
  info: {
    box: 16,
    size: 16,
    shape: (
      <>
        <circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M8 7v4.2M8 4.4v1.2" stroke="currentColor" strokeWidth="1.6" />
      </>
    ),
  },
  check: {
    box: 12,
    size: 12,
    shape: <path d="M2 6.4 4.8 9.2 10 3.4" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  },
  pause: { box: 12, size: 12, shape: <path d="M3.5 2v8M8.5 2v8" stroke="currentColor" strokeWidth="2.2" /> },
  play: { box: 12, size: 12, shape: <path d="M3 1.5v9L10.5 6Z" fill="currentColor" /> },
  stop: { box: 12, size: 12, shape: <rect x="2" y="2" width="8" height="8" fill="currentColor" /> },
  x: { box: 10, size: 10, shape: <path d="M2 2l6 6M8 2l-6 6" stroke="currentColor" strokeWidth="1.4" /> },
  theme: {
    box: 16,
    size: 16,
    shape: (
      <>
        <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" />
      </>
    ),
  },
};

/** A drawn sign; always decoration beside a word, so hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  const icon = ICONS[name];
  return (
    <svg
      width={icon.size}
      height={icon.size}
      viewBox={`0 0 ${String(icon.box)} ${String(icon.box)}`}
      aria-hidden="true"
    >
      {icon.shape}
    </svg>
  );
}

/** A falling distribution whose last bar has turned into a diamond. */
export function Logo() {
  return (
    <svg width="26" height="22" viewBox="0 0 26 22" aria-hidden="true">
      <g fill="currentColor">
        <rect x="1" y="2" width="4" height="18" />
        <rect x="7" y="9" width="4" height="11" />
        <rect x="13" y="14" width="4" height="6" />
      </g>
      <path d="M22 14.2 24.8 17 22 19.8 19.2 17Z" fill="var(--comp)" />
    </svg>
  );
}

/** The mark of a population: circle for the baseline, diamond for compressed, hatched square for "not estimable". */
export function Mark({ kind }: { readonly kind: 'base' | 'comp' | 'none' }) {
  return <span className={`mk ${kind}`} aria-hidden="true" />;
}
