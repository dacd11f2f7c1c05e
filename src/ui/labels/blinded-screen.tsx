import { useRef, useState } from 'react';
import { useGallery } from '#store/gallery.ts';
import { isComplete } from '#review/answering.ts';
import { useLabels, writeNote } from '#store/labels.ts';
import { answerBlinded, blindedBoard, blindedReviews, startBlindedReview, type BlindedReview } from '#store/review.ts';
import { Button, ButtonLink, LinkButton } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { NumberField, SelectField } from '#ui/kit/field.tsx';
import { count, counted } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { BlindedEvaluation } from './blinded-evaluation.tsx';
import { BareExample } from './example.tsx';
import { Questions } from './questions.tsx';
import './labels.css';
import { useReviewRoom, type ReviewRoom } from './room.ts';
import { UndoButtons } from './undo-buttons.tsx';
import { useAsked } from './use-asked.ts';
import { useLabelKeys } from './use-label-keys.ts';

/** Blinded review: start one, go on with one, and what it shows. */
export function BlindedScreen() {
  const room = useReviewRoom();
  const board = useLabels((state) => state.board);
  const [chosen, setChosen] = useState<string | null>(null);
  if (!room) return <Empty title="Blinded review">You can review blinded once the audit has evidence.</Empty>;
  const reviews = blindedReviews(board);
  const review = reviews.find(({ id }) => id === chosen);
  return review ? (
    <Review key={review.id} room={room} review={review} onLeave={() => setChosen(null)} />
  ) : (
    <Start room={room} reviews={reviews} onChoose={setChosen} />
  );
}

interface StartProps {
  readonly room: ReviewRoom;
  readonly reviews: readonly BlindedReview[];
  readonly onChoose: (id: string) => void;
}

function Start({ room, reviews, onChoose }: StartProps) {
  const { comparisons } = room.evidence.audit;
  const shown = useGallery(({ filters }) => filters.level);
  const [picked, setLevel] = useState<string | null>(null);
  const level = comparisons.find((one) => one.level === (picked ?? shown))?.level ?? comparisons[0]?.level ?? '';
  const [most, setMost] = useState(40);
  const { problem, events, reviewer } = useLabels();
  const cies = comparisons.find((one) => one.level === level)?.modalCie.indices.length ?? 0;
  const wrong = Number.isInteger(most) && most >= 1 ? null : 'A whole number from 1 on.';
  const start = (): void => {
    void startBlindedReview(level, most).then((saved) => {
      const newest = blindedReviews(useLabels.getState().board).at(-1);
      if (saved && newest) onChoose(newest.id);
    });
  };
  const reason = cies === 0 ? 'No example changed its label at this level' : wrong;
  return (
    <main className="page review-page">
      <PageHead
        over={<a href="#/gallery">Gallery</a>}
        title="Review blinded"
        action={
          <Button primary onClick={start} disabledReason={reason}>
            Start the review
          </Button>
        }
      />
      <p className="lead">
        You see {room.dataset.noun[1]} whose label changed and, unmarked among them, as many of the same class whose
        label did not. Votes, scores and attributes are hidden. Afterwards you see whether you judged the two alike.
      </p>
      {problem ? <Note tone="warn" fact={problem.message} live /> : null}
      <div className="blind-form">
        <SelectField
          label="Level"
          value={level}
          options={comparisons.map((one) => ({
            value: one.level,
            label: `${levelText(one.level)}: ${count(one.modalCie.indices.length)} changed`,
          }))}
          onChange={setLevel}
        />
        <NumberField
          label="CIE at most"
          hint={`${count(cies)} at this level; as many controls are added`}
          value={most}
          min={1}
          onChange={setMost}
          problem={wrong}
        />
      </div>
      {reviews.length === 0 ? null : (
        <section aria-labelledby="blind-begun">
          <h2 id="blind-begun">Begun</h2>
          <ul className="plain-list">
            {reviews.toReversed().map((review) => (
              <li key={review.id}>
                <LinkButton onClick={() => onChoose(review.id)}>
                  {levelText(review.level)}, {new Date(review.startedAt).toLocaleString('en')}
                </LinkButton>{' '}
                <span className="mute">
                  {blindedBoard(events, review.id).votes.get(reviewer)?.size ?? 0} of {review.order.length} reviewed by
                  you; started by {review.startedBy}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

interface ReviewProps {
  readonly room: ReviewRoom;
  readonly review: BlindedReview;
  readonly onLeave: () => void;
}

function Review({ room, review, onLeave }: ReviewProps) {
  const { events, reviewer, problem } = useLabels();
  const asked = useAsked();
  const { votes, notes } = blindedBoard(events, review.id);
  const own = votes.get(reviewer) ?? new Map<string, readonly string[]>();
  const firstOpen = review.order.findIndex((id) => !own.has(id));
  const [place, setPlace] = useState(Math.max(0, firstOpen));
  const [evaluated, setEvaluated] = useState(firstOpen < 0);
  const [said, setSaid] = useState('');
  const id = review.order[place] ?? '';
  const total = review.order.length;
  const go = (to: number): void => setPlace(Math.max(0, Math.min(total - 1, to)));
  // A key pressed before the last label is saved would fall on the example that is about to go.
  const busy = useRef(false);
  const label = (chosen: string): void => {
    if (busy.current) return;
    busy.current = true;
    const adds = !(own.get(id)?.includes(chosen) ?? false);
    void answerBlinded(review.id, id, chosen).then((saved) => {
      busy.current = false;
      if (!saved) return;
      const now = blindedBoard(useLabels.getState().events, review.id).votes.get(reviewer)?.get(id) ?? [];
      const goesOn = adds && isComplete(asked.schema, now);
      const name = asked.nameOf(chosen);
      setSaid(
        !adds
          ? `Taken away: ${name}.`
          : goesOn
            ? `Saved: ${name}. ${String(Math.min(place + 2, total))} of ${String(total)}.`
            : `Saved: ${name}.`,
      );
      if (goesOn) go(place + 1);
    });
  };
  useLabelKeys({
    questions: asked.questions,
    onLabel: (chosen) => {
      if (!evaluated) label(chosen);
    },
    onNext: () => go(place + 1),
    onPrevious: () => go(place - 1),
  });
  if (evaluated) {
    return (
      <BlindedEvaluation
        asked={asked}
        review={review}
        votes={votes}
        back={<Button onClick={() => setEvaluated(false)}>Go back to the queue</Button>}
        onLeave={onLeave}
      />
    );
  }
  return (
    <main className="page review-page">
      <PageHead
        over={<LinkButton onClick={onLeave}>Blinded reviews</LinkButton>}
        title={`${String(place + 1)} of ${String(total)}`}
        action={
          <Button
            primary={firstOpen < 0}
            onClick={() => setEvaluated(true)}
            disabledReason={own.size === 0 ? 'Nothing is reviewed yet' : null}
          >
            Show the evaluation
          </Button>
        }
      />
      <p className="vh" role="status">
        {said}
      </p>
      <p className="no">
        <progress max={total} value={own.size} aria-label="Reviewed" /> {counted(own.size, ['reviewed', 'reviewed'])} of{' '}
        {total}. Showing the evaluation tells which were CIE: finish the queue first.
      </p>
      {problem ? <Note tone="warn" fact={problem.message} live /> : null}
      <div className="blind-pair">
        <BareExample room={room} id={id} size={384} />
        <div>
          <h2 className="vh">Questions</h2>
          <Questions
            key={id}
            asked={asked}
            given={own.get(id) ?? []}
            onAnswer={label}
            texts={notes.get(reviewer)?.get(id)}
            onText={(question, text) => void writeNote(id, text, question, review.id)}
          />
          <p className="acts">
            <Button small onClick={() => go(place - 1)} keys="ArrowLeft">
              Previous
            </Button>
            <Button small onClick={() => go(place + 1)} keys="ArrowRight">
              Next
            </Button>
          </p>
          <p className="no">
            It goes on by itself once every choice is answered; to add another answer go back with <kbd>←</kbd>.
          </p>
          <UndoButtons nameOf={asked.nameOf} plural={room.dataset.noun[1]} />
          <p>
            <ButtonLink href="#/gallery">Interrupt</ButtonLink>
          </p>
        </div>
      </div>
    </main>
  );
}
