import { useMemo, useState } from 'react';
import { moved, withRemoved } from '#review/edit.ts';
import { DEFAULT_SCHEMA, questionOf, type ReviewQuestion, type Schema } from '#review/schema.ts';
import { saveQuestions, useLabels } from '#store/labels.ts';
import { Button, LinkButton } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { counted } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import './labels.css';
import { NewQuestion } from './new-question.tsx';
import { QuestionEditor } from './question-editor.tsx';
import { useReviewRoom } from './room.ts';
import { useAsked } from './use-asked.ts';

/** What reviewers of this audit are asked: to change, to order, to add to and to take away from. */
export function QuestionsScreen() {
  const room = useReviewRoom();
  const asked = useAsked();
  const { board, problem } = useLabels();
  const [dialog, setDialog] = useState<'new' | 'keys' | null>(null);
  const [said, setSaid] = useState('');
  const answers = useMemo(() => countAnswers(board.votes, board.notes), [board]);
  if (!room) return <Empty title="Questions">What reviewers are asked is here once the audit has evidence.</Empty>;
  const { schema } = asked;
  const save = (questions: readonly ReviewQuestion[], words: string): void => {
    if (questions.length === 0) return;
    void saveQuestions(questions).then((saved) => {
      if (saved) setSaid(words);
    });
  };
  const current = askedOnly(schema);
  const gone = schema.filter(({ removed }) => removed === true);
  const given = (id: string): string => counted(answers.get(id) ?? 0, ['answer', 'answers']);
  return (
    <main className="page review-page">
      <PageHead
        over={<a href="#/gallery">Gallery</a>}
        title="Questions"
        action={
          <Button primary onClick={() => setDialog('new')}>
            Add a question
          </Button>
        }
      />
      <p className="lead">
        What reviewers of this audit are asked. The questions are kept with the audit and its files; every change is
        saved at once, and no answer that was given is ever lost by it.
      </p>
      <p className="vh" role="status">
        {said}
      </p>
      {problem ? <Note tone="warn" fact={problem.message} live /> : null}
      <p className="acts">
        <Button small onClick={() => setDialog('keys')}>
          Choose the keys
        </Button>
        <Button
          small
          onClick={() => save(backToDefault(schema), 'The questions are those that every audit starts with.')}
          disabledReason={isDefault(schema) ? 'They are as every audit starts' : null}
        >
          Back to the usual questions
        </Button>
      </p>
      <ol className="question-list">
        {current.map((question, i) => (
          <QuestionEditor
            key={question.id}
            question={question}
            classes={asked.classes}
            answers={given(question.id)}
            onChange={(changed) => save([changed], `Saved: ${changed.name}.`)}
            onMove={{
              up: i === 0 ? null : () => save(moved(schema, question.id, -1), `${question.name} moved up.`),
              down:
                i === current.length - 1
                  ? null
                  : () => save(moved(schema, question.id, 1), `${question.name} moved down.`),
            }}
            onRemove={() => save([withRemoved(question, true)], `${question.name} is not asked any more.`)}
          />
        ))}
      </ol>
      {gone.length === 0 ? null : (
        <section aria-labelledby="questions-gone">
          <h2 id="questions-gone">Not asked any more</h2>
          <p className="small">Their answers stay with the examples, in the filters and in the files.</p>
          <ul className="plain-list">
            {gone.map((question) => (
              <li key={question.id}>
                {question.name} <span className="mute">{given(question.id)}</span>{' '}
                <LinkButton
                  label={`Ask again: ${question.name}`}
                  onClick={() => save([withRemoved(question, false)], `${question.name} is asked again.`)}
                >
                  Ask again
                </LinkButton>
              </li>
            ))}
          </ul>
        </section>
      )}
      {dialog === 'new' ? (
        <NewQuestion
          room={room}
          schema={schema}
          onClose={() => setDialog(null)}
          onAdd={(question) => save([question], `Added: ${question.name}.`)}
        />
      ) : null}
      {dialog === 'keys' ? <KeysDialog asked={asked} onClose={() => setDialog(null)} /> : null}
    </main>
  );
}

const isDefault = (schema: Schema): boolean => JSON.stringify(askedOnly(schema)) === JSON.stringify(DEFAULT_SCHEMA);
const askedOnly = (schema: Schema): Schema => schema.filter(({ removed }) => removed !== true);

/** The usual questions as they were, the others not asked any more. */
function backToDefault(schema: Schema): readonly ReviewQuestion[] {
  const usual = new Map(DEFAULT_SCHEMA.map((question) => [question.id, question]));
  return schema.map((question) => usual.get(question.id) ?? withRemoved(question, true));
}

/** Question id to how many answers and texts were given to it, by all reviewers. */
function countAnswers(
  votes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
  notes: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const own of votes.values()) for (const labels of own.values()) labels.map(questionOf).forEach(add);
  for (const own of notes.values()) for (const texts of own.values()) [...texts.keys()].forEach(add);
  return counts;
}
