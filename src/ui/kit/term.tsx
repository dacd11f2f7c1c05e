import type { ReactNode } from 'react';
import { useId, useRef, useState } from 'react';
import { DEFINITIONS } from './definitions.ts';
import type { DefinedTerm } from './definitions.ts';

/** A word whose definition shows on hover, on focus and on press; Escape puts it away. */
export function Term({ of, children }: { readonly of: DefinedTerm; readonly children?: ReactNode }) {
  const id = useId();
  const box = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const [end, setEnd] = useState(false);
  const show = () => {
    // A term in the right part of the window opens to the left, so that its definition stays in sight.
    setEnd((box.current?.getBoundingClientRect().left ?? 0) > window.innerWidth - 320);
    setOpen(true);
  };
  return (
    <span ref={box} className="term-box" onMouseEnter={show} onMouseLeave={() => setOpen(false)}>
      <button
        type="button"
        className="term"
        aria-expanded={open}
        aria-describedby={id}
        onFocus={show}
        onBlur={() => setOpen(false)}
        onClick={show}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setOpen(false);
        }}
      >
        {children ?? of}
      </button>
      <span id={id} role="tooltip" className={end ? 'term-tip end' : 'term-tip'} hidden={!open}>
        {DEFINITIONS[of]}
      </span>
    </span>
  );
}
