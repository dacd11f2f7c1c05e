import { useCallback, useEffect, useMemo, useState } from 'react';
import { placesOf } from '#audit/places.ts';
import { readAddress, select, setFilters, showLarge, useGallery } from '#store/gallery.ts';
import { useLabels } from '#store/labels.ts';
import { useEvidence } from '#store/evidence.ts';
import { usePlan } from '#store/plan.ts';
import { Empty } from '#ui/kit/empty.tsx';
import { CheckField } from '#ui/kit/field.tsx';
import { Mark } from '#ui/kit/icons.tsx';
import { LevelScrubber } from '#ui/kit/level-scrubber.tsx';
import { levelKind, levelText, prunedLevel } from '#ui/kit/levels.ts';
import { Note } from '#ui/kit/note.tsx';
import { ReviewLinks } from '#ui/labels/review-links.tsx';
import { CardList } from './card-list.tsx';
import { Detail } from './detail.tsx';
import { Filters } from './filters.tsx';
import './gallery.css';
import { LargeView } from './large-view.tsx';
import { Threshold } from './threshold.tsx';
import { Queue } from './queue.tsx';
import { useGalleryKeys } from './use-gallery-keys.ts';
import { useGalleryView, type GalleryView } from './use-gallery-view.ts';
import { useReviewFacets } from './use-reviews.ts';
import { useLabelling } from './use-labelling.ts';
import { orderSaid, ORDERS, specOf, words } from './words.ts';

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
  const { filters, selected, large } = useGallery();
  const reviews = useReviewFacets(view, filters);
  const levels = usePlan(({ plan }) => plan?.levels);
  const problem = useLabels((state) => state.problem);
  const [columns, setColumns] = useState(4);
  const { shown, partners, audit, comparison, dataset, examples } = view;
  const { ids } = examples;
  const perRow = partners ? Math.max(1, Math.floor(columns / 2)) : columns;
  const place = useMemo(
    () => (selected === '' ? 0 : Math.max(0, shown.indexOf(placesOf(ids).get(selected) ?? -1))),
    [shown, ids, selected],
  );
  const example = shown[place] ?? -1;
  const [, plural] = dataset.noun;
  const said = orderSaid(view);

  const labelling = useLabelling(view, place);
  const { go } = labelling;
  const step = (by: number): void => {
    const names = audit.comparisons.map((one) => one.level);
    const level = names[names.indexOf(filters.level === '' ? comparison.level : filters.level) + by];
    if (level !== undefined) setFilters({ level });
  };
  const take = useCallback(
    (taken: number, extend: boolean) => {
      go(shown.indexOf(taken), extend);
    },
    [go, shown],
  );
  const open = useCallback(
    (opened: number) => {
      select(ids[opened] ?? '');
      showLarge(true);
    },
    [ids],
  );
  useGalleryKeys({ labelling, place, perRow, onStep: step });

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
            value={filters.level === '' ? comparison.level : filters.level}
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
          <Filters view={view} reviews={reviews} asked={labelling.asked} />
          <ReviewLinks />
        </aside>
        <section className="list" aria-label={`Ranked ${plural}`}>
          <div className="list-head">
            <span aria-live="polite">
              <b>
                {shown.length.toLocaleString('en')} {plural}
              </b>
              , {said}
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
          <div className="list-order">
            <label>
              Order by{' '}
              <select
                value={filters.order}
                onChange={(event) => {
                  const chosen = ORDERS.find(({ value }) => value === event.target.value);
                  if (chosen) setFilters({ order: chosen.value });
                }}
              >
                {ORDERS.map(({ value, label: name }) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <CheckField
              label={words.beside}
              checked={filters.beside}
              onChange={(beside) => {
                setFilters({ beside });
              }}
            />
          </div>
          <Queue view={view} reviews={reviews} labelling={labelling} place={selected === '' ? -1 : place} />
          {problem ? <Note tone="warn" fact={problem.message} live /> : null}
          <CardList
            view={view}
            selected={example}
            place={selected === '' ? -1 : place}
            perRow={perRow}
            name={`Ranked ${plural}, ${said}`}
            nameOf={labelling.asked.nameOf}
            onColumns={setColumns}
            onSelect={take}
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
              labelling={labelling}
              onLarge={() => {
                showLarge(true);
              }}
            />
          )}
        </aside>
      </div>
      {example < 0 || !large ? null : (
        <LargeView
          view={view}
          example={example}
          onClose={() => {
            showLarge(false);
          }}
        />
      )}
    </main>
  );
}
