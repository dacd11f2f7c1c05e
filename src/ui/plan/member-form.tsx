import type { Plan } from '#engine/model/plan.ts';
import { editPlan } from '#store/plan.ts';
import type { PlanState } from '#store/state.ts';
import { NumberField, SelectField } from '#ui/kit/field.tsx';
import { Term } from '#ui/kit/term.tsx';
import { modelWords } from './words.ts';

interface MemberFormProps {
  readonly plan: Plan;
  readonly problems: PlanState['problems'];
  readonly noun: readonly [string, string];
}

const OPTIMIZERS = [
  { value: 'sgd', label: 'SGD with momentum' },
  { value: 'adam', label: 'Adam' },
] as const;

/** The recipe that every member follows. */
export function MemberForm({ plan, problems, noun }: MemberFormProps) {
  const problem = (field: keyof Plan): string | null =>
    problems.find((found) => found.field === field)?.message ?? null;
  const model = modelWords(plan.model);
  return (
    <section>
      <h2 style={{ marginBottom: 12 }}>Each member</h2>
      <div className="form">
        <SelectField
          label="Model"
          value={plan.model.kind}
          options={[{ value: plan.model.kind, label: model.name }]}
          onChange={() => undefined}
          hint={model.shape}
          problem={problem('model')}
        />
        <NumberField
          label="Members a level"
          value={plan.members}
          min={2}
          onChange={(members) => editPlan({ members })}
          hint="same recipe, other seeds"
          problem={problem('members')}
        />
        <NumberField
          label="Steps"
          value={plan.steps}
          min={1}
          onChange={(steps) => editPlan({ steps })}
          hint={`${String(plan.batchSize)} ${noun[1]} a step`}
          problem={problem('steps')}
        />
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
          value={plan.optimizer.kind}
          options={OPTIMIZERS}
          onChange={(kind) =>
            editPlan({
              optimizer: kind === 'sgd' ? { kind, momentum: 0.9 } : { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
            })
          }
          hint={
            plan.optimizer.kind === 'sgd'
              ? `momentum ${String(plan.optimizer.momentum)}`
              : `β ${String(plan.optimizer.beta1)}, ${String(plan.optimizer.beta2)}`
          }
          problem={problem('optimizer')}
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
        <NumberField
          label="Seed"
          value={plan.seed}
          min={0}
          onChange={(seed) => editPlan({ seed })}
          hint="the same seed, the same run"
          problem={problem('seed')}
        />
        <div className="field">
          <span className="lab">
            <Term of="pruning">Pruning</Term> follows
          </span>
          <span className="fixed">Hooker 2020</span>
          <span className="hint">removed weights can revive</span>
        </div>
      </div>
    </section>
  );
}
