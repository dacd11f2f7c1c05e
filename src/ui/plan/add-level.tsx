import { useState } from 'react';
import type { WeightBits } from '#compression/quantize.ts';
import type { Plan } from '#engine/model/plan.ts';
import { addLevel, levelOutlook, usePlan } from '#store/plan.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';
import { CalibrationFields, LabelledChoice } from './level-choices.tsx';
import { levelChoice, roundingOf, stageChoice, usualDraft, type Kind, type LevelDraft } from './level-draft.ts';
import { StageFields } from './level-fields.tsx';
import { workWords } from './words.ts';

const KINDS = [
  { value: 'pruned', label: 'remove weights' },
  { value: 'structured', label: 'remove filters' },
  { value: 'distilled', label: 'smaller student' },
  { value: 'hybrid-int8', label: 'hybrid int8' },
  { value: 'fixed-int8', label: 'fixed int8' },
  { value: 'qat-int8', label: 'QAT int8' },
] as const;
const ABOUT: Readonly<Record<Kind, string>> = {
  pruned: 'The smallest weights go while the model trains, until this share of them is zero.',
  structured:
    'Whole filters and neurons go while the model trains, those with the smallest weights first. What is left is a really smaller network.',
  distilled:
    'Knowledge distillation: a smaller model learns from the labels and from what the baseline member of its seed, its teacher, says about each example.',
  'hybrid-int8':
    'Weights are rounded to 8 bits, activations while the model runs. Tensors below 1,024 elements stay as they are.',
  'fixed-int8': 'Weights and activations are rounded to 8 bits; some training examples set the ranges.',
  'qat-int8':
    'Quantization-aware training: first in float, then with weights and activations rounded to 8 bits at every step, so that the model learns to live with it.',
};
const THEN = [
  { value: 'nothing', label: 'nothing more' },
  { value: 'hybrid-int8', label: 'round, hybrid' },
  { value: 'fixed-int8', label: 'round, fixed' },
] as const;
const THEN_HINTS = {
  nothing: 'The level is what the training leaves.',
  'hybrid-int8': 'A second stage rounds the trained weights as hybrid int8 does.',
  'fixed-int8': 'A second stage rounds the trained weights and the activations as fixed int8 does.',
} as const;
const BITS = (['8', '4', '2'] as const).map((value) => ({ value, label: value }));

interface AddLevelProps {
  readonly plan: Plan;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** What a level is made of, what that means, what it costs, and why it cannot be made where it cannot. */
export function AddLevel({ plan, open, onClose }: AddLevelProps) {
  const facts = usePlan((state) => state.facts);
  const pace = usePlan((state) => state.pace);
  const costs = usePlan((state) => state.costs);
  const [changes, setChanges] = useState<Partial<LevelDraft>>({});
  const draft: LevelDraft = { ...usualDraft(plan, facts), ...changes };
  const change = (more: Partial<LevelDraft>): void => setChanges({ ...changes, ...more });
  const { hasBits, isCalibrated } = roundingOf(draft);
  const choice = levelChoice(draft);
  const stage = open ? levelOutlook(stageChoice(draft)) : null;
  const outlook = open ? levelOutlook(choice) : null;
  const most = Math.max(1, facts?.trainExamples ?? 1);
  const { calibration } = draft.calibration;
  const examples =
    isCalibrated && !(Number.isInteger(calibration) && calibration >= 1 && calibration <= most)
      ? `A whole number from 1 to ${String(most)}.`
      : null;
  const stageProblem = examples === null ? (stage?.problem ?? null) : null;
  const thenProblem = examples === null && stageProblem === null ? (outlook?.problem ?? null) : null;
  const add = (): void => {
    addLevel(choice);
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
          <Button primary onClick={add} disabledReason={examples ?? stageProblem ?? thenProblem}>
            Add the level
          </Button>
        </>
      }
    >
      <Segmented
        legend="Kind of compression"
        options={KINDS}
        value={draft.kind}
        onChange={(kind) => change({ kind, then: 'nothing' })}
      />
      <p className="small">{ABOUT[draft.kind]}</p>
      <StageFields draft={draft} change={change} plan={plan} problem={stageProblem} />
      <LabelledChoice
        label="Then"
        options={THEN}
        value={draft.then}
        onChange={(then) => change({ then })}
        hint={THEN_HINTS[draft.then]}
        problem={thenProblem}
      />
      {hasBits ? (
        <LabelledChoice
          label="Bits of a weight"
          options={BITS}
          value={String(draft.bits) as `${WeightBits}`}
          onChange={(value) => change({ bits: Number(value) as WeightBits })}
          hint={
            draft.bits === 8 ? 'as TensorFlow Lite does' : 'an extension by the same formulas; activations keep 8 bits'
          }
        />
      ) : null}
      {isCalibrated ? (
        <CalibrationFields
          value={draft.calibration}
          onChange={(chosen) => change({ calibration: chosen })}
          problem={examples}
        />
      ) : null}
      {outlook?.costs == null || costs === null ? null : (
        <p className="small level-cost">{workWords(outlook.costs, plan, { pace, costs })}</p>
      )}
    </Dialog>
  );
}
