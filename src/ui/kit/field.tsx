import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { Icon } from './icons.tsx';

interface FieldFrame {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** One sentence that says what is wrong and what would be right; null where nothing is. */
  readonly problem?: string | null;
  /** Why it cannot be changed here, in words that stand in the place of the hint; null where it can. */
  readonly disabledReason?: string | null;
}
interface ControlProps {
  readonly id: string;
  readonly disabled?: true;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

/** A label, a control and, tied to it, its hint and its problem. */
export function Field({
  label,
  hint: usualHint,
  problem,
  disabledReason,
  control,
}: FieldFrame & { readonly control: (props: ControlProps) => ReactNode }) {
  const id = useId();
  const disabled = disabledReason !== undefined && disabledReason !== null;
  const hint = disabled ? disabledReason : usualHint;
  const hasHint = hint !== undefined && hint !== null;
  const wrong = problem !== undefined && problem !== null;
  const described = [wrong ? `${id}-problem` : '', hasHint ? `${id}-hint` : ''].filter((part) => part !== '').join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control({
        id,
        ...(disabled ? { disabled: true as const } : {}),
        ...(described === '' ? {} : { 'aria-describedby': described }),
        ...(wrong ? { 'aria-invalid': true as const } : {}),
      })}
      {wrong ? (
        <span className="problem" id={`${id}-problem`}>
          <Icon name="warn" />
          <span>{problem}</span>
        </span>
      ) : null}
      {hasHint ? (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
    </div>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen, in a few words beside the label. Only a SelectField shows it. */
  readonly disabledReason?: string | null;
}

interface SelectFieldProps<T extends string> extends FieldFrame {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

/** A choice among many; few choices are a Segmented. */
export function SelectField<T extends string>({ value, options, onChange, ...frame }: SelectFieldProps<T>) {
  const change = (text: string) => {
    const chosen = options.find((option) => option.value === text);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <Field
      {...frame}
      control={(props) => (
        <select {...props} value={value} onChange={(event) => change(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={(option.disabledReason ?? null) !== null}>
              {(option.disabledReason ?? null) === null
                ? option.label
                : `${option.label} (${String(option.disabledReason)})`}
            </option>
          ))}
        </select>
      )}
    />
  );
}

interface NumberFieldProps extends FieldFrame {
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | 'any';
  /** Called with every number that is typed, also one that a plan cannot run: the problem says so beside the field. */
  readonly onChange: (value: number) => void;
}

/** A number. What is being typed stays as it is until it is a number; a field left empty goes back to the last one. */
export function NumberField({ value, min, max, step, onChange, ...frame }: NumberFieldProps) {
  // The text as typed, with the value that it stands for: it is dropped as soon as the value is another one.
  const [draft, setDraft] = useState<{ readonly text: string; readonly value: number } | null>(null);
  return (
    <Field
      {...frame}
      control={(props) => (
        <input
          {...props}
          type="number"
          value={draft !== null && draft.value === value ? draft.text : String(value)}
          step={step ?? 1}
          {...(min === undefined ? {} : { min })}
          {...(max === undefined ? {} : { max })}
          onChange={(event) => {
            const text = event.currentTarget.value;
            const typed = event.currentTarget.valueAsNumber;
            setDraft({ text, value: Number.isFinite(typed) ? typed : value });
            if (Number.isFinite(typed) && typed !== value) onChange(typed);
          }}
          onBlur={() => setDraft(null)}
        />
      )}
    />
  );
}

interface CheckFieldProps {
  readonly label: ReactNode;
  /** What stands at the right end, muted. */
  readonly detail?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Why it cannot be ticked here, in the place of the detail; null where it can. */
  readonly disabledReason?: string | null;
}

/** A box to tick, its label and a fact about it. */
export function CheckField({ label, detail: usualDetail, checked, onChange, disabledReason }: CheckFieldProps) {
  const disabled = disabledReason !== undefined && disabledReason !== null;
  const detail = disabled ? disabledReason : usualDetail;
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
      {detail === undefined ? null : <span className="mute">{detail}</span>}
    </label>
  );
}
