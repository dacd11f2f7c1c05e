import { useRef, type PointerEvent } from 'react';
import { SCORE_BINS, scoreAt } from '#audit/score-histogram.ts';
import { setFilters, useGallery } from '#store/gallery.ts';
import { scoreText, scoreUnit } from './words.ts';

interface ScoreBrushProps {
  /** [bin] all examples, and those within the threshold. */
  readonly counts: Uint32Array;
  readonly inside: Uint32Array;
  /** Members of the baseline and of the compressed population. */
  readonly members: readonly [number, number];
}

const HEIGHT = 34;

/** The Taxicab scores of all examples on a log scale; dragging over them, or either end by keyboard, keeps a range of scores. */
export function ScoreBrush({ counts, inside, members }: ScoreBrushProps) {
  const scores = useGallery(({ filters }) => filters.scores);
  const anchor = useRef<number | null>(null);
  const low = scores === null ? 0 : Math.round(scores[0] * (SCORE_BINS / 2));
  const high = scores === null ? SCORE_BINS : Math.round(scores[1] * (SCORE_BINS / 2));
  const most = Math.log1p(Math.max(1, ...counts));
  const height = (count: number): number => (count === 0 ? 0 : Math.max(1, (HEIGHT * Math.log1p(count)) / most));
  const set = (from: number, to: number): void => {
    setFilters({ scores: from <= 0 && to >= SCORE_BINS ? null : [scoreAt(from), scoreAt(to)] });
  };
  const said = (bin: number): string => `${scoreText(scoreAt(bin), ...members)} ${scoreUnit(...members)}`;
  const drag = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor((SCORE_BINS * (event.clientX - box.left)) / Math.max(1, box.width));
    const bin = Math.max(0, Math.min(SCORE_BINS - 1, at));
    anchor.current ??= bin;
    set(Math.min(anchor.current, bin), Math.max(anchor.current, bin) + 1);
  };
  const end = (): void => {
    anchor.current = null;
  };
  return (
    <>
      <div className="brush">
        <svg
          className="plot brush-plot"
          viewBox={`0 0 ${String(SCORE_BINS)} ${String(HEIGHT)}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event);
          }}
          onPointerMove={(event) => {
            if (anchor.current !== null) drag(event);
          }}
          onPointerUp={end}
          onPointerCancel={end}
        >
          <rect x={0} width={SCORE_BINS} y={0} height={HEIGHT} fill="transparent" />
          {[...counts].map((count, bin) => {
            const isKept = bin >= low && bin < high;
            return (
              <g key={bin}>
                <rect x={bin + 0.05} width={0.9} y={HEIGHT - height(count)} height={height(count)} className="wn" />
                {isKept ? (
                  <rect
                    x={bin + 0.05}
                    width={0.9}
                    y={HEIGHT - height(inside[bin]!)}
                    height={height(inside[bin]!)}
                    className="fc"
                  />
                ) : null}
              </g>
            );
          })}
        </svg>
        <input
          type="range"
          className="brush-end"
          min={0}
          max={SCORE_BINS}
          value={low}
          aria-label="Least score shown"
          aria-valuetext={`at least ${said(low)}`}
          onChange={(event) => {
            set(Math.min(Number(event.target.value), high - 1), high);
          }}
        />
        <input
          type="range"
          className="brush-end"
          min={0}
          max={SCORE_BINS}
          value={high}
          aria-label="Greatest score shown"
          aria-valuetext={high === SCORE_BINS ? `up to ${said(high)}` : `below ${said(high)}`}
          onChange={(event) => {
            set(low, Math.max(Number(event.target.value), low + 1));
          }}
        />
      </div>
      <p className="lab brush-lab">
        <span>agree</span>
        {scores === null ? (
          <span>Taxicab score, log count</span>
        ) : (
          <span>
            {said(low)} {high === SCORE_BINS ? 'and more' : `to below ${said(high)}`}{' '}
            <button
              type="button"
              className="lnk"
              onClick={() => {
                setFilters({ scores: null });
              }}
            >
              All scores
            </button>
          </span>
        )}
        <span>disagree</span>
      </p>
    </>
  );
}
