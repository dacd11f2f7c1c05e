import type { Estimate } from '#audit/result.ts';
import type { Axis, Scales } from '#ui/charts/plot.tsx';
import type { LevelPlace } from './levels.ts';

/** What the two plots of figure 1 share: they stand above each other on one axis. */
export const WIDTH = 704;
export const MARGIN = { left: 56, right: 4 };

export function xAxis(places: readonly LevelPlace[]): Axis {
  const last = Math.max(1, ...places.map(({ x }) => x));
  return { domain: [-0.15, last + 0.35], ticks: [0, ...places.map(({ x }) => x)] };
}

/** The line from the baseline through the pruned levels; the other levels stand apart. */
export function prunedLine(
  base: Estimate | null,
  places: readonly LevelPlace[],
  value: (place: LevelPlace) => number | null,
  { x, y }: Scales,
  factor: number,
): readonly (readonly [number, number] | null)[] {
  const start = base?.value == null ? [] : [[x(0), y(factor * base.value)] as const];
  const rest = places
    .filter(({ sparsity }) => sparsity !== null)
    .map((place) => {
      const at = value(place);
      return at === null ? null : ([x(place.x), y(factor * at)] as const);
    });
  return [...start, ...rest];
}
