import { useEffect, useRef } from 'react';
import { answerName, useLabels } from '#store/labels.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Field } from '#ui/kit/field.tsx';

/** Asks once for the name that stands on every label; the decision that asked for it is saved with the answer. */
export function NameDialog() {
  const open = useLabels(({ asksName }) => asksName);
  const field = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    // One types the name at once, but the key of the label that asked for it is not part of it: it has been handled by then.
    const later = setTimeout(() => field.current?.focus());
    return () => clearTimeout(later);
  }, [open]);
  return (
    <Dialog
      open={open}
      title="Who is reviewing?"
      onClose={() => answerName(null)}
      actions={
        <>
          <Button primary onClick={() => form.current?.requestSubmit()}>
            Save the name
          </Button>
          <Button onClick={() => answerName(null)}>Not now</Button>
        </>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          const name = field.current?.value.trim() ?? '';
          if (name === '') field.current?.focus();
          else answerName(name);
        }}
      >
        <Field
          label="Your name or initials"
          hint="It stands on every label, so that several people's labels can be told apart. It stays on this device and in the files you save."
          control={(props) => <input {...props} ref={field} type="text" autoComplete="name" required />}
        />
      </form>
    </Dialog>
  );
}
