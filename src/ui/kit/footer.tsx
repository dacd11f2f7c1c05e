import type { ReactNode } from 'react';

interface FooterProps {
  /** What this screen has to say about itself (when it was saved, what is drawn and not measured). */
  readonly children?: ReactNode;
}

/** The foot of every screen: its right side is a promise that the content security policy keeps. */
export function Footer({ children }: FooterProps) {
  return (
    <footer className="foot">
      <span>{children}</span>
      <span className="priv">Nothing leaves this browser</span>
    </footer>
  );
}
