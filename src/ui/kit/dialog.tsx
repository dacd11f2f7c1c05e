import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot; without them one that closes. */
  readonly actions?: ReactNode;
}

/** A modal dialog of the browser's own kind: it holds the focus, Escape closes it, focus goes back where it was. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || !open) return undefined;
    // The browser gives the focus back only to a dialog that is still on the page when it closes; here it is gone by then.
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    // Reading starts at the title, not at the first button, which may stand below the fold.
    heading.current?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={ref}
      className="dlg"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <div className="body">{children}</div>
      <div className="acts" style={{ display: 'flex' }}>
        {actions ?? <Button onClick={onClose}>Close</Button>}
      </div>
    </dialog>
  );
}
