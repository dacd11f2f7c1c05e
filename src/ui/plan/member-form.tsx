import type { PruningSemantics } from '#compression/spec.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import { chooseModel, editPlan, pruneAs, usePlan } from '#store/plan.ts';
import { NumberField, SelectField } from '#ui/kit/field.tsx';
import { counted } from '#ui/kit/format.ts';
import { layerWords, MODEL_NAMES, SEMANTICS } from '#ui/kit/plan-words.ts';
import { MoreSettings } from './more-settings.tsx';

interface MemberFormProps {
  readonly plan: Plan;
  readonly noun: readonly [string, string];
}

/** The recipe that every member follows: what most people set, and the rest behind "More settings". */
export function MemberForm({ plan, noun }: MemberFormProps) {
  const { problems, facts, costs } = usePlan();
  const problem = (field: keyof Plan): string | null =>
    problems.find((found) => found.field === field)?.message ?? null;
  const models = (Object.keys(MODEL_NAMES) as ModelSpec['kind'][]).map((kind) => ({
    value: kind,
    label: MODEL_NAMES[kind],
    disabledReason: kind !== 'mlp' && facts?.kind === 'table' ? 'needs images' : null,
  }));
  const layers = layerWords(plan.model);
  return (
    <section aria-labelledby="each-member">
      <h2 id="each-member" style={{ marginBottom: 12 }}>
        Each member
      </h2>
      <div className="form">
        <SelectField
          label="Model"
          value={plan.model.kind}
          options={models}
          onChange={chooseModel}
          hint={costs === null ? layers : `${layers}; ${counted(costs.member.parameters, ['weight', 'weights'])}`}
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
        <PruningField plan={plan} />
      </div>
      <MoreSettings plan={plan} facts={facts} noun={noun} problem={problem} />
    </section>
  );
}

/** Whose way of pruning the levels follow. Each level can have its own; then this says so, and choosing makes them alike. */
function PruningField({ plan }: { readonly plan: Plan }) {
  const used = new Set(plan.levels.flatMap((level) => (level.kind === 'pruned' ? [level.semantics] : [])));
  const [first] = used;
  const names = (Object.keys(SEMANTICS) as PruningSemantics[]).map((value) => ({
    value,
    label: SEMANTICS[value].name,
  }));
  const both = used.size > 1;
  return (
    <SelectField<PruningSemantics | 'both'>
      label="Pruning follows"
      value={both ? 'both' : (first ?? 'hooker')}
      options={both ? [{ value: 'both', label: 'Both, by level' }, ...names] : names}
      onChange={(value) => {
        if (value !== 'both') pruneAs(value);
      }}
      hint={both || first === undefined ? 'each level as it was added' : SEMANTICS[first].hint}
      disabledReason={first === undefined ? 'no level removes weights' : null}
    />
  );
}
