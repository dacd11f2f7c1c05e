import { scheduledUpdates, sparsityAt, type PruningSchedule } from '#compression/schedule.ts';

/** The drawing area of the schedule, in pixels of a 704 x 260 chart. */
export const AREA = { left: 40, right: 600, top: 16, bottom: 216 } as const;

export const xOf = (step: number, steps: number): number =>
  AREA.left + ((AREA.right - AREA.left) * step) / Math.max(1, steps);
export const yOf = (sparsity: number): number => AREA.bottom - (AREA.bottom - AREA.top) * sparsity;

/** The staircase of a level: the share of weights removed holds from one update of the mask to the next. */
export function schedulePath(spec: PruningSchedule, steps: number): string {
  const stairs = scheduledUpdates(spec)
    .filter((step) => step <= steps)
    .map((step) => `H${xOf(step, steps).toFixed(1)}V${yOf(sparsityAt(spec, step)).toFixed(1)}`);
  return `M${String(AREA.left)} ${String(AREA.bottom)}${stairs.join('')}H${String(AREA.right)}`;
}

/** Moves labels apart, at least `gap` pixels, keeping their order; they stay between `top` and `bottom` where they fit. */
export function dodge(wanted: readonly number[], gap: number, top: number, bottom: number): readonly number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  for (let i = 1; i < order.length; i++) order[i]!.y = Math.max(order[i]!.y, order[i - 1]!.y + gap);
  const over = Math.max(0, (order[order.length - 1]?.y ?? 0) - bottom);
  for (const label of order) label.y = Math.max(top, label.y - over);
  for (let i = 1; i < order.length; i++) order[i]!.y = Math.max(order[i]!.y, order[i - 1]!.y + gap);
  const placed = new Array<number>(wanted.length).fill(0);
  for (const { y, index } of order) placed[index] = y;
  return placed;
}

/**
 * The start moved to a step, or the freeze, within what a schedule allows: 0 <= begin < end <= steps, whole numbers. Semantics
 * `tfmot`: to the nearest step at which the other end is a whole number of intervals away, so that the sparsity is reached.
 */
export function moveSchedule<S extends PruningSchedule>(
  spec: S,
  handle: 'begin' | 'end',
  step: number,
  steps: number,
): S {
  const { begin, end } = spec;
  const grid = spec.semantics === 'tfmot' ? spec.every : 1;
  const most = Math.floor((handle === 'begin' ? end : steps - begin) / grid);
  const wanted = Math.round((handle === 'begin' ? end - step : step - begin) / grid);
  const span = grid * Math.min(Math.max(1, wanted), Math.max(1, most));
  return handle === 'begin'
    ? { ...spec, begin: Math.max(0, end - span) }
    : { ...spec, end: Math.min(begin + span, steps) };
}

/** How far an arrow key moves a handle: a hundredth of the steps, or an interval where `tfmot` allows no less. */
export function keyStep(pruned: readonly PruningSchedule[], steps: number): number {
  const grid = pruned.filter(({ semantics }) => semantics === 'tfmot').map(({ every }) => every);
  return Math.max(1, Math.round(steps / 100), ...grid);
}
