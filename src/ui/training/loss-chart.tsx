import { memo } from 'react';
import type { LevelProgress } from '#store/state.ts';
import { levelText } from '#ui/kit/levels.ts';

const WIDTH = 300;
const HEIGHT = 134;
const LEFT = 28;
const RIGHT = 224;
const TOP = 8;
const BOTTOM = 112;
const GAP = 14;

interface LossChartProps {
  readonly levels: readonly LevelProgress[];
  readonly steps: number;
}

/** Mean training loss of each level's finished members against the step; the baseline and the hardest level are coloured. Only a finished member changes it. */
export const LossChart = memo(
  DrawnLoss,
  (before, after) =>
    before.steps === after.steps &&
    before.levels.length === after.levels.length &&
    before.levels.every((level, i) => level.level === after.levels[i]?.level && level.done === after.levels[i].done),
);

function DrawnLoss({ levels, steps }: LossChartProps) {
  const drawn = levels.filter((level) => level.loss.length > 1);
  if (drawn.length === 0) return <p className="small">After the first member.</p>;
  const most = Math.max(...drawn.flatMap((level) => level.loss.map(([, loss]) => loss)));
  const x = (step: number): number => LEFT + ((RIGHT - LEFT) * step) / steps;
  const y = (loss: number): number => BOTTOM - ((BOTTOM - TOP) * loss) / most;
  const hardest = drawn.findLast((level) => level.level !== 'baseline')?.level;
  const kind = (level: string): 'b' | 'c' | '3' => (level === 'baseline' ? 'b' : level === hardest ? 'c' : '3');
  const labels = drawn
    .map((level) => ({ level, y: y(level.loss[level.loss.length - 1]![1]) }))
    .sort((a, b) => a.y - b.y);
  for (let i = labels.length - 1, floor = BOTTOM; i >= 0; i--, floor -= GAP) {
    labels[i]!.y = Math.min(labels[i]!.y, floor);
  }
  for (let i = 1; i < labels.length; i++) labels[i]!.y = Math.max(labels[i]!.y, labels[i - 1]!.y + GAP);
  const spoken = drawn
    .map((level) => `${levelText(level.level)} ${level.loss[level.loss.length - 1]![1].toFixed(2)}`)
    .join(', ');
  return (
    <svg
      className="plot"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="img"
      aria-label={`Mean training loss at the end: ${spoken}`}
    >
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={LEFT} x2={RIGHT} y1={y(share * most)} y2={y(share * most)} className="g" />
          <text x={LEFT - 6} y={y(share * most) + 4} className="t3" textAnchor="end">
            {(share * most).toFixed(1)}
          </text>
        </g>
      ))}
      {drawn.map((level) => (
        <path
          key={level.level}
          className={`s${kind(level.level)}`}
          strokeWidth={kind(level.level) === '3' ? 1.1 : 1.6}
          d={level.loss
            .map(([step, loss], i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`)
            .join('')}
        />
      ))}
      {labels.map(({ level, y: at }) => (
        <text
          key={level.level}
          x={RIGHT + 8}
          y={at + 4}
          className={kind(level.level) === '3' ? '' : `t${kind(level.level)} s`}
        >
          {levelText(level.level)}
        </text>
      ))}
      {[0, steps / 2, steps].map((step) => (
        <text key={step} x={x(step)} y={BOTTOM + 18} className="t3" textAnchor="middle">
          {Math.round(step).toLocaleString('en')}
        </text>
      ))}
    </svg>
  );
}
