import type { Plan } from '#engine/model/plan.ts';
import { editPlan, editSchedules, scheduledSpecs } from '#store/plan.ts';
import { CheckField, NumberField, SelectField } from '#ui/kit/field.tsx';
import { SEMANTICS } from '#ui/kit/plan-words.ts';
import { LearningSettings } from './learning-settings.tsx';
import { shapeOf, withShape } from './model-shape.ts';
import { Group, type SettingsProps } from './settings-group.tsx';
import { SHAPE_WORDS } from './words.ts';

/** Everything else that a run depends on, folded away so that the first look stays simple. */
export function MoreSettings(props: SettingsProps) {
  return (
    <details className="more">
      <summary>More settings</summary>
      <ShapeSettings {...props} />
      <LearningSettings {...props} />
      <ViewSettings {...props} />
      <PruningSettings {...props} />
    </details>
  );
}

function ShapeSettings({ plan: { model, loss }, facts, problem }: SettingsProps) {
  const shape = shapeOf(model);
  const words = SHAPE_WORDS[model.kind];
  const dense = model.kind === 'cnn-small' ? (model.dense[0] ?? 0) : null;
  const two = facts?.classes === 2;
  return (
    <Group title="Size of the model">
      <NumberField
        label={words.depth}
        value={shape.depth}
        min={1}
        onChange={(depth) => editPlan({ model: withShape(model, { width: shape.width || 1, depth }) })}
      />
      <NumberField
        label={words.width}
        value={shape.width}
        min={1}
        onChange={(width) => editPlan({ model: withShape(model, { ...shape, width }) })}
        hint={words.hint}
      />
      {model.kind === 'resnet-8' ? (
        <NumberField
          label="Blocks of a stage"
          value={model.blocks}
          min={1}
          max={4}
          onChange={(blocks) => editPlan({ model: { ...model, blocks } })}
          hint="two convolutions each"
        />
      ) : null}
      {model.kind === 'cnn-small' && dense !== null ? (
        <NumberField
          label="Dense units"
          value={dense}
          min={0}
          onChange={(units) => editPlan({ model: { ...model, dense: units === 0 ? [] : [units] } })}
          hint="before the last layer; 0: none"
        />
      ) : null}
      <SelectField
        label="Loss"
        value={loss ?? 'softmax'}
        options={[
          { value: 'softmax', label: 'Softmax' },
          { value: 'logistic', label: 'Logistic', disabledReason: two ? null : 'needs two classes' },
        ]}
        onChange={(value) => editPlan({ loss: value === 'softmax' ? undefined : value })}
        hint={loss === 'logistic' ? 'one output for two classes' : 'one output a class'}
        problem={problem('loss')}
      />
    </Group>
  );
}

function ViewSettings({ plan: { augmentation }, facts, problem }: SettingsProps) {
  const reason = facts?.kind === 'table' ? 'only for images' : null;
  const { flip, shift } = augmentation ?? { flip: false, shift: 0 };
  const change = (next: NonNullable<Plan['augmentation']>): void =>
    editPlan({ augmentation: next.flip || next.shift !== 0 ? next : undefined });
  return (
    <Group title="Views in training">
      <div className="beside">
        <CheckField
          label="Mirror half of the images"
          checked={flip}
          onChange={(on) => change({ flip: on, shift })}
          disabledReason={reason}
        />
      </div>
      <NumberField
        label="Move by up to"
        value={shift}
        min={0}
        onChange={(pixels) => change({ flip, shift: pixels })}
        hint="pixels, each way"
        problem={problem('augmentation')}
        disabledReason={reason}
      />
    </Group>
  );
}

function PruningSettings({ plan, problem }: SettingsProps) {
  const pruned = scheduledSpecs(plan.levels).filter((spec) => spec.kind === 'pruned');
  const [first] = scheduledSpecs(plan.levels);
  const semantics = [...new Set(pruned.map((level) => level.semantics))];
  return (
    <Group title="Pruning and chance">
      {first === undefined ? null : (
        <NumberField
          label="Prune every"
          value={first.every}
          min={1}
          onChange={(every) => editSchedules((spec) => ({ ...spec, every }))}
          hint="steps, from start to freeze"
        />
      )}
      <NumberField
        label="Seed"
        value={plan.seed}
        min={0}
        onChange={(seed) => editPlan({ seed })}
        hint="the same seed, the same run"
        problem={problem('seed')}
      />
      {semantics.map((own) => (
        <p key={own} className="small whole-row">
          {SEMANTICS[own].sentence}
        </p>
      ))}
    </Group>
  );
}
