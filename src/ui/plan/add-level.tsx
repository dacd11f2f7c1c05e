import { useState } from 'react';
import type { PruningSemantics } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { addLevel, levelCosts, type LevelChoice } from '#store/plan.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { NumberField } from '#ui/kit/field.tsx';
import { SEMANTICS } from '#ui/kit/plan-words.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
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
  'fixed-int8': 'Weights and activations are rounded to 8 bits; the first 100 training examples set the ranges.',
  'qat-int8':
    'Quantization-aware training: first in float, then with weights and activations rounded to 8 bits at every step, so that the model learns to live with it.',
};
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
  const semantics = chosen ?? plan.levels.find((level) => level.kind === 'pruned')?.semantics ?? 'hooker';
  const begin = float ?? Math.floor(plan.steps / 2);
  const choice: LevelChoice =
    kind === 'pruned' ? { kind, semantics, sparsity: percent / 100 } : kind === 'qat-int8' ? { kind, begin } : { kind };
  const problem =
    kind === 'pruned' && !(percent > 0 && percent < 100)
      ? 'Between 0 and 100 %, both excluded.'
      : kind === 'qat-int8' && !(Number.isInteger(begin) && begin >= 0 && begin < plan.steps)
        ? `A whole number from 0 to ${String(plan.steps - 1)}.`
        : null;
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
            problem={problem}
          />
          <div className="field">
            <span className="lab" aria-hidden="true">
              Pruning follows
            </span>
            <span>
              <Segmented legend="Pruning follows" options={WAYS} value={semantics} onChange={setChosen} />
            </span>
            <span className="hint">{SEMANTICS[semantics].sentence}</span>
          </div>
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
          problem={problem}
        />
      ) : null}
      {costs === null ? null : <p className="small level-cost">{workWords(costs, plan)}</p>}
    </Dialog>
  );
}
