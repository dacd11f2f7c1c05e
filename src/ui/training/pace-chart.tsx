import { memo } from 'react';

const WIDTH = 300;
const HEIGHT = 134;
const BOTTOM = 112;
const TOP = 8;
const LEFT = 20;

interface PaceChartProps {
  readonly history: readonly number[];
  readonly isLive: boolean;
}

/** Finished members in equal spans of the run so far. */
export const PaceChart = memo(DrawnPace, (before, after) => before.history.join() === after.history.join());

function DrawnPace({ history, isLive }: PaceChartProps) {
  const most = Math.max(1, ...history);
  if (history.every((finished) => finished === 0))
    return (
      <p className="small">{isLive ? 'After the first member.' : 'Nothing was trained since this audit was opened.'}</p>
    );
  const width = (WIDTH - LEFT) / history.length;
  const y = (finished: number): number => BOTTOM - ((BOTTOM - TOP) * finished) / most;
  return (
    <svg
      className="plot"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="img"
      aria-label={`Members finished in ${String(history.length)} equal spans of the run: ${history.join(', ')}`}
    >
      {[0, most].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} className="g" />
          <text x={LEFT - 6} y={y(value) + 4} className="t3" textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {history.map((finished, i) => (
        <rect
          key={i}
          x={LEFT + i * width + 1}
          width={width - 2}
          y={y(finished)}
          height={BOTTOM - y(finished)}
          className="f3"
        />
      ))}
      <text x={LEFT} y={BOTTOM + 18} className="t3">
        start
      </text>
      <text x={WIDTH} y={BOTTOM + 18} className="t3" textAnchor="end">
        now
      </text>
    </svg>
  );
}
