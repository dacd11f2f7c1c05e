import { memo, useEffect, useRef } from 'react';
import { rowOf } from '#dataset/describe.ts';
import { usePicture } from '#store/pictures.ts';
import { DEFAULT_TAXONOMY } from '#audit/review-labels.ts';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import { Votes } from '#ui/kit/votes.tsx';
import { votesOf, type GalleryView } from './use-gallery-view.ts';
import { scoreText, scoreUnit, words } from './words.ts';

interface CardProps {
  readonly view: GalleryView;
  readonly example: number;
  readonly selected: boolean;
  readonly labels: readonly string[];
  readonly onSelect: (example: number) => void;
  readonly onOpen: (example: number) => void;
}

const labelName = (id: string): string => DEFAULT_TAXONOMY.find((label) => label.id === id)?.name ?? id;
/** Classes beyond this many are shown in the detail only: a card keeps its height. */
export const CARD_CLASSES = 2;

/** One example of the ranking: rank, score, picture or row, label before and after, both populations' votes, review labels. */
export const Card = memo(function Card({ view, example, selected, labels, onSelect, onOpen }: CardProps) {
  const { examples, names, audit, comparison, rank, dataset, datasetIndices } = view;
  const index = datasetIndices[example]!;
  const picture = usePicture(index, 160);
  const baselineMembers = audit.baseline.members;
  const compressedMembers = comparison.population.members;
  const score = comparison.taxicab.scores[example]!;
  const before = names[audit.baseline.modal[example]!]!;
  const after = names[comparison.population.modal[example]!]!;
  const tied = audit.baseline.tied[example] === 1 || comparison.population.tied[example] === 1;
  const truth = names[examples.labels[example]!]!;
  const rows = [...votesOf(view, example)]
    .sort((a, b) => b.baseline + b.compressed - a.baseline - a.compressed)
    .slice(0, CARD_CLASSES);
  const self = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The arrow keys took the choice from one card to the next: the focus goes with it.
    if (selected && document.activeElement?.classList.contains('card') === true) {
      self.current?.focus({ preventScroll: true });
    }
  }, [selected]);
  const votes = scoreText(score, baselineMembers, compressedMembers);
  const unit = scoreUnit(baselineMembers, compressedMembers);
  return (
    <button
      ref={self}
      type="button"
      tabIndex={selected ? 0 : -1}
      className={selected ? 'card is-focus' : 'card'}
      aria-pressed={selected}
      aria-label={`Rank ${String(rank[example])}, ${examples.ids[example]!}, score ${votes} ${unit}, true label ${truth}, ${before} before, ${after} after`}
      data-example={example}
      onClick={() => {
        onSelect(example);
      }}
      onDoubleClick={() => {
        onOpen(example);
      }}
    >
      <span className="top">
        <b>{rank[example]!.toLocaleString('en')}</b>
        <span>
          <b>{votes}</b> {unit}
        </span>
      </span>
      {dataset.features.kind === 'images' ? (
        <span className="thumb" aria-hidden="true">
          <ExampleImage dataset={dataset} index={index} size={160} larger={picture} />
        </span>
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
        <span>
          true: <b>{truth}</b>
        </span>
        <span>
          <span className="b">{before}</span> → <span className="c">{after}</span>
          {tied ? <span className="mute"> tied</span> : null}
        </span>
      </span>
      <Votes rows={rows} baselineMembers={baselineMembers} compressedMembers={compressedMembers} />
      <span className="tags">
        {labels.length === 0 ? (
          <span className="tag todo">{words.noLabel}</span>
        ) : (
          <>
            <span className="tag">{labelName(labels[0]!)}</span>
            {labels.length > 1 ? <span className="tag">+{labels.length - 1}</span> : null}
          </>
        )}
      </span>
    </button>
  );
});
