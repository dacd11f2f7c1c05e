import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLabels } from '#store/labels.ts';
import { Card } from './card.tsx';
import type { GalleryView } from './use-gallery-view.ts';
import { words } from './words.ts';

interface CardListProps {
  readonly view: GalleryView;
  readonly selected: number;
  readonly columns: number;
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
export function CardList({ view, selected, columns, onColumns, onSelect, onOpen }: CardListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(720);
  const labels = useLabels(({ current }) => current);
  const { shown, dataset, examples } = view;

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
  const rows = useVirtualizer({
    count: Math.ceil(shown.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    gap: GAP,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, rowHeight]);

  const place = shown.indexOf(selected);
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(Math.floor(place / columns), { align: 'auto' });
    // Only a new selection scrolls; new rows under a person's eyes do not.
  }, [place, columns, rows]);

  return (
    <div className="cards-scroll" ref={scroller} tabIndex={-1}>
      {shown.length === 0 ? <p className="small">{words.nothing}</p> : null}
      <div className="cards-space" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            className="cards-row"
            style={{
              transform: `translateY(${String(row.start)}px)`,
              gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
            }}
          >
            {[...shown.subarray(row.index * columns, (row.index + 1) * columns)].map((example) => (
              <Card
                key={example}
                view={view}
                example={example}
                selected={example === selected}
                labels={labels.get(examples.ids[example]!) ?? NO_LABELS}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
const NO_LABELS: readonly string[] = [];
