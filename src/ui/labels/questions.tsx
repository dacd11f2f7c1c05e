import { asksRightLabel } from '#review/answering.ts';
import { keyName, type AskedQuestion } from '#review/keys.ts';
import { questionOf } from '#review/schema.ts';
import { list } from '#ui/kit/format.ts';
import './questions.css';
import { TextAnswer } from './text-answer.tsx';
import type { Asked } from './use-asked.ts';

interface QuestionsProps {
  readonly asked: Asked;
  /** Labels in force. */
  readonly given: readonly string[];
  readonly onAnswer: (label: string) => void;
  /** Question id to text, and what saves one; without it free text is not asked for. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
  readonly onText?: (question: string, text: string) => void;
}

/** The questions with their answers and keys; pressed where they are given. */
export function Questions({ asked, given, onAnswer, texts, onText }: QuestionsProps) {
  const shown = asked.questions.filter(
    ({ question }) => question.kind !== 'true-label' || asksRightLabel(asked.schema, given),
  );
  const offered = new Set(asked.questions.flatMap(({ answers }) => answers.map(({ label }) => label)));
  const gone = given.filter((label) => !offered.has(label));
  return (
    <div className="questions">
      {shown.map((one) =>
        one.question.kind !== 'text' ? (
          <Choices key={one.question.id} one={one} given={given} onAnswer={onAnswer} />
        ) : onText === undefined ? null : (
          <TextAnswer
            key={one.question.id}
            name={one.question.name}
            text={texts?.get(one.question.id) ?? ''}
            onSave={(text) => onText(one.question.id, text)}
          />
        ),
      )}
      {gone.length === 0 ? null : <p className="no">Also answered: {list(gone.map(asked.nameOf))}.</p>}
    </div>
  );
}

interface ChoicesProps {
  readonly one: AskedQuestion;
  readonly given: readonly string[];
  readonly onAnswer: (label: string) => void;
}

function Choices({ one: { question, answers }, given, onAnswer }: ChoicesProps) {
  const answered = given.some((label) => questionOf(label) === question.id);
  return (
    <div>
      <p className="no question-name">
        {question.name}
        {question.kind === 'rating' ? <span className="mute"> 1 least, {question.most} most</span> : null}
        {question.kind === 'several' ? <span className="mute"> several may hold</span> : null}
        {question.kind === 'true-label' && !answered ? <span className="mute"> which one is it?</span> : null}
      </p>
      <div className={question.kind === 'rating' ? 'labels rating' : 'labels'} role="group" aria-label={question.name}>
        {answers.map(({ label, name, key }) => (
          <button
            key={label}
            type="button"
            className="lbl"
            aria-pressed={given.includes(label)}
            {...(key === null ? {} : { 'aria-keyshortcuts': key })}
            onClick={() => onAnswer(label)}
          >
            {key === null ? null : <kbd>{keyName(key)}</kbd>}
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
