import { useId, useLayoutEffect, useRef, useState } from 'react';
import { LinkButton } from '#ui/kit/button.tsx';

/** Marks the fields that the key N goes to. */
export const TEXT_ANSWER = 'text-answer';

interface TextAnswerProps {
  readonly name: string;
  readonly text: string;
  readonly onSave: (text: string) => void;
}

/** Free text: folded away until it is wanted, saved when one leaves it. Escape and Ctrl+Enter leave it. */
export function TextAnswer({ name, text, onSave }: TextAnswerProps) {
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  if (!open) {
    return (
      <p className="no text-answer">
        {text === '' ? null : <span className="note-text">“{text}” </span>}
        <span className={TEXT_ANSWER}>
          {text === '' ? (
            <LinkButton onClick={() => setOpen(true)}>{name}</LinkButton>
          ) : (
            <LinkButton onClick={() => setOpen(true)} label={`Change: ${name}`}>
              Change
            </LinkButton>
          )}
        </span>{' '}
        <kbd aria-hidden="true">N</kbd>
      </p>
    );
  }
  return (
    <div className="text-answer">
      <label htmlFor={id} className="no">
        {name}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={3}
        defaultValue={text}
        onBlur={(event) => {
          setOpen(false);
          onSave(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
          event.preventDefault();
          event.stopPropagation();
          event.currentTarget.blur();
        }}
      />
    </div>
  );
}
