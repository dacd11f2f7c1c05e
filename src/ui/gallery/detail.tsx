import { rowOf } from '#dataset/describe.ts';
import { useLabels } from '#store/labels.ts';
import { usePicture } from '#store/pictures.ts';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import { Mark } from '#ui/kit/icons.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { Questions } from '#ui/labels/questions.tsx';
import { UndoButtons } from '#ui/labels/undo-buttons.tsx';
import { Facts } from './facts.tsx';
import { votesOf, type GalleryView } from './use-gallery-view.ts';
import type { Labelling } from './use-labelling.ts';
import { VotesPath } from './votes-path.tsx';
import { words } from './words.ts';

interface DetailProps {
  readonly view: GalleryView;
  readonly example: number;
  readonly labelling: Labelling;
  readonly onLarge: () => void;
}

function MemberVotes({
  kind,
  name,
  votes,
  label,
}: {
  kind: 'base' | 'comp';
  name: string;
  votes: readonly boolean[];
  label: string;
}) {
  const count = votes.filter(Boolean).length;
  const said = `${String(count)} of ${String(votes.length)} say ${label}`;
  return (
    <div>
      <span>
        <Mark kind={kind} />
        {name}
      </span>
      <span>
        <b className={kind === 'base' ? 'b' : 'c'}>{count}</b> of {votes.length} say {label}
      </span>
      <span className={kind === 'base' ? 'mini' : 'mini comp'} role="img" aria-label={said}>
        {votes.map((on, i) => (
          <i key={i} className={on ? 'on' : ''} />
        ))}
      </span>
    </div>
  );
}

/** The example in hand: picture and facts, votes by member, votes over the levels, and the labels with their keys. */
export function Detail({ view, example, labelling, onLarge }: DetailProps) {
  const { dataset, datasetIndices, examples, names, audit, comparison, predictions, rank } = view;
  const index = datasetIndices[example] ?? -1;
  const picture = usePicture(index, 240);
  const { current, reviewer, board } = useLabels();
  const id = examples.ids[example] ?? '';
  const own = current.get(id) ?? [];
  const row = rowOf(dataset, index);
  const before = audit.baseline.modal[example] ?? 0;
  const label = names[before] ?? '';
  const memberVotes = (level: string): boolean[] => {
    const population = predictions[level];
    return (population?.members ?? []).map(
      (_, member) => population?.predictions[member * examples.ids.length + example] === before,
    );
  };
  const votesFor = (votes: Uint16Array): number => votes[example * examples.classes.length + before] ?? 0;
  const others = votesOf(view, example).filter(
    (other) => other.baseline + other.compressed > 0 && other.label !== label,
  );
  return (
    <>
      <div className={dataset.features.kind === 'images' ? 'hd' : 'hd plain'}>
        {dataset.features.kind === 'images' ? (
          <button type="button" className="picture-button" onClick={onLarge} aria-label={`Show ${id} large`}>
            <ExampleImage dataset={dataset} index={index} size={120} larger={picture} />
          </button>
        ) : null}
        <div>
          <p className="detail-id">
            <b>{id}</b>
            <span className="mute">
              rank {(rank[example] ?? 0).toLocaleString('en')} of {rank.length.toLocaleString('en')}
            </span>
          </p>
          <Facts view={view} example={example} />
        </div>
      </div>
      {dataset.features.kind === 'table' ? (
        <dl className="facts row-facts">
          {row.map(({ name, value }) => (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>{value === '' ? words.missing : value}</dd>
            </div>
          ))}
          <button type="button" className="lnk" onClick={onLarge}>
            Each value against all rows
          </button>
        </dl>
      ) : null}
      <div className="strip-votes">
        <MemberVotes kind="base" name="baseline, by seed" votes={memberVotes('baseline')} label={label} />
        <MemberVotes
          kind="comp"
          name={`${levelText(comparison.level)}, same seeds`}
          votes={memberVotes(comparison.level)}
          label={label}
        />
        {names.length > 2 && others.length > 0 ? (
          <p className="no">
            Other votes:{' '}
            {others
              .map((other) => `for ${other.label} ${String(other.baseline)} → ${String(other.compressed)}`)
              .join(', ')}
          </p>
        ) : null}
      </div>
      <VotesPath
        classLabel={label}
        baseline={{ votes: votesFor(audit.baseline.votes), members: audit.baseline.members }}
        levels={audit.comparisons.map(({ level, population }) => ({
          level,
          votes: votesFor(population.votes),
          members: population.members,
        }))}
        current={comparison.level}
      />
      <div>
        <p className="no question">
          {reviewer === '' ? null : <span>As {reviewer}</span>}
          <span className="mute">{current.size} labelled</span>
          <a href="#/questions">Questions and keys</a>
        </p>
        <Questions
          key={id}
          asked={labelling.asked}
          given={own}
          onAnswer={labelling.label}
          texts={board.notes.get(reviewer)?.get(id)}
          onText={labelling.write}
        />
        <UndoButtons nameOf={labelling.asked.nameOf} plural={dataset.noun[1]} />
      </div>
      <div className="keys" aria-hidden="true">
        <span data-t="Next, previous">
          <kbd>→</kbd>
          <kbd>←</kbd>
        </span>
        <span data-t="Next without label">
          <kbd>U</kbd>
        </span>
        <span data-t="Several">
          <kbd>⇧→</kbd>
        </span>
        <span data-t="Level">
          <kbd>[</kbd>
          <kbd>]</kbd>
        </span>
        <span data-t="Large">
          <kbd>Space</kbd>
        </span>
        <span data-t="All keys">
          <kbd>?</kbd>
        </span>
      </div>
    </>
  );
}
