import { useEffect, useMemo, useRef, useState } from 'react';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { describeExample, writeRgba } from '#ui/kit/example-pixels.ts';
import { count } from '#ui/kit/format.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { wallOrder } from './wall-order.ts';
import type { WallOrder } from './wall-order.ts';

const COLUMNS = 14;
const ROWS = 5;
const SHOWN = COLUMNS * ROWS;
const GAP = 4; // CSS pixels
const WIDTH = 704; // CSS pixels, the width that charts have too
const SIDE = (WIDTH - (COLUMNS - 1) * GAP) / COLUMNS;
const HEIGHT = ROWS * SIDE + (ROWS - 1) * GAP;
const ORDERS = [
  { value: 'as-is', label: 'As it comes' },
  { value: 'by-class', label: 'By class' },
  { value: 'rarest', label: 'Rarest first' },
] as const;

/** Seventy examples at a time, painted on one canvas: their number in the data does not matter. */
export function ImageWall({ dataset, question }: { readonly dataset: Dataset; readonly question: Question }) {
  const [order, setOrder] = useState<WallOrder>('as-is');
  const [page, setPage] = useState(0);
  const [pointed, setPointed] = useState<number | null>(null);
  const indices = useMemo(() => wallOrder(dataset, question, order), [dataset, question, order]);
  const start = page * SHOWN;
  const shown = useMemo(() => indices.subarray(start, start + SHOWN), [indices, start]);
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (ref.current !== null) paint(ref.current, dataset, shown);
  }, [dataset, shown]);
  const last = start + shown.length;
  const [, many] = dataset.noun;
  const inHand = pointed === null ? undefined : shown[pointed];
  return (
    <section aria-labelledby="wall">
      <div className="sec-head">
        <h2 id="wall">What is in it</h2>
        <Segmented
          legend="Order of the wall"
          options={ORDERS}
          value={order}
          onChange={(next) => {
            setOrder(next);
            setPage(0);
          }}
        />
      </div>
      <canvas
        ref={ref}
        className="wall-canvas"
        role="img"
        aria-label={`${many} ${count(start + 1)} to ${count(last)}${inHand === undefined ? '' : `; in hand: ${describeExample(dataset, inHand)}`}`}
        tabIndex={0}
        onPointerMove={(event) => setPointed(tileAt(event.nativeEvent, event.currentTarget, shown.length))}
        onPointerLeave={() => setPointed(null)}
        onBlur={() => setPointed(null)}
        onKeyDown={(event) => {
          const move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
          if (move === undefined) return;
          event.preventDefault();
          setPointed(Math.min(shown.length - 1, Math.max(0, (pointed ?? -move) + move)));
        }}
      />
      <div className="wall-foot">
        <span className="small">
          {inHand === undefined
            ? `${many} ${count(start + 1)} to ${count(last)} of ${count(indices.length)}`
            : describeExample(dataset, inHand)}
        </span>
        <span className="acts">
          {page === 0 ? null : <LinkButton onClick={() => setPage(page - 1)}>Earlier</LinkButton>}
          {last >= indices.length ? null : <LinkButton onClick={() => setPage(page + 1)}>Next {SHOWN}</LinkButton>}
        </span>
      </div>
    </section>
  );
}

function tileAt(event: PointerEvent, canvas: HTMLCanvasElement, shown: number): number | null {
  const scale = WIDTH / canvas.clientWidth;
  const column = Math.floor((event.offsetX * scale) / (SIDE + GAP));
  const row = Math.floor((event.offsetY * scale) / (SIDE + GAP));
  const tile = row * COLUMNS + column;
  return column >= 0 && column < COLUMNS && row >= 0 && tile < shown ? tile : null;
}

function paint(canvas: HTMLCanvasElement, dataset: Dataset, shown: Uint32Array): void {
  const context = canvas.getContext('2d');
  if (context === null || dataset.features.kind !== 'images') return;
  const { width, height } = dataset.features;
  const scale = Math.min(2, window.devicePixelRatio);
  canvas.width = Math.round(WIDTH * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  const smallContext = small.getContext('2d');
  if (smallContext === null) return;
  const image = new ImageData(width, height);
  context.scale(scale, scale);
  context.imageSmoothingQuality = 'high';
  shown.forEach((index, tile) => {
    writeRgba(dataset, index, image.data);
    smallContext.putImageData(image, 0, 0);
    const x = (tile % COLUMNS) * (SIDE + GAP);
    const y = Math.floor(tile / COLUMNS) * (SIDE + GAP);
    context.drawImage(small, x, y, SIDE, SIDE);
  });
}
