import { useState } from 'react';
import type { MemberKey } from '#engine/protocol/run.ts';
import type { Problem } from '#lib/result.ts';
import type { WeightsForm } from '#storage/weight-files.ts';
import { saveWeights } from '#store/weights.ts';
import { checkWeights, type WeightsCheck } from '#store/weights-check.ts';
import { useLibrary } from '#store/library.ts';
import { Button } from '#ui/kit/button.tsx';
import { SelectField } from '#ui/kit/field.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { count, percent } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { Note } from '#ui/kit/note.tsx';
import { Section } from './section.tsx';

const FORMS: readonly { readonly value: WeightsForm; readonly label: string; readonly hint: string }[] = [
  {
    value: 'dense',
    label: 'safetensors, every number as float32',
    hint: 'Reads in Python, Rust and JavaScript as it is.',
  },
  {
    value: 'compressed',
    label: 'safetensors, compressed',
    hint: 'Integers where the level rounds, sparse rows where it prunes; scales and zero points stand in the metadata.',
  },
  {
    value: 'tfjs',
    label: 'TensorFlow.js layers model',
    hint: 'model.json and weights.bin in a zip. TensorFlow.js cannot round activations: a quantized member predicts nearly the same there.',
  },
];

/** The weights of the member in hand as a file, and files of weights held to what the audit says. */
export function WeightsSection({ auditId, member }: { readonly auditId: string; readonly member: MemberKey }) {
  const [form, setForm] = useState<WeightsForm>('dense');
  const problem = useLibrary((store) => (store.problem?.code === 'weights' ? store.problem : null));
  return (
    <Section title="The weights, out and in">
      <div className="done-weights">
        <div>
          <h3>Take them along</h3>
          <SelectField
            label="Format"
            value={form}
            options={FORMS}
            hint={FORMS.find(({ value }) => value === form)?.hint}
            onChange={setForm}
          />
          <p>
            <Button onClick={() => void saveWeights(auditId, member, form)}>
              Save the weights of member {String(member.index + 1)}
            </Button>
          </p>
          {problem === null ? null : (
            <Note tone="warn" fact="The weights were not saved." live>
              {problem.message}
            </Note>
          )}
        </div>
        <Check />
      </div>
    </Section>
  );
}

type CheckState =
  | { readonly kind: 'none' }
  | { readonly kind: 'predicting'; readonly name: string }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'done'; readonly check: WeightsCheck };

/** Reads a file of weights back and predicts the audit split from it. */
function Check() {
  const [state, setState] = useState<CheckState>({ kind: 'none' });
  const check = async (file: File): Promise<void> => {
    setState({ kind: 'predicting', name: file.name });
    const result = await checkWeights(file);
    setState(result.ok ? { kind: 'done', check: result.value } : { kind: 'failed', problem: result.problem });
  };
  return (
    <div>
      <h3>Check weights</h3>
      <p className="small">
        Reads a safetensors file that Longtail wrote for these data, predicts every audited example again from it, and
        says on how many the member of this audit predicted otherwise.
      </p>
      <p>
        <FilePicker accept=".safetensors" onFiles={([file]) => void (file && check(file))}>
          Check a file
        </FilePicker>
      </p>
      <div role="status">
        {state.kind === 'predicting' ? <p>Predicting from {state.name} …</p> : null}
        {state.kind === 'failed' ? (
          <Note tone="warn" fact="This file was not checked.">
            {state.problem.message}
          </Note>
        ) : null}
        {state.kind === 'done' ? <Outcome check={state.check} /> : null}
      </div>
    </div>
  );
}

function Outcome({ check: { file, key, examples, right, differing, detail } }: { readonly check: WeightsCheck }) {
  const said = `${file}: ${levelText(key.level)}, member ${String(key.index + 1)}, is right on ${count(right)} of ${count(examples)} (${percent(examples === 0 ? 0 : right / examples)}). Predicted with ${detail}.`;
  if (differing === null)
    return (
      <Note tone="info" fact="There is nothing to hold it against: this audit has no such member.">
        {said}
      </Note>
    );
  if (differing === 0)
    return (
      <Note tone="info" fact={`The same: all ${count(examples)} predictions are those of this audit.`}>
        {said}
      </Note>
    );
  return (
    <Note tone="warn" fact={`${count(differing)} of ${count(examples)} predictions differ from those of this audit.`}>
      {said} A few may differ where the member was trained on a graphics card, which rounds otherwise; many mean that
      these are other weights.
    </Note>
  );
}
