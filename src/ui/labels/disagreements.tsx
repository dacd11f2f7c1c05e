import { useState } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { disagreements } from '#audit/reviewers-votes.ts';
import { agreedOn } from '#review/agreed.ts';
import { answering, applied } from '#review/answering.ts';
import { openGalleryOn, select, showLarge } from '#store/gallery.ts';
import { truthOf, useLabels } from '#store/labels.ts';
import { settle } from '#store/review.ts';
import { Button, LinkButton } from '#ui/kit/button.tsx';
import { list } from '#ui/kit/format.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { BareExample } from './example.tsx';
import { Questions } from './questions.tsx';
import type { ReviewRoom } from './room.ts';
import { useAsked } from './use-asked.ts';
import { useLabelKeys } from './use-label-keys.ts';

/** The examples on which reviewers differ, one after the other, and what they settle on: written beside the votes, never over them. */
export function Disagreements({ room }: { readonly room: ReviewRoom }) {
  const { board } = useLabels();
  const [which, setWhich] = useState<'open' | 'all'>('open');
  const [id, setId] = useState('');
  const [said, setSaid] = useState('');
  const all = disagreements(board.votes).filter((one) => room.places.has(one));
  const open = all.filter((one) => !board.settled.has(one));
  const queue = which === 'open' ? open : all;
  const found = queue.indexOf(id);
  // An example that was just settled leaves the open ones: the next one in order takes its place.
  const next = queue.findIndex((one) => one > id);
  const place = found >= 0 ? found : Math.max(0, next);
  const current = queue[place] ?? '';
  const go = (to: number): void => setId(queue[Math.max(0, Math.min(queue.length - 1, to))] ?? '');
  return (
    <section aria-labelledby="disagreements">
      <h2 id="disagreements">Disagreements</h2>
      <p className="vh" role="status">
        {said}
      </p>
      {all.length === 0 ? (
        <p className="small">No example has different labels from two reviewers.</p>
      ) : (
        <>
          <div className="acts">
            <Segmented
              legend="Which disagreements"
              options={[
                { value: 'open', label: `${String(open.length)} to settle` },
                { value: 'all', label: `${String(all.length)} in all` },
              ]}
              value={which}
              onChange={setWhich}
            />
          </div>
          {current === '' ? (
            <p className="small">Nothing is left to settle.</p>
          ) : (
            <Dispute
              key={current}
              room={room}
              id={current}
              place={`${String(place + 1)} of ${String(queue.length)}`}
              onPrevious={() => go(place - 1)}
              onNext={() => go(place + 1)}
              onSaid={(words) => {
                setId(current);
                setSaid(words);
              }}
            />
          )}
        </>
      )}
    </section>
  );
}

interface DisputeProps {
  readonly room: ReviewRoom;
  readonly id: string;
  readonly place: string;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
  readonly onSaid: (words: string) => void;
}

function Dispute({ room, id, place, onPrevious, onNext, onSaid }: DisputeProps) {
  const { board } = useLabels();
  const asked = useAsked();
  const settled = board.settled.get(id);
  const votes = [...board.votes].flatMap(([name, own]) => {
    const given = own.get(id);
    const notes = [...(board.notes.get(name)?.get(id)?.values() ?? [])];
    return given ? [{ name, given, notes }] : [];
  });
  const [labels, setLabels] = useState<readonly string[]>(
    () => settled?.labels ?? agreedOn(votes.map(({ given }) => given)).labels,
  );
  const toggle = (label: string): void =>
    setLabels(applied(labels, answering(asked.schema, labels, label, truthOf(id))));
  const namesOf = (given: readonly string[]): string =>
    given.length === 0 ? 'no label' : list(given.map(asked.nameOf));
  useLabelKeys({ questions: asked.questions, onLabel: toggle, onNext, onPrevious });
  const write = (what: readonly string[] | null): void => {
    void settle(id, what).then((saved) => {
      if (saved) onSaid(what === null ? `${id} is open again.` : `${id} is settled: ${namesOf(what)}.`);
    });
  };
  useHotkeys('enter', () => write(labels), {
    ignoreEventWhen: (event) => event.target instanceof HTMLElement && event.target.matches('button, a, textarea'),
  });
  return (
    <div className="blind-pair dispute">
      <BareExample room={room} id={id} size={240} />
      <div>
        <h3>
          {id}, {place}
        </h3>
        <dl className="facts">
          {votes.map(({ name, given, notes }) => (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>
                {namesOf(given)}
                {notes.map((note) => (
                  <span className="mute" key={note}>
                    {' '}
                    “{note}”
                  </span>
                ))}
              </dd>
            </div>
          ))}
          {settled ? (
            <div className="fact">
              <dt>Settled by {settled.reviewer}</dt>
              <dd>
                <b>{namesOf(settled.labels)}</b>
              </dd>
            </div>
          ) : null}
        </dl>
        <Questions asked={asked} given={labels} onAnswer={toggle} />
        <p className="acts">
          <Button small primary onClick={() => write(labels)} keys="Enter">
            Settle on {namesOf(labels).toLowerCase()}
          </Button>
          {settled ? (
            <Button small onClick={() => write(null)}>
              Open it again
            </Button>
          ) : null}
          <Button small onClick={onPrevious} keys="ArrowLeft">
            Previous
          </Button>
          <Button small onClick={onNext} keys="ArrowRight">
            Next
          </Button>
          <LinkButton
            onClick={() => {
              openGalleryOn({ threshold: 0 });
              select(id);
              showLarge(true);
            }}
          >
            Open it large in the gallery
          </LinkButton>
        </p>
      </div>
    </div>
  );
}
