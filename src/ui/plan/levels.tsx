import { useState } from 'react';
import { hookerSchedule } from '#compression/schedule.ts';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { addLevel, removeLevel } from '#store/plan.ts';
import { levelLabel } from '#store/progress.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { NumberField } from '#ui/kit/field.tsx';
import { Icon, Mark } from '#ui/kit/icons.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';

interface LevelsProps {
  readonly plan: Plan;
  readonly problem: string | null;
}

/** The levels as chips that can be taken away, and a way to add one. The baseline is always there. */
export function Levels({ plan, problem }: LevelsProps) {
  const [adding, setAdding] = useState(false);
  return (
    <section aria-labelledby="levels">
      <div className="sec-head">
        <h2 id="levels">Levels</h2>
        <span className="no">
          each is a crowd of {plan.members}, next to the baseline crowd of {plan.members}
        </span>
      </div>
      <div className="chips">
        <span className="chip still">
          <Mark kind="base" />
          baseline
        </span>
        {plan.levels.map((level) => (
          <button
            key={levelName(level)}
            type="button"
            className="chip on"
            aria-label={`Remove level ${levelLabel(level)}`}
            onClick={() => removeLevel(levelName(level))}
          >
            {levelLabel(level)}
            <Icon name="x" />
          </button>
        ))}
        <button type="button" className="chip add" onClick={() => setAdding(true)}>
          + level
        </button>
      </div>
      {problem === null ? null : (
        <div className="field" role="status">
          <span className="problem">
            <Icon name="warn" />
            <span>{problem}</span>
          </span>
        </div>
      )}
      <AddLevel plan={plan} open={adding} onClose={() => setAdding(false)} />
    </section>
  );
}

type Kind = 'pruned' | 'hybrid-int8' | 'fixed-int8';
const KINDS = [
  { value: 'pruned', label: 'remove weights' },
  { value: 'hybrid-int8', label: 'hybrid int8' },
  { value: 'fixed-int8', label: 'fixed int8' },
] as const;
const ABOUT: Readonly<Record<Kind, string>> = {
  pruned: 'The smallest weights go while the model trains, until this share of them is zero.',
  'hybrid-int8':
    'Weights are rounded to 8 bits, activations while the model runs. Tensors below 1,024 elements stay as they are.',
  'fixed-int8': 'Weights and activations are rounded to 8 bits; the first 100 training examples set the ranges.',
};

function AddLevel({
  plan,
  open,
  onClose,
}: {
  readonly plan: Plan;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState<Kind>('pruned');
  const [percent, setPercent] = useState(80);
  const valid = percent > 0 && percent < 100;
  const add = (): void => {
    if (kind === 'pruned') addLevel(hookerSchedule(percent / 100, plan.steps));
    else if (kind === 'hybrid-int8') addLevel({ kind, tensors: 'tflite-faithful' });
    else addLevel({ kind, calibration: 100 });
    onClose();
  };
  return (
    <Dialog
      open={open}
      title="Add a level"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            primary
            onClick={add}
            disabledReason={kind === 'pruned' && !valid ? 'Between 0 and 100 %, both excluded.' : null}
          >
            Add the level
          </Button>
        </>
      }
    >
      <Segmented legend="Kind of compression" options={KINDS} value={kind} onChange={setKind} />
      <p className="small">{ABOUT[kind]}</p>
      {kind === 'pruned' ? (
        <NumberField
          label="Weights removed, in percent"
          value={percent}
          min={0}
          max={99.9}
          step="any"
          onChange={setPercent}
          problem={valid ? null : 'Between 0 and 100 %, both excluded.'}
        />
      ) : null}
    </Dialog>
  );
}
