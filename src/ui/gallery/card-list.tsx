import { useLayoutEffect, useRef, useState } from 'react';
import { useLabels } from '#store/labels.ts';
import { useMarking } from '#store/marking.ts';
import { Card } from './card.tsx';
import type { GalleryView } from './use-gallery-view.ts';
import { useRowWindow } from './use-row-window.ts';
import { words } from './words.ts';

interface CardListProps {
  readonly view: GalleryView;
  /** The example in hand, its place among those shown, and how many stand in a row. */
  readonly selected: number;
  readonly place: number;
  readonly perRow: number;
  readonly name: string;
  readonly onColumns: (columns: number) => void;
  readonly nameOf: (label: string) => string;
  readonly onSelect: (example: number, extend: boolean) => void;
  readonly onOpen: (example: number) => void;
}

/** CSS pixels; the sizes of `.cards-scroll`, `.cards-row` and `.card` in gallery.css. */
const LEAST_CARD = 163;
const GAP = 4;
const FRAME_PADDING = 2;
const CARD_PADDING = 6;
/** What a card is tall beside its square picture or its row of values: rank, change, two rows of votes, tags, gaps. */
const LINES_REM = 6.125;
const LINES = 4;
const VALUES_REM = 7;
const VALUES = 10;

/** The ranking as a grid of which only the rows in sight exist: 200,000 examples scroll as 200 do. */
export function CardList(props: CardListProps) {
  const { view, selected, place, perRow, name, nameOf, onColumns, onSelect, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [{ width, rem }, setSizes] = useState({ width: 716, rem: 16 });
  const labels = useLabels(({ current }) => current);
  const marked = useMarking((state) => state.marked);
  const { shown, partners, dataset, examples } = view;
  const columns = partners ? 2 * perRow : perRow;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      const inside = element.clientWidth - 2 * FRAME_PADDING;
      setSizes({ width: inside, rem: parseFloat(getComputedStyle(document.documentElement).fontSize) || 16 });
      onColumns(Math.max(1, Math.floor((inside + GAP) / (LEAST_CARD + GAP))));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [onColumns]);

  const inside =
    dataset.features.kind === 'images'
      ? (width - (columns - 1) * GAP) / columns - 2 * CARD_PADDING
      : VALUES_REM * rem + VALUES;
  const rowHeight = Math.round(inside + LINES_REM * rem + LINES + 2 * CARD_PADDING);
  const count = Math.ceil(shown.length / perRow);
  const window = useRowWindow(scroller, count, rowHeight + GAP, GAP, place < 0 ? -1 : Math.floor(place / perRow));

  const card = (example: number, isPartner: boolean) => (
    <Card
      view={view}
      example={example}
      isPartner={isPartner}
      selected={!isPartner && example === selected}
      marked={!isPartner && marked.has(examples.ids[example]!)}
      nameOf={nameOf}
      labels={labels.get(examples.ids[example]!) ?? NO_LABELS}
      onSelect={onSelect}
      onOpen={onOpen}
    />
  );
  return (
    <div className="cards-scroll" ref={scroller} tabIndex={-1}>
      {shown.length === 0 ? <p className="small">{words.nothing}</p> : null}
      <div
        className="cards-space"
        role="grid"
        aria-multiselectable="true"
        aria-label={name}
        aria-rowcount={count}
        aria-colcount={columns}
        style={{ height: window.height }}
      >
        {Array.from({ length: window.end - window.first }, (_, i) => window.first + i).map((row) => (
          <div
            key={row}
            className="cards-row"
            role="row"
            aria-rowindex={row + 1}
            style={{
              transform: `translateY(${String(window.startOf(row))}px)`,
              height: rowHeight,
              gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
            }}
          >
            {[...shown.subarray(row * perRow, (row + 1) * perRow)].flatMap((example, i) => {
              const cells = [
                <div
                  key={i}
                  role="gridcell"
                  aria-colindex={(partners ? 2 * i : i) + 1}
                  aria-selected={example === selected || marked.has(examples.ids[example]!)}
                >
                  {card(example, false)}
                </div>,
              ];
              if (partners) {
                const partner = partners[row * perRow + i] ?? -1;
                cells.push(
                  <div key={`beside ${String(i)}`} role="gridcell" aria-colindex={2 * i + 2} className="partner">
                    {partner < 0 ? <p className="no">{words.noPartner}</p> : card(partner, true)}
                  </div>,
                );
              }
              return cells;
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
const NO_LABELS: readonly string[] = [];
