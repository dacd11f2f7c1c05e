import { scheduledUpdates, sparsityAt, type PruningSchedule } from '#compression/schedule.ts';
import { FigureTableView, type FigureTable } from '#ui/charts/figure-table.tsx';
import { linePath, Mark } from '#ui/charts/marks.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { linearAxis } from '#ui/charts/ticks.ts';
import { count, percent } from '#ui/kit/format.ts';
import { Section } from './section.tsx';
import { scheduleOf, type MemberView } from './view.ts';
import { removable } from './words.ts';

const WIDTH = 704;
const POINTS = 120;

/** The planned curve, and on it the steps at which the mask was really made anew. */
export function ScheduleFigure({ view }: { readonly view: MemberView }) {
  const schedule = scheduleOf(view.spec);
  if (schedule === null) return null;
  const { steps } = view.plan;
  const updates = scheduledUpdates(schedule).filter((step) => step <= steps);
  const { achieved } = view.member.sparsity;
  const what = `${count(updates.length)} mask updates, from step ${count(updates[0] ?? 0)} to ${count(updates.at(-1) ?? 0)} of ${count(steps)}`;
  return (
    <Section
      title="When the weights went"
      table={<FigureTableView table={updatesTable(schedule, updates, achieved)} />}
      how="The curve is the formula of the plan (Zhu & Gupta 2017). Every diamond is a step after which the mask was made anew; between two of them it stayed as it was, which the stairs show. The circle is what was measured in the finished member."
    >
      <p>
        {what}; then the mask stayed. Planned {percent(schedule.sparsity)} of {removable(view)}, measured{' '}
        {percent(achieved, 2)}.
      </p>
      <Plot
        width={WIDTH}
        height={250}
        margin={{ top: 16, bottom: 40, left: 56, right: 96 }}
        x={{ ...linearAxis([steps], count), domain: [0, steps] }}
        y={{ domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], format: (share) => percent(share, 0) }}
        label={`Share of weights removed over the training steps: ${what}; measured at the end ${percent(achieved, 2)}.`}
      >
        {({ x, y }) => (
          <>
            <path
              className="s3"
              strokeWidth={1.2}
              d={linePath(curve(schedule, steps).map(([step, share]) => [x(step), y(share)]))}
            />
            <path
              className="sc"
              strokeWidth={1.6}
              d={linePath(stairs(schedule, updates, steps).map(([step, share]) => [x(step), y(share)]))}
            />
            {updates.map((step) => (
              <Mark key={step} kind="diamond" className="fc" x={x(step)} y={y(sparsityAt(schedule, step))} size={4} />
            ))}
            <Mark kind="ring" className="sc" x={x(steps)} y={y(achieved)} size={6} />
            <text className="s tc" x={x(steps) + 10} y={y(achieved) + 4}>
              {percent(achieved, 2)}
            </text>
            <text className="t3" textAnchor="middle" x={x(steps / 2)} y={y(0) + 34}>
              training step
            </text>
          </>
        )}
      </Plot>
    </Section>
  );
}

type Line = readonly (readonly [step: number, share: number])[];

function curve(schedule: PruningSchedule, steps: number): Line {
  return Array.from({ length: POINTS + 1 }, (_, i) => {
    const step = (i / POINTS) * steps;
    return [step, sparsityAt(schedule, step)];
  });
}

/** What the mask really took out at every step. */
function stairs(schedule: PruningSchedule, updates: readonly number[], steps: number): Line {
  let before = 0;
  const risers = updates.flatMap((step): Line => {
    const share = sparsityAt(schedule, step);
    const riser = [[step, before] as const, [step, share] as const];
    before = share;
    return riser;
  });
  return [[0, 0], ...risers, [steps, before]];
}

function updatesTable(schedule: PruningSchedule, updates: readonly number[], achieved: number): FigureTable {
  const share = { value: (value: number) => percent(value, 2) };
  return {
    caption: 'Share of what may be removed which each update of the mask took out.',
    columns: [{ name: 'After step' }, { name: 'Removed', as: share }],
    rows: () => [
      ...updates.map((step) => ({ key: String(step), cells: [count(step), sparsityAt(schedule, step)] })),
      { key: 'measured', cells: ['measured at the end', achieved] },
    ],
  };
}
