import { useRef } from 'react';
import type { PointerEvent } from 'react';
import { scheduledUpdates, sparsityAt } from '#compression/schedule.ts';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { editSchedules, scheduledSpecs, type ScheduledSpec } from '#store/plan.ts';
import { count, percent } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { TableTwin } from '#ui/kit/table-twin.tsx';
import { AREA, dodge, keyStep, moveSchedule, schedulePath, xOf, yOf } from './schedule-geometry.ts';

const WIDTH = 704;
const HEIGHT = 260;

/** How the weights go, level by level, drawn as it is edited. The two handles move the start and the freeze of all levels. */
export function ScheduleChart({ plan }: { readonly plan: Plan }) {
  const pruned = scheduledSpecs(plan.levels);
  const last = pruned[pruned.length - 1];
  if (last === undefined || !Number.isInteger(plan.steps) || plan.steps < 1) return null;
  const { begin, end, every } = last;
  const move = (handle: 'begin' | 'end', step: number): void =>
    editSchedules((spec) => moveSchedule(spec, handle, step, plan.steps));
  return (
    <figure className="schedule" aria-labelledby="schedule">
      <div className="sec-head" style={{ margin: 0 }}>
        <h2 id="schedule">How the weights go</h2>
        <span className="no">fast at first, gently at the end</span>
      </div>
      <Drawing pruned={pruned} plan={plan} onMove={move} />
      <figcaption className="small">
        Drag the two handles to move the start and the freeze, or use the arrow keys on them. Every {count(every)} steps
        the smallest weights, or whole filters, go, until the level is reached at step {count(end)}.{' '}
        <TableTwin
          caption={`Share of the prunable weights that are removed, from step ${count(begin)} to ${count(end)} of ${count(plan.steps)}.`}
          columns={[
            { name: 'after step' },
            ...pruned.map((level) => ({ name: levelText(levelName(level)), numeric: true })),
          ]}
          rows={() =>
            scheduledUpdates(last).map((step) => ({
              key: String(step),
              cells: [count(step), ...pruned.map((level) => percent(sparsityAt(level, step)))],
            }))
          }
        />
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  readonly pruned: readonly ScheduledSpec[];
  readonly plan: Plan;
  readonly onMove: (handle: 'begin' | 'end', step: number) => void;
}

function Drawing({ pruned, plan, onMove }: DrawingProps) {
  const svg = useRef<SVGSVGElement>(null);
  const { steps } = plan;
  const { begin, end } = pruned[pruned.length - 1]!;
  const labels = dodge(
    pruned.map((level) => yOf(level.sparsity)),
    15,
    10,
    AREA.bottom,
  );
  const stepAt = (event: PointerEvent): number => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return begin;
    const x = ((event.clientX - box.left) * WIDTH) / box.width;
    return Math.min(1, Math.max(0, (x - AREA.left) / (AREA.right - AREA.left))) * steps;
  };
  return (
    <svg
      ref={svg}
      className="plot"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="group"
      aria-label={`Share of weights removed at each training step, for ${String(pruned.length)} levels; pruning starts at step ${count(begin)} and freezes at step ${count(end)}`}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line x1={AREA.left} x2={AREA.right} y1={yOf(share)} y2={yOf(share)} className="g" />
          <text x={32} y={yOf(share) + 4} className="t3" textAnchor="end">
            {share === 0 ? '0' : `${String(100 * share)}\u00a0%`}
          </text>
        </g>
      ))}
      <rect
        x={AREA.left}
        y={AREA.top}
        width={xOf(begin, steps) - AREA.left}
        height={AREA.bottom - AREA.top}
        className="wn"
        opacity={0.45}
      />
      <rect
        x={xOf(end, steps)}
        y={AREA.top}
        width={Math.max(0, AREA.right - xOf(end, steps))}
        height={AREA.bottom - AREA.top}
        className="wn"
        opacity={0.45}
      />
      {pruned.map((level, index) => (
        <g key={levelName(level)}>
          <path d={schedulePath(level, steps)} className="s3" strokeWidth={1.2} strokeLinejoin="round" />
          <text x={610} y={labels[index]! + 4} className="t1">
            {level.sparsity}
          </text>
          <text x={648} y={labels[index]! + 4} className="t3">
            {level.kind === 'structured'
              ? 'filters'
              : level.semantics === 'tfmot'
                ? 'tfmot'
                : `${String(Number((100 * (1 - level.sparsity)).toFixed(2)))}\u00a0% left`}
          </text>
        </g>
      ))}
      <line x1={AREA.left} x2={AREA.right} y1={AREA.bottom} y2={AREA.bottom} className="ax" />
      {axisSteps(steps, begin, end).map((step) => (
        <text key={step} x={xOf(step, steps)} y={236} className="t3" textAnchor="middle">
          {count(step)}
        </text>
      ))}
      <text x={xOf(begin, steps) + 8} y={30}>
        starts
      </text>
      <text x={xOf(end, steps) - 8} y={207} textAnchor="end">
        mask frozen
      </text>
      <text x={AREA.right} y={254} className="t3" textAnchor="end">
        training step
      </text>
      <text x={AREA.left} y={8} className="t3">
        weights removed
      </text>
      {(['begin', 'end'] as const).map((handle) => (
        <circle
          key={handle}
          role="slider"
          tabIndex={0}
          aria-label={handle === 'begin' ? 'Pruning starts at step' : 'Mask is frozen at step'}
          aria-valuemin={handle === 'begin' ? 0 : begin + 1}
          aria-valuemax={handle === 'begin' ? end - 1 : steps}
          aria-valuenow={handle === 'begin' ? begin : end}
          className="fp handle"
          cx={xOf(handle === 'begin' ? begin : end, steps)}
          cy={AREA.bottom}
          r={6}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => {
            if (event.buttons === 1) onMove(handle, stepAt(event));
          }}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
              event.key
            ];
            if (by === undefined) return;
            event.preventDefault();
            onMove(handle, (handle === 'begin' ? begin : end) + by * keyStep(pruned, steps));
          }}
        />
      ))}
    </svg>
  );
}

/** Ticks at the ends and at both handles, and in between where there is room. */
function axisSteps(steps: number, begin: number, end: number): readonly number[] {
  const room = steps * 0.07;
  const kept: number[] = [];
  for (const step of [
    0,
    steps,
    begin,
    end,
    Math.round((begin + end) / 2),
    Math.round(begin + (end - begin) / 4),
    Math.round(begin + (3 * (end - begin)) / 4),
  ]) {
    if (kept.every((other) => Math.abs(other - step) >= room)) kept.push(step);
  }
  return kept.sort((a, b) => a - b);
}
