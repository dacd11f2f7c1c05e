import { useEffect, useState } from 'react';
import type { Neighbours as Found } from '#audit/neighbours.ts';
import { neighboursOf } from '#store/embeddings.ts';
import { openExample } from '#store/gallery.ts';
import { useTraining } from '#store/training-state.ts';
import { Thumbnail } from './thumbnail.tsx';
import type { GalleryView } from './use-gallery-view.ts';
import { votesText, words } from './words.ts';

/** As many are shown. */
const SHOWN = 8;

interface NeighboursProps {
  readonly view: GalleryView;
  readonly example: number;
}

type State =
  | { readonly kind: 'looking' }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'found'; readonly found: Found };

/** The audited examples that the first baseline member sees most like the one in hand; each opens. */
export function Neighbours({ view, example }: NeighboursProps) {
  const state = useNeighbours(example);
  const { dataset } = view;
  return (
    <section aria-labelledby="large-neighbours">
      <h3 id="large-neighbours" className="large-title">
        Nearest neighbours
      </h3>
      {state.kind === 'looking' ? (
        <p className="no">Looking for neighbours…</p>
      ) : state.kind === 'none' ? (
        <p className="no">{words.noEmbeddings}</p>
      ) : state.kind === 'failed' ? (
        <p className="no" role="alert">
          The neighbours could not be found: {state.why}
        </p>
      ) : (
        <>
          <p className="no">
            As the first baseline member sees the audited {dataset.noun[1]}: straight-line distance of what its last
            layer reads; 1 is typical of two {dataset.noun[1]} at random.
          </p>
          <ol className={dataset.features.kind === 'images' ? 'neighbours' : 'neighbours rows'}>
            {[...state.found.examples].map((other, i) => (
              <li key={other}>
                <Neighbour view={view} example={other} distance={state.found.distances[i] ?? 0} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Neighbour({ view, example, distance }: NeighboursProps & { readonly distance: number }) {
  const { dataset, datasetIndices, examples, names, audit, comparison, shown } = view;
  const id = examples.ids[example] ?? '';
  const truth = examples.labels[example] ?? 0;
  const votes = (of: Uint16Array): number => of[example * names.length + truth] ?? 0;
  const far = distance.toFixed(2);
  return (
    <button
      type="button"
      className="neighbour"
      aria-label={`Show ${id} large, distance ${far}, ${votesText(view, example)}`}
      onClick={() => {
        openExample(id, !shown.includes(example));
      }}
    >
      {dataset.features.kind === 'images' ? (
        <Thumbnail dataset={dataset} index={datasetIndices[example] ?? -1} />
      ) : (
        <b>{id}</b>
      )}
      <span>
        at <b>{far}</b>
      </span>
      <span>true: {names[truth]}</span>
      <span>
        right votes <b className="b">{votes(audit.baseline.votes)}</b> →{' '}
        <b className="c">{votes(comparison.population.votes)}</b>
      </span>
    </button>
  );
}

function useNeighbours(example: number): State {
  const auditId = useTraining((training) => training.auditId);
  const [answer, setAnswer] = useState<{ readonly of: string; readonly state: State } | null>(null);
  const of = `${auditId ?? ''}/${String(example)}`;
  useEffect(() => {
    if (auditId === null) return;
    let isWanted = true;
    const tell = (state: State): void => {
      if (isWanted) setAnswer({ of, state });
    };
    neighboursOf(auditId, example, SHOWN).then(
      (found) => {
        tell(found === null ? { kind: 'none' } : { kind: 'found', found });
      },
      (error: unknown) => {
        tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [auditId, example, of]);
  if (auditId === null) return { kind: 'none' };
  return answer?.of === of ? answer.state : { kind: 'looking' };
}
