import { useState } from 'react';
import { addAnswer, changeAnswer } from '#review/edit.ts';
import { MOST_RATING, LEAST_RATING, type Answer, type ReviewQuestion } from '#review/schema.ts';
import { Button, LinkButton } from '#ui/kit/button.tsx';
import { CheckField, Field, NumberField, SelectField } from '#ui/kit/field.tsx';
import { list } from '#ui/kit/format.ts';

interface QuestionEditorProps {
  readonly question: ReviewQuestion;
  readonly classes: readonly Answer[];
  /** How many were given: "41 answers". */
  readonly answers: string;
  readonly onChange: (question: ReviewQuestion) => void;
  /** null where it cannot go that way. */
  readonly onMove: { readonly up: (() => void) | null; readonly down: (() => void) | null };
  readonly onRemove: () => void;
}

/** One question: its name, its answers, its place. */
export function QuestionEditor({ question, classes, answers, onChange, onMove, onRemove }: QuestionEditorProps) {
  const { name } = question;
  return (
    <li className="question-card">
      <div className="question-head">
        <Field
          label="Question"
          hint={`${kindWords(question)}; ${answers}`}
          control={(props) => (
            <input
              {...props}
              key={name}
              type="text"
              defaultValue={name}
              onBlur={(event) => {
                const text = event.currentTarget.value.trim();
                if (text === '') event.currentTarget.value = name;
                else if (text !== name) onChange({ ...question, name: text });
              }}
            />
          )}
        />
        <p className="acts">
          <Button
            small
            label={`Move up: ${name}`}
            onClick={() => onMove.up?.()}
            disabledReason={onMove.up ? null : 'It is the first'}
          >
            Up
          </Button>
          <Button
            small
            label={`Move down: ${name}`}
            onClick={() => onMove.down?.()}
            disabledReason={onMove.down ? null : 'It is the last'}
          >
            Down
          </Button>
          <Button small label={`Do not ask: ${name}`} onClick={onRemove}>
            Do not ask
          </Button>
        </p>
      </div>
      {question.kind === 'single' || question.kind === 'several' ? (
        <SelectField
          label="How many answers"
          value={question.kind}
          options={[
            { value: 'single', label: 'One' },
            { value: 'several', label: 'Several' },
          ]}
          onChange={(kind) => onChange({ ...question, kind })}
        />
      ) : null}
      {question.kind === 'rating' ? (
        <NumberField
          label="Highest rating"
          hint={`from ${String(LEAST_RATING)} to ${String(MOST_RATING)}; 1 is the lowest`}
          value={question.most}
          min={LEAST_RATING}
          max={MOST_RATING}
          onChange={(most) => {
            if (Number.isInteger(most) && most >= LEAST_RATING && most <= MOST_RATING) onChange({ ...question, most });
          }}
        />
      ) : null}
      {question.kind === 'true-label' ? (
        <p className="small">
          The answers are the classes: {list(classes.map((one) => one.name))}. It is asked where the label was called
          wrong.
        </p>
      ) : null}
      {'answers' in question ? <Answers question={question} onChange={onChange} /> : null}
    </li>
  );
}

function kindWords(question: ReviewQuestion): string {
  switch (question.kind) {
    case 'single':
      return 'one answer';
    case 'several':
      return 'several answers';
    case 'rating':
      return 'a rating';
    case 'text':
      return 'free text';
    case 'attribute':
      return `a value of the attribute ${question.attribute}`;
    case 'true-label':
      return 'one of the classes';
    default:
      return question satisfies never;
  }
}

type Chosen = Extract<ReviewQuestion, { readonly answers: unknown }>;

function Answers({
  question,
  onChange,
}: {
  readonly question: Chosen;
  readonly onChange: QuestionEditorProps['onChange'];
}) {
  const [fresh, setFresh] = useState('');
  const asked = question.answers.filter(({ removed }) => removed !== true);
  const gone = question.answers.filter(({ removed }) => removed === true);
  const isAttribute = question.kind === 'attribute';
  const add = (): void => {
    const changed = addAnswer(question, fresh);
    if (changed !== question) onChange(changed);
    setFresh('');
  };
  return (
    <>
      <ul className="answer-list">
        {asked.map(({ id, name, hard }) => (
          <li key={id}>
            <input
              key={name}
              type="text"
              aria-label={`Answer ${name} of ${question.name}`}
              defaultValue={name}
              onBlur={(event) => {
                const text = event.currentTarget.value.trim();
                if (text === '') event.currentTarget.value = name;
                else if (text !== name) onChange(changeAnswer(question, id, { name: text }));
              }}
            />
            {isAttribute ? null : (
              <CheckField
                label="hard to judge"
                checked={hard === true}
                onChange={(checked) => onChange(changeAnswer(question, id, { hard: checked }))}
              />
            )}
            <LinkButton
              label={`Do not offer: ${name}`}
              onClick={() => onChange(changeAnswer(question, id, { removed: true }))}
            >
              Do not offer
            </LinkButton>
          </li>
        ))}
      </ul>
      <form
        className="answer-add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          type="text"
          aria-label={`New answer to ${question.name}`}
          placeholder={isAttribute ? 'another value' : 'another answer'}
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
        />
        <Button small onClick={add} disabledReason={fresh.trim() === '' ? 'It has no name yet' : null}>
          Add
        </Button>
      </form>
      {gone.length === 0 ? null : (
        <p className="no">
          Not offered any more:{' '}
          {gone.map(({ id, name }) => (
            <LinkButton
              key={id}
              label={`Offer again: ${name}`}
              onClick={() => onChange(changeAnswer(question, id, { removed: false }))}
            >
              {name}
            </LinkButton>
          ))}
        </p>
      )}
    </>
  );
}
