import { memo, useEffect, useRef } from 'react';
import { rowOf } from '#dataset/describe.ts';
import { Votes } from '#ui/kit/votes.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { votesOf, type GalleryView } from './use-gallery-view.ts';
import { scoreText, scoreUnit, votesText, words } from './words.ts';

interface CardProps {
  readonly view: GalleryView;
  readonly example: number;
  /** Stands beside the example before it, to compare. */
  readonly isPartner: boolean;
  readonly selected: boolean;
  /** Among those that the next label goes to together. */
  readonly marked: boolean;
  readonly labels: readonly string[];
  /** What a label is called. */
  readonly nameOf: (label: string) => string;
  /** With `extend`: all from the example in hand to this one. */
  readonly onSelect: (example: number, extend: boolean) => void;
  readonly onOpen: (example: number) => void;
}

/** Classes beyond this many are shown in the detail only: a card keeps its height. */
const CARD_CLASSES = 2;

/** Votes for the label before and the one after, then for what else was voted for most; in the order of the classes where all are shown. */
function cardVotes(view: GalleryView, example: number): ReturnType<typeof votesOf> {
  const votes = votesOf(view, example);
  if (votes.length <= CARD_CLASSES) return votes;
  const first = [view.audit.baseline.modal[example], view.comparison.population.modal[example]];
  const place = (code: number): number => (first.includes(code) ? first.indexOf(code) : CARD_CLASSES);
  return votes
    .map((row, code) => ({ row, code }))
    .sort((a, b) => place(a.code) - place(b.code) || total(b.row) - total(a.row))
    .slice(0, CARD_CLASSES)
    .map(({ row }) => row);
}
const total = ({ baseline, compressed }: { baseline: number; compressed: number }): number => baseline + compressed;

/** One example of the ranking: rank, score, picture or row, label before and after, both populations' votes, review labels. */
export const Card = memo(function Card(props: CardProps) {
  const { view, example, isPartner, selected, marked, labels, nameOf, onSelect, onOpen } = props;
  const { examples, names, audit, comparison, rank, dataset, datasetIndices } = view;
  const index = datasetIndices[example]!;
  const baselineMembers = audit.baseline.members;
  const compressedMembers = comparison.population.members;
  const score = comparison.taxicab.scores[example]!;
  const before = names[audit.baseline.modal[example]!]!;
  const after = names[comparison.population.modal[example]!]!;
  const tied = audit.baseline.tied[example] === 1 || comparison.population.tied[example] === 1;
  const truth = names[examples.labels[example]!]!;
  const rows = cardVotes(view, example);
  const self = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The arrow keys took the choice from one card to the next: the focus goes with it.
    if (selected && document.activeElement?.classList.contains('card') === true) {
      self.current?.focus({ preventScroll: true });
    }
  }, [selected]);
  const isJaccard = view.order === 'jaccard';
  const { confidence } = view;
  const [votes, unit] =
    confidence !== null
      ? [confidence.shift[example]!.toFixed(2), confidence.by === 'votes' ? 'of votes' : 'probability']
      : isJaccard
        ? [comparison.jaccard.scores[example]!.toFixed(2), 'Jaccard']
        : [scoreText(score, baselineMembers, compressedMembers), scoreUnit(baselineMembers, compressedMembers)];
  return (
    <button
      ref={self}
      type="button"
      tabIndex={selected ? 0 : -1}
      className={`card${selected ? ' is-focus' : ''}${marked ? ' is-marked' : ''}`}
      aria-pressed={selected || marked}
      aria-label={`${isPartner ? 'To compare: rank' : 'Rank'} ${String(rank[example])}, ${examples.ids[example]!}, score ${votes} ${unit}, ${before} before, ${after} after, ${votesText(view, example)}`}
      data-example={example}
      onClick={(event) => {
        onSelect(example, event.shiftKey);
      }}
      onDoubleClick={() => {
        onOpen(example);
      }}
    >
      <span className="top">
        {isPartner ? <span>label kept</span> : <b>{rank[example]!.toLocaleString('en')}</b>}
        <span>{`${votes} ${unit}`}</span>
      </span>
      {dataset.features.kind === 'images' ? (
        <Thumbnail dataset={dataset} index={index} />
      ) : (
        <span className="row-card">
          {rowOf(dataset, index)
            .slice(0, 6)
            .map(({ name, value }) => (
              <span key={name}>
                <span className="mute">{name}</span> <b>{value === '' ? '–' : value}</b>
              </span>
            ))}
        </span>
      )}
      <span className="flip">
        <span>{`true: ${truth}`}</span>
        <span>
          <b className="b">{before}</b> → <b className="c">{after}</b>
          {tied ? ' tied' : null}
        </span>
      </span>
      <Votes rows={rows} baselineMembers={baselineMembers} compressedMembers={compressedMembers} />
      <span className="tags">
        {labels.length === 0 ? (
          <span className="tag todo">{words.noLabel}</span>
        ) : (
          <>
            <span className="tag">{nameOf(labels[0]!)}</span>
            {labels.length > 1 ? <span className="tag">+{labels.length - 1}</span> : null}
          </>
        )}
      </span>
    </button>
  );
});
