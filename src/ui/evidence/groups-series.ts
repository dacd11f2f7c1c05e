import type { Uncertain } from '#audit/crossed.ts';
import type { Estimate, Group } from '#audit/result.ts';
import type { MarkKind } from '#ui/charts/marks.tsx';
import type { Axis } from '#ui/charts/plot.tsx';
import { drawnGroups, isSame } from './groups.ts';
import type { LevelPlace } from './levels.ts';
import { groupTitle, rowOf, type EvidenceView, type Measure } from './view.ts';

export const WIDTH = 704;
/** Where the lines end and their names begin. */
export const RIGHT = 540;
const DASHES = ['6 2', '2 2', '8 2 2 2', '1 3', '4 4', '10 3'];

export interface Point {
  readonly place: LevelPlace;
  readonly estimate: Estimate;
}
export interface Series {
  readonly group: Group;
  readonly title: string;
  readonly role: 'steepest' | 'everyone' | 'other';
  readonly dash: string;
  readonly pruned: readonly Point[];
  readonly others: readonly Point[];
}

/** The lines of figure 2 with the intervals for what is drawn anew. */
export function seriesOf(view: EvidenceView, measure: Measure, anew: keyof Uncertain): readonly Series[] {
  const { steepest, groups } = drawnGroups(view.comparison, measure);
  let dashes = 0;
  return groups.map((group) => {
    const everyone = Object.keys(group).length === 0;
    const role = isSame(steepest, group) ? 'steepest' : everyone ? 'everyone' : 'other';
    const points = view.places.flatMap((place) => {
      const estimate = rowOf(place.comparison, group)?.change[measure].percent[anew];
      return estimate === undefined || estimate.value === null ? [] : [{ place, estimate }];
    });
    return {
      group,
      title: groupTitle(view, group),
      role,
      dash: role === 'other' ? DASHES[dashes++ % DASHES.length]! : 'none',
      pruned: points.filter(({ place }) => place.sparsity !== null),
      others: points.filter(({ place }) => place.sparsity === null),
    };
  });
}

export const LOOK = {
  steepest: { line: 'sc', fill: 'fc', text: 'tc s', mark: 'diamond', width: 2 },
  everyone: { line: 'si', fill: 'fi', text: 't1 s', mark: 'square', width: 2 },
  other: { line: 's3', fill: 'f3', text: '', mark: 'dot', width: 1.2 },
} as const satisfies Record<string, { mark: MarkKind } & Record<string, unknown>>;

/** The order of drawing: what the claim is about lies on top. */
export function inFront(series: readonly Series[]) {
  const depth = { other: 0, everyone: 1, steepest: 2 };
  return series.map((one, index) => ({ one, index })).sort((a, b) => depth[a.one.role] - depth[b.one.role]);
}

/** Places along the axis: lines meet at a pruned level; at an int8 level the groups stand side by side. */
export function positions(places: readonly LevelPlace[], count: number) {
  const last = places.at(-1)?.x ?? 1;
  const spread = places.some(({ sparsity }) => sparsity === null) ? 0.42 : 0.15;
  const first = places[0]?.x ?? 1;
  const x: Axis = { domain: [first - (places[0]?.sparsity === null ? spread : 0.15), last + spread], ticks: [] };
  const place = ({ x: at, sparsity }: LevelPlace, index: number): number =>
    sparsity === null ? at - 0.36 + (0.72 * (index + 0.5)) / count : at + 0.03 * (index - (count - 1) / 2);
  return { x, place };
}
