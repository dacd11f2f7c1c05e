import type { ReactNode } from 'react';

interface FooterProps {
  /** What a reader must know of what is shown ("The faces are drawn, not photographed."). */
  readonly children?: ReactNode;
  /** Opens the explanation of the promise. */
  readonly how?: ReactNode;
}

/** The foot of every screen: its right side is a promise that the content security policy keeps. */
export function Footer({ children, how }: FooterProps) {
  return (
    <footer className="foot">
      <span>{children}</span>
      <span className="priv">Nothing leaves this browser. {how}</span>
    </footer>
  );
}
