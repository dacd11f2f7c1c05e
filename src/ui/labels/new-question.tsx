import { useState } from 'react';
import { draftProblem, newQuestion, type QuestionDraft } from '#review/edit.ts';
import { LEAST_RATING, MOST_RATING, type ReviewQuestion, type Schema } from '#review/schema.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Field, NumberField, SelectField } from '#ui/kit/field.tsx';
import { Note } from '#ui/kit/note.tsx';
import type { ReviewRoom } from './room.ts';

interface NewQuestionProps {
  readonly room: ReviewRoom;
  readonly schema: Schema;
  readonly onAdd: (question: ReviewQuestion) => void;
  readonly onClose: () => void;
}

const KINDS = [
  { value: 'single', label: 'One of several answers' },
  { value: 'several', label: 'As many answers as hold' },
  { value: 'rating', label: 'A rating' },
  { value: 'text', label: 'Free text' },
  { value: 'attribute', label: 'Which value of an attribute' },
] as const;
/** More values than this are not asked for with one key each. */
const MOST_VALUES = 12;
/** Stands for an attribute that the data do not have. */
const ANOTHER = '';

/** Asks for a question: its kind, its name and what may be answered. */
export function NewQuestion({ room, schema, onAdd, onClose }: NewQuestionProps) {
  const columns = room.dataset.columns.filter(
    ({ name: own, values }) => own !== room.target && values.length >= 2 && values.length <= MOST_VALUES,
  );
  const [kind, setKind] = useState<QuestionDraft['kind']>('single');
  const [name, setName] = useState('');
  const [lines, setLines] = useState('');
  const [most, setMost] = useState(5);
  const [column, setColumn] = useState(ANOTHER);
  const [attribute, setAttribute] = useState('');
  const [tried, setTried] = useState(false);
  const answers = lines.split('\n');
  const draft: QuestionDraft =
    kind === 'rating'
      ? { kind, name, most }
      : kind === 'text'
        ? { kind, name }
        : kind === 'attribute'
          ? { kind, name, answers, attribute: column === ANOTHER ? attribute : column }
          : { kind, name, answers };
  const problem =
    kind === 'rating' && !(Number.isInteger(most) && most >= LEAST_RATING && most <= MOST_RATING)
      ? `The highest rating is a whole number from ${String(LEAST_RATING)} to ${String(MOST_RATING)}.`
      : draftProblem(schema, draft);
  const add = (): void => {
    setTried(true);
    if (problem !== null) return;
    onAdd(newQuestion(schema, draft));
    onClose();
  };
  const chooseColumn = (chosen: string): void => {
    setColumn(chosen);
    const values = columns.find((one) => one.name === chosen)?.values;
    if (!values) return;
    setLines(values.join('\n'));
    if (name.trim() === '') setName(`${chosen}?`);
  };
  return (
    <Dialog
      open
      title="Add a question"
      onClose={onClose}
      actions={
        <>
          <Button primary onClick={add}>
            Add the question
          </Button>
          <Button onClick={onClose}>Not now</Button>
        </>
      }
    >
      <div className="question-form">
        <SelectField label="Kind" value={kind} options={KINDS} onChange={setKind} />
        {kind === 'attribute' ? (
          <>
            <SelectField
              label="Attribute"
              hint="What is answered for an attribute of the data corrects it in the second reading of the evidence; a new one is added there."
              value={column}
              options={[
                { value: ANOTHER, label: 'One that the data do not have' },
                ...columns.map((one) => ({ value: one.name, label: one.name })),
              ]}
              onChange={chooseColumn}
            />
            {column === ANOTHER ? (
              <Field
                label="Name of the attribute"
                control={(props) => (
                  <input
                    {...props}
                    type="text"
                    value={attribute}
                    onChange={(event) => setAttribute(event.target.value)}
                  />
                )}
              />
            ) : null}
          </>
        ) : null}
        <Field
          label="Question"
          hint={kind === 'attribute' ? 'such as: Is this a young person?' : undefined}
          control={(props) => (
            <input {...props} type="text" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        />
        {kind === 'rating' ? (
          <NumberField label="Highest rating" value={most} min={LEAST_RATING} max={MOST_RATING} onChange={setMost} />
        ) : null}
        {'answers' in draft ? (
          <Field
            label={kind === 'attribute' ? 'Values, one a line' : 'Answers, one a line'}
            control={(props) => (
              <textarea {...props} rows={4} value={lines} onChange={(event) => setLines(event.target.value)} />
            )}
          />
        ) : null}
        {tried && problem !== null ? <Note tone="warn" fact={problem} live /> : null}
      </div>
    </Dialog>
  );
}
