import type { PruningSemantics } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { NumberField } from '#ui/kit/field.tsx';
import { layerWords, SEMANTICS } from '#ui/kit/plan-words.ts';
import { LabelledChoice } from './level-choices.tsx';
import type { LevelDraft } from './level-draft.ts';
import { shapeOf, withShape } from './model-shape.ts';
import { SHAPE_WORDS } from './words.ts';

const SCOPES = [
  { value: 'layer', label: 'layer by layer' },
  { value: 'global', label: 'over the whole model' },
] as const;
const SCOPE_HINTS = {
  layer: 'Every layer loses the same share.',
  global: 'The smallest weights go wherever they are, but each layer keeps one.',
} as const;
const WAYS = (Object.keys(SEMANTICS) as PruningSemantics[]).map((value) => ({ value, label: SEMANTICS[value].name }));
const NORMS = [
  { value: 'l1', label: 'L1' },
  { value: 'l2', label: 'L2' },
] as const;
const NORM_HINTS = {
  l1: 'the sum of the magnitudes of its weights (Li et al. 2017)',
  l2: 'the square root of the sum of their squares',
} as const;

interface StageFieldsProps {
  readonly draft: LevelDraft;
  readonly change: (change: Partial<LevelDraft>) => void;
  readonly plan: Plan;
  /** What keeps the stage from being made, beside the field that it is about. */
  readonly problem: string | null;
}

/** What there is to choose of a stage that trains. */
export function StageFields(props: StageFieldsProps) {
  switch (props.draft.kind) {
    case 'pruned':
      return <PrunedFields {...props} />;
    case 'structured':
      return <StructuredFields {...props} />;
    case 'distilled':
      return <DistilledFields {...props} />;
    case 'qat-int8':
      return (
        <NumberField
          label="Steps in float first"
          value={props.draft.begin}
          min={0}
          max={props.plan.steps - 1}
          onChange={(begin) => props.change({ begin })}
          hint={`of ${String(props.plan.steps)}; the rest are rounded`}
          problem={props.problem}
        />
      );
    case 'hybrid-int8':
    case 'fixed-int8':
      return null;
    default:
      return props.draft.kind satisfies never;
  }
}

function PrunedFields({ draft, change, problem }: StageFieldsProps) {
  return (
    <>
      <NumberField
        label="Weights removed, in percent"
        value={draft.percent}
        min={0}
        max={99.9}
        step="any"
        onChange={(percent) => change({ percent })}
        problem={problem}
      />
      <LabelledChoice
        label="Pruning follows"
        options={WAYS}
        value={draft.semantics}
        onChange={(semantics) => change({ semantics })}
        hint={SEMANTICS[draft.semantics].sentence}
      />
      <LabelledChoice
        label="Weights are compared"
        options={SCOPES}
        value={draft.scope}
        onChange={(scope) => change({ scope })}
        hint={SCOPE_HINTS[draft.scope]}
      />
    </>
  );
}

function StructuredFields({ draft, change, problem }: StageFieldsProps) {
  return (
    <>
      <NumberField
        label="Filters and neurons removed, in percent"
        value={draft.unitsPercent}
        min={0}
        max={99.9}
        step="any"
        onChange={(unitsPercent) => change({ unitsPercent })}
        hint="of every layer but the last"
        problem={problem}
      />
      <LabelledChoice
        label="Compared by their norm"
        options={NORMS}
        value={draft.norm}
        onChange={(norm) => change({ norm })}
        hint={NORM_HINTS[draft.norm]}
      />
    </>
  );
}

function DistilledFields({ draft, change, plan, problem }: StageFieldsProps) {
  const { student } = draft;
  const shape = shapeOf(student);
  const words = SHAPE_WORDS[student.kind];
  return (
    <>
      <NumberField
        label={`${words.width} (student)`}
        value={shape.width}
        min={1}
        onChange={(width) => change({ student: withShape(student, { ...shape, width }) })}
        hint={`Student: ${layerWords(student)}. Teacher: ${layerWords(plan.model)}.`}
        problem={problem}
      />
      <NumberField
        label={`${words.depth} (student)`}
        value={shape.depth}
        min={1}
        onChange={(depth) => change({ student: withShape(student, { width: shape.width || 1, depth }) })}
      />
      <NumberField
        label="Temperature"
        value={draft.temperature}
        min={0.1}
        step="any"
        onChange={(temperature) => change({ temperature })}
        hint="higher shows the student more of how the teacher weighs wrong classes"
      />
      <NumberField
        label="Weight of the teacher, in percent"
        value={draft.softPercent}
        min={0}
        max={100}
        step="any"
        onChange={(softPercent) => change({ softPercent })}
        hint="the true labels have the rest"
      />
    </>
  );
}
