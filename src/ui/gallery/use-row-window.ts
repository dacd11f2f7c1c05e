import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { bringIn, rowsInSight, scrolledHeight, scrolledTo, type Roll, type Standing } from './row-window.ts';

/** Rows drawn beyond the frame on either side: what the browser scrolls by itself before the page hears of it. */
const SPARE = 2;

interface RowWindow {
  /** Height of what scrolls, CSS pixels. */
  readonly height: number;
  /** The first row to draw and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Where a row begins, CSS pixels. */
  readonly startOf: (row: number) => number;
}

interface Drawn {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}
const NOTHING: Drawn = { first: 0, end: 0, offset: 0 };

/**
 * Which of `rows` rows of one pitch are drawn as the frame scrolls; scrolling within the rows that are drawn already costs
 * no work. A change of `row` (-1 for none) brings that row into sight.
 */
export function useRowWindow(
  frame: RefObject<HTMLElement | null>,
  rows: number,
  pitch: number,
  gap: number,
  row: number,
): RowWindow {
  const [frameHeight, setFrameHeight] = useState(0);
  const roll = useMemo((): Roll => ({ rows, pitch, frame: frameHeight }), [rows, pitch, frameHeight]);
  const standing = useRef<Standing>({ scrollTop: 0, offset: 0 });
  const [drawn, setDrawn] = useState<Drawn>(NOTHING);
  const latest = useRef<Drawn>(NOTHING);
  const height = scrolledHeight(roll);

  const show = useCallback(
    (next: Standing, isScroll: boolean) => {
      standing.current = next;
      const [first, end] = rowsInSight(roll, next, SPARE);
      const before = latest.current;
      if (before.first === first && before.end === end && before.offset === next.offset) return;
      latest.current = { first, end, offset: next.offset };
      // Rows that come into sight are there when the frame is painted that shows where they stand.
      if (isScroll) flushSync(() => setDrawn(latest.current));
      else setDrawn(latest.current);
    },
    [roll],
  );

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = (): void => {
      setFrameHeight(element.clientHeight);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [frame]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    // A shorter list may have moved the frame.
    show(scrolledTo(roll, standing.current, element.scrollTop), false);
    const scroll = (): void => show(scrolledTo(roll, standing.current, element.scrollTop), true);
    element.addEventListener('scroll', scroll, { passive: true });
    return () => {
      element.removeEventListener('scroll', scroll);
    };
  }, [frame, roll, show]);

  const shownRow = useRef(-1);
  useEffect(() => {
    const element = frame.current;
    const isNew = shownRow.current !== row;
    if (!element || roll.frame === 0) return;
    shownRow.current = row;
    // Only a new choice scrolls; new rows under a person's eyes do not.
    if (row < 0 || !isNew) return;
    const next = bringIn(roll, standing.current, row, gap);
    if (next === standing.current) return;
    show(next, false);
    element.scrollTo({ top: next.scrollTop, behavior: 'instant' });
  }, [frame, roll, row, gap, show]);

  return {
    height,
    first: drawn.first,
    end: Math.min(rows, drawn.end),
    startOf: (at) => at * pitch - drawn.offset,
  };
}
