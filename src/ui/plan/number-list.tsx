import type { ReactNode } from 'react';
import { useState } from 'react';
import { Field } from '#ui/kit/field.tsx';

interface NumberListProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly problem: string | null;
  readonly value: readonly number[];
  readonly onChange: (value: readonly number[]) => void;
}

/** Numbers with commas or spaces between them. What is being typed stays as it is; what is no number is left out. */
export function NumberListField({ value, onChange, ...frame }: NumberListProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <Field
      {...frame}
      control={(props) => (
        <input
          {...props}
          type="text"
          inputMode="numeric"
          value={draft ?? value.join(', ')}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setDraft(text);
            onChange(numbersIn(text));
          }}
          onBlur={() => setDraft(null)}
        />
      )}
    />
  );
}

function numbersIn(text: string): readonly number[] {
  return text
    .split(/[\s,;]+/u)
    .filter((part) => part !== '')
    .map(Number)
    .filter(Number.isFinite);
}
