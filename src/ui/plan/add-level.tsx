import { useState } from 'react';
import type { WeightBits } from '#compression/quantize.ts';
import type { PruningSemantics } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import {
  addLevel,
  levelCosts,
  usePlan,
  usualCalibration,
  type CalibrationChoice,
  type LevelChoice,
} from '#store/plan.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { NumberField } from '#ui/kit/field.tsx';
import { SEMANTICS } from '#ui/kit/plan-words.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { CalibrationFields, LabelledChoice } from './level-choices.tsx';
import { workWords } from './words.ts';

const KINDS = [
  { value: 'pruned', label: 'remove weights' },
  { value: 'hybrid-int8', label: 'hybrid int8' },
  { value: 'fixed-int8', label: 'fixed int8' },
  { value: 'qat-int8', label: 'QAT int8' },
] as const;
const ABOUT: Readonly<Record<LevelChoice['kind'], string>> = {
  pruned: 'The smallest weights go while the model trains, until this share of them is zero.',
  'hybrid-int8':
    'Weights are rounded to 8 bits, activations while the model runs. Tensors below 1,024 elements stay as they are.',
  'fixed-int8': 'Weights and activations are rounded to 8 bits; some training examples set the ranges.',
  'qat-int8':
    'Quantization-aware training: first in float, then with weights and activations rounded to 8 bits at every step, so that the model learns to live with it.',
};
const BITS = (['8', '4', '2'] as const).map((value) => ({ value, label: value }));
const SCOPES = [
  { value: 'layer', label: 'layer by layer' },
  { value: 'global', label: 'over the whole model' },
] as const;
const SCOPE_HINTS = {
  layer: 'Every layer loses the same share.',
  global: 'The smallest weights go wherever they are, but each layer keeps one.',
} as const;
const WAYS = (Object.keys(SEMANTICS) as PruningSemantics[]).map((value) => ({ value, label: SEMANTICS[value].name }));

interface AddLevelProps {
  readonly plan: Plan;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** What a level is made of, what that means and what it costs. */
export function AddLevel({ plan, open, onClose }: AddLevelProps) {
  const [kind, setKind] = useState<LevelChoice['kind']>('pruned');
  const [percent, setPercent] = useState(80);
  const [chosen, setChosen] = useState<PruningSemantics | null>(null);
  const [float, setFloat] = useState<number | null>(null);
  const [scope, setScope] = useState<'layer' | 'global'>('layer');
  const [bits, setBits] = useState<WeightBits>(8);
  const facts = usePlan((state) => state.facts);
  const [calibrated, setCalibrated] = useState<CalibrationChoice | null>(null);
  const calibration = calibrated ?? usualCalibration(facts);
  const semantics = chosen ?? plan.levels.find((level) => level.kind === 'pruned')?.semantics ?? 'hooker';
  const begin = float ?? Math.floor(plan.steps / 2);
  const choices: Readonly<Record<LevelChoice['kind'], LevelChoice>> = {
    pruned: { kind: 'pruned', semantics, scope, sparsity: percent / 100 },
    'hybrid-int8': { kind: 'hybrid-int8', bits },
    'fixed-int8': { kind: 'fixed-int8', bits, ...calibration },
    'qat-int8': { kind: 'qat-int8', begin, ...calibration },
  };
  const choice = choices[kind];
  const own =
    kind === 'pruned' && !(percent > 0 && percent < 100)
      ? 'Between 0 and 100 %, both excluded.'
      : kind === 'qat-int8' && !(Number.isInteger(begin) && begin >= 0 && begin < plan.steps)
        ? `A whole number from 0 to ${String(plan.steps - 1)}.`
        : null;
  const most = Math.max(1, facts?.trainExamples ?? 1);
  const isCalibrated = kind === 'fixed-int8' || kind === 'qat-int8';
  const count = calibration.calibration;
  const examples =
    isCalibrated && !(Number.isInteger(count) && count >= 1 && count <= most)
      ? `A whole number from 1 to ${String(most)}.`
      : null;
  const problem = own ?? examples;
  const costs = open && problem === null ? levelCosts(choice) : null;
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
          <Button primary onClick={add} disabledReason={problem}>
            Add the level
          </Button>
        </>
      }
    >
      <Segmented legend="Kind of compression" options={KINDS} value={kind} onChange={setKind} />
      <p className="small">{ABOUT[kind]}</p>
      {kind === 'pruned' ? (
        <>
          <NumberField
            label="Weights removed, in percent"
            value={percent}
            min={0}
            max={99.9}
            step="any"
            onChange={setPercent}
            problem={own}
          />
          <LabelledChoice
            label="Pruning follows"
            options={WAYS}
            value={semantics}
            onChange={setChosen}
            hint={SEMANTICS[semantics].sentence}
          />
          <LabelledChoice
            label="Weights are compared"
            options={SCOPES}
            value={scope}
            onChange={setScope}
            hint={SCOPE_HINTS[scope]}
          />
        </>
      ) : null}
      {kind === 'qat-int8' ? (
        <NumberField
          label="Steps in float first"
          value={begin}
          min={0}
          max={plan.steps - 1}
          onChange={setFloat}
          hint={`of ${String(plan.steps)}; the rest are rounded`}
          problem={own}
        />
      ) : null}
      {kind === 'hybrid-int8' || kind === 'fixed-int8' ? (
        <LabelledChoice
          label="Bits of a weight"
          options={BITS}
          value={String(bits) as `${WeightBits}`}
          onChange={(value) => setBits(Number(value) as WeightBits)}
          hint={bits === 8 ? 'as TensorFlow Lite does' : 'an extension by the same formulas; activations keep 8 bits'}
        />
      ) : null}
      {isCalibrated ? <CalibrationFields value={calibration} onChange={setCalibrated} problem={examples} /> : null}
      {costs === null ? null : <p className="small level-cost">{workWords(costs, plan)}</p>}
    </Dialog>
  );
}
