import type { CalibrationChoice } from '#store/plan.ts';
import { NumberField, type Option } from '#ui/kit/field.tsx';
import { Icon } from '#ui/kit/icons.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';

interface LabelledChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly hint: string;
  /** Why what is chosen cannot be; null or absent where it can. */
  readonly problem?: string | null;
}

/** A choice among a few with its label in sight, and what the chosen one means. */
export function LabelledChoice<T extends string>({ label, hint, problem, ...choice }: LabelledChoiceProps<T>) {
  return (
    <div className="field">
      <span className="lab" aria-hidden="true">
        {label}
      </span>
      <span>
        <Segmented legend={label} {...choice} />
      </span>
      {problem == null ? null : (
        <span className="problem" role="status">
          <Icon name="warn" />
          <span>{problem}</span>
        </span>
      )}
      <span className="hint">{hint}</span>
    </div>
  );
}

const DRAWS = [
  { value: 'first', label: 'the first' },
  { value: 'random', label: 'at random' },
  { value: 'balanced', label: 'balanced' },
] as const;
const DRAW_HINTS: Readonly<Record<CalibrationChoice['draw'], string>> = {
  first: 'in the order of the data, as in the paper',
  random: 'drawn with the seed of the plan',
  balanced: 'as many of every class, drawn with the seed of the plan',
};

interface CalibrationFieldsProps {
  readonly value: CalibrationChoice;
  readonly onChange: (value: CalibrationChoice) => void;
  readonly problem: string | null;
}

/** How many training examples set the ranges of activations, and which. */
export function CalibrationFields({ value, onChange, problem }: CalibrationFieldsProps) {
  return (
    <>
      <NumberField
        label="Calibration examples"
        value={value.calibration}
        min={1}
        onChange={(calibration) => onChange({ ...value, calibration })}
        hint="training examples that set the ranges of activations"
        problem={problem}
      />
      <LabelledChoice
        label="Which of them"
        options={DRAWS}
        value={value.draw}
        onChange={(draw) => onChange({ ...value, draw })}
        hint={DRAW_HINTS[value.draw]}
      />
    </>
  );
}
