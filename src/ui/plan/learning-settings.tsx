import type { OptimizerSpec, Plan, ScheduleSpec } from '#engine/model/plan.ts';
import { editPlan } from '#store/plan.ts';
import { NumberField, SelectField } from '#ui/kit/field.tsx';
import { NumberListField } from './number-list.tsx';
import { RateCurve } from './rate-curve.tsx';
import { Group, type SettingsProps } from './settings-group.tsx';

const OPTIMIZERS = [
  { value: 'adam', label: 'Adam' },
  { value: 'sgd', label: 'SGD, momentum' },
] as const;
const SCHEDULES = [
  { value: 'constant', label: 'Constant' },
  { value: 'cosine', label: 'Cosine' },
  { value: 'step', label: 'Stairs' },
] as const;

/** How the weights are learned: batch, optimizer, learning rate and its way over the steps. */
export function LearningSettings({ plan, noun, problem }: SettingsProps) {
  const { optimizer } = plan;
  return (
    <Group title="Learning">
      <NumberField
        label="Batch size"
        value={plan.batchSize}
        min={1}
        onChange={(batchSize) => editPlan({ batchSize })}
        hint={`${noun[1]} seen before each change`}
        problem={problem('batchSize')}
      />
      <SelectField
        label="Optimizer"
        value={optimizer.kind}
        options={OPTIMIZERS}
        onChange={(kind) => editPlan({ optimizer: optimizerOf(kind, optimizer) })}
        hint={optimizer.kind === 'adam' ? `beta ${String(optimizer.beta1)} and ${String(optimizer.beta2)}` : undefined}
        problem={problem('optimizer')}
      />
      {optimizer.kind === 'sgd' ? (
        <NumberField
          label="Momentum"
          value={optimizer.momentum}
          min={0}
          max={1}
          step="any"
          onChange={(momentum) => editPlan({ optimizer: { ...optimizer, momentum } })}
          hint="share of the last move that goes on"
        />
      ) : null}
      <NumberField
        label="Weight decay"
        value={optimizer.weightDecay ?? 0}
        min={0}
        step="any"
        onChange={(decay) => editPlan({ optimizer: withDecay(optimizer, decay) })}
        hint="pulls weights towards 0"
      />
      <NumberField
        label="Learning rate"
        value={plan.learningRate}
        min={0}
        step="any"
        onChange={(learningRate) => editPlan({ learningRate })}
        hint="how far each step goes"
        problem={problem('learningRate')}
      />
      <ScheduleFields plan={plan} problem={problem('schedule')} />
    </Group>
  );
}

function ScheduleFields({ plan, problem }: { readonly plan: Plan; readonly problem: string | null }) {
  const { schedule = { kind: 'constant' } } = plan;
  return (
    <>
      <SelectField
        label="Rate over time"
        value={schedule.kind}
        options={SCHEDULES}
        onChange={(kind) => editPlan({ schedule: scheduleOf(kind, plan.steps) })}
        hint={{ constant: 'stays as it is', cosine: 'rises, then falls to 0', step: 'falls in stairs' }[schedule.kind]}
        problem={schedule.kind === 'constant' ? problem : null}
      />
      {schedule.kind === 'cosine' ? (
        <NumberField
          label="Steps of the rise"
          value={schedule.warmup}
          min={0}
          onChange={(warmup) => editPlan({ schedule: { ...schedule, warmup } })}
          problem={problem}
        />
      ) : null}
      {schedule.kind === 'step' ? (
        <>
          <NumberListField
            label="Falls after steps"
            value={schedule.at}
            onChange={(at) => editPlan({ schedule: { ...schedule, at } })}
            hint="with commas between them"
            problem={problem}
          />
          <NumberField
            label="Times"
            value={schedule.factor}
            min={0}
            max={1}
            step="any"
            onChange={(factor) => editPlan({ schedule: { ...schedule, factor } })}
            hint="of the rate before"
          />
        </>
      ) : null}
      <RateCurve plan={plan} />
    </>
  );
}

/** The usual settings of another optimizer; the weight decay stays. */
function optimizerOf(kind: OptimizerSpec['kind'], before: OptimizerSpec): OptimizerSpec {
  const usual: OptimizerSpec =
    kind === 'sgd' ? { kind, momentum: 0.9 } : { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  return withDecay(usual, before.weightDecay ?? 0);
}

function withDecay({ weightDecay: _, ...optimizer }: OptimizerSpec, weightDecay: number): OptimizerSpec {
  return weightDecay === 0 ? optimizer : { ...optimizer, weightDecay };
}

/** A schedule to start from: a rise over 5 % of the steps, or stairs after half and three quarters. Undefined: constant. */
function scheduleOf(kind: ScheduleSpec['kind'], steps: number): ScheduleSpec | undefined {
  const share = (part: number): number => Math.max(1, Math.round(part * steps));
  if (kind === 'cosine') return { kind, warmup: Math.max(0, Math.min(share(0.05), steps - 1)) };
  if (kind === 'step') return { kind, at: [...new Set([share(0.5), share(0.75)])], factor: 0.1 };
  return undefined;
}
