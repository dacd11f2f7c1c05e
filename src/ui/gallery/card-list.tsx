import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLabels } from '#store/labels.ts';
import { Card } from './card.tsx';
import type { GalleryView } from './use-gallery-view.ts';
import { words } from './words.ts';

interface CardListProps {
  readonly view: GalleryView;
  /** The example in hand, its place among those shown, and how many stand in a row. */
  readonly selected: number;
  readonly place: number;
  readonly perRow: number;
  readonly name: string;
  readonly onColumns: (columns: number) => void;
  readonly onSelect: (example: number) => void;
  readonly onOpen: (example: number) => void;
}

const CARD_WIDTH = 168;
const GAP = 16;
/** What a card is tall beside its square picture: rank, change, two rows of votes, tags. A first guess; each row is measured. */
const CARD_EXTRA = 102;
const ROW_CARD_HEIGHT = 230;

/** The ranking as a grid of which only the rows in sight exist: 200,000 examples scroll as 200 do. */
export function CardList({ view, selected, place, perRow, name, onColumns, onSelect, onOpen }: CardListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(720);
  const labels = useLabels(({ current }) => current);
  const { shown, partners, dataset, examples } = view;
  const columns = partners ? 2 * perRow : perRow;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      setWidth(element.clientWidth);
      onColumns(Math.max(1, Math.floor((element.clientWidth + GAP) / (CARD_WIDTH * 0.9 + GAP))));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [onColumns]);

  const cardWidth = (width - (columns - 1) * GAP) / columns;
  const rowHeight = dataset.features.kind === 'images' ? Math.round(cardWidth + CARD_EXTRA) : ROW_CARD_HEIGHT;
  const count = Math.ceil(shown.length / perRow);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    gap: GAP,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, rowHeight]);

  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(Math.floor(place / perRow), { align: 'auto' });
    // Only a new selection scrolls; new rows under a person's eyes do not.
  }, [place, perRow, rows]);

  const card = (example: number, isPartner: boolean) => (
    <Card
      view={view}
      example={example}
      isPartner={isPartner}
      selected={!isPartner && example === selected}
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
        aria-label={name}
        aria-rowcount={count}
        aria-colcount={columns}
        style={{ height: rows.getTotalSize() }}
      >
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            className="cards-row"
            role="row"
            aria-rowindex={row.index + 1}
            style={{
              transform: `translateY(${String(row.start)}px)`,
              gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
            }}
          >
            {[...shown.subarray(row.index * perRow, (row.index + 1) * perRow)].flatMap((example, i) => {
              const cells = [
                <div
                  key={example}
                  role="gridcell"
                  aria-colindex={(partners ? 2 * i : i) + 1}
                  aria-selected={example === selected}
                >
                  {card(example, false)}
                </div>,
              ];
              if (partners) {
                const partner = partners[row.index * perRow + i] ?? -1;
                cells.push(
                  <div key={`beside ${String(example)}`} role="gridcell" aria-colindex={2 * i + 2} className="partner">
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
