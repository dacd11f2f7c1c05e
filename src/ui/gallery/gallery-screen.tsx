import { useCallback, useEffect, useRef, useState } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { readAddress, select, setFilters, useGallery } from '#store/gallery.ts';
import { redoLabel, toggleLabel, undoLabel, useLabels } from '#store/labels.ts';
import { useEvidence } from '#store/evidence.ts';
import { usePlan } from '#store/plan.ts';
import { DEFAULT_TAXONOMY } from '#audit/review-labels.ts';
import { Empty } from '#ui/kit/empty.tsx';
import { Mark } from '#ui/kit/icons.tsx';
import { LevelScrubber } from '#ui/kit/level-scrubber.tsx';
import { levelKind, levelText, prunedLevel } from '#ui/kit/levels.ts';
import { Note } from '#ui/kit/note.tsx';
import { CardList } from './card-list.tsx';
import { Detail } from './detail.tsx';
import { Filters } from './filters.tsx';
import './gallery.css';
import { LargeView } from './large-view.tsx';
import { Threshold } from './threshold.tsx';
import { useGalleryView, type GalleryView } from './use-gallery-view.ts';
import { specOf, words } from './words.ts';

const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.matches('select, textarea, input:not([type=radio], [type=checkbox], [type=range])');
/** Keys that act on the example in hand: they work wherever nobody is typing, also right after a level or a filter was chosen. */
const ACTS = { enableOnFormTags: true, ignoreEventWhen: isTyping };
/** The arrow keys: on a form control they are its own. */
const MOVES = { preventDefault: true };

/** The ranked gallery with its levels, filters, detail and labels. */
export function GalleryScreen() {
  const evidence = useEvidence(({ state }) => state.kind);
  const view = useGalleryView();
  useEffect(() => {
    readAddress();
    window.addEventListener('hashchange', readAddress);
    return () => {
      window.removeEventListener('hashchange', readAddress);
    };
  }, []);
  if (!view) {
    return <Empty title="Gallery">{evidence === 'computing' ? words.computing : words.none}</Empty>;
  }
  return <Room view={view} />;
}

function Room({ view }: { readonly view: GalleryView }) {
  const selectedBefore = useGallery(({ selected }) => selected);
  const levels = usePlan(({ plan }) => plan?.levels);
  const problem = useLabels((state) => state.problem);
  const [columns, setColumns] = useState(4);
  const [large, setLarge] = useState(false);
  const { shown, audit, comparison, dataset, examples } = view;
  const place = Math.max(0, shown.indexOf(selectedBefore));
  const example = shown[place] ?? -1;
  const [, plural] = dataset.noun;

  const go = useCallback(
    (to: number) => {
      const next = shown[Math.max(0, Math.min(shown.length - 1, to))];
      if (next !== undefined) select(next);
    },
    [shown],
  );
  // The list can lose the example that was just labelled (a filter on labels): the next one is taken from the list before.
  const busy = useRef(false);
  const label = (id: string): void => {
    const exampleId = examples.ids[example];
    if (exampleId === undefined || busy.current) return;
    busy.current = true;
    const adds = !(useLabels.getState().current.get(exampleId)?.includes(id) ?? false);
    const next = shown[place + 1];
    void toggleLabel(exampleId, id).then((saved) => {
      busy.current = false;
      if (saved && adds && next !== undefined) select(next);
    });
  };
  const step = (by: number): void => {
    const names = audit.comparisons.map((one) => one.level);
    const level = names[names.indexOf(comparison.level) + by];
    if (level !== undefined) setFilters({ level });
  };
  const open = useCallback((opened: number) => {
    select(opened);
    setLarge(true);
  }, []);

  useHotkeys(
    'right',
    () => {
      go(place + 1);
    },
    MOVES,
  );
  useHotkeys(
    'left',
    () => {
      go(place - 1);
    },
    MOVES,
  );
  useHotkeys(
    'down',
    () => {
      go(place + columns);
    },
    MOVES,
  );
  useHotkeys(
    'up',
    () => {
      go(place - columns);
    },
    MOVES,
  );
  useHotkeys('z', () => void undoLabel(), ACTS);
  useHotkeys('y', () => void redoLabel(), ACTS);
  useHotkeys(
    '[',
    () => {
      step(-1);
    },
    { ...ACTS, useKey: true },
  );
  useHotkeys(
    ']',
    () => {
      step(1);
    },
    { ...ACTS, useKey: true },
  );
  useHotkeys(
    'space',
    () => {
      setLarge((was) => !was);
    },
    {
      preventDefault: true,
      ignoreEventWhen: (event) =>
        event.target instanceof HTMLElement && event.target.matches('input, select, summary, .btn, .lbl, .lnk'),
    },
  );
  useHotkeys(
    DEFAULT_TAXONOMY.map(({ key }) => key).join(','),
    (event) => {
      const chosen = DEFAULT_TAXONOMY.find(({ key }) => key === event.key);
      if (chosen) label(chosen.id);
    },
    { ...ACTS, useKey: true },
  );

  return (
    <main className="audit">
      <h1 className="vh">Gallery</h1>
      <div className="strip">
        <div>
          <p className="lab">
            <span>
              Level <b>{levelText(comparison.level)}</b>, {levelKind(specOf(levels ?? [], comparison.level))}
            </span>
            <span>bars: {plural} whose label changed</span>
          </p>
          <LevelScrubber
            levels={audit.comparisons.map(({ level, modalCie }) => ({
              level,
              label: levelText(level),
              count: modalCie.indices.length,
              track: prunedLevel(level) === null ? 'int8' : 'pruned',
            }))}
            value={comparison.level}
            chance={null}
            onChange={(level) => {
              setFilters({ level });
            }}
          />
        </div>
        <Threshold view={view} noun={plural} />
      </div>
      <div className="room">
        <aside className="filters" aria-label="Filters">
          <Filters view={view} />
        </aside>
        <section className="list" aria-label={`Ranked ${plural}`}>
          <div className="list-head">
            <span aria-live="polite">
              <b>
                {shown.length.toLocaleString('en')} {plural}
              </b>
              , most disagreement first
            </span>
            <span className="list-tools">
              <span className="key-sm">
                <Mark kind="base" />
                baseline, left
              </span>
              <span className="key-sm">
                <Mark kind="comp" />
                {levelText(comparison.level)}, right
              </span>
              <label>
                Go to{' '}
                <input
                  type="number"
                  className="small-input"
                  min={1}
                  max={shown.length}
                  value={shown.length === 0 ? '' : place + 1}
                  onChange={(event) => {
                    go(Number(event.target.value) - 1);
                  }}
                />
              </label>
            </span>
          </div>
          {problem ? <Note tone="warn" fact={problem.message} live /> : null}
          <CardList
            view={view}
            selected={example}
            columns={columns}
            onColumns={setColumns}
            onSelect={select}
            onOpen={open}
          />
        </section>
        <aside className="detail" aria-label="In hand">
          {example < 0 ? (
            <p className="small">{words.nothing}</p>
          ) : (
            <Detail
              view={view}
              example={example}
              onLabel={label}
              onLarge={() => {
                setLarge(true);
              }}
            />
          )}
        </aside>
      </div>
      {example < 0 ? null : (
        <LargeView
          view={view}
          example={example}
          open={large}
          onClose={() => {
            setLarge(false);
          }}
        />
      )}
    </main>
  );
}
