import { dodge } from '#ui/charts/dodge.ts';
import type { Scales } from '#ui/charts/plot.tsx';
import { levelText, levelTick } from '#ui/kit/levels.ts';
import { LOOK, RIGHT, WIDTH, type Series } from './groups-series.ts';
import type { LevelPlace } from './levels.ts';
import { groupKey, type EvidenceView } from './view.ts';
import { change } from './words.ts';

interface LevelLabelsProps {
  readonly view: EvidenceView;
  readonly scales: Scales;
  readonly bottom: number;
  readonly at: (place: LevelPlace) => number;
}

/** Levels below the axis. */
export function LevelLabels({ view, scales: { x }, bottom, at }: LevelLabelsProps) {
  const pruned = view.places.filter(({ sparsity }) => sparsity !== null);
  const others = view.places.filter(({ sparsity }) => sparsity === null);
  const middle = (places: readonly LevelPlace[]): number => (x(at(places[0]!)) + x(at(places.at(-1)!))) / 2;
  return (
    <>
      {view.places.map((place) => (
        <text
          key={place.comparison.level}
          textAnchor="middle"
          x={x(at(place))}
          y={bottom + 20}
          className={place.comparison.level === view.comparison.level ? 't1 s' : 't1'}
        >
          {levelTick(place.comparison.level)}
        </text>
      ))}
      {pruned.length === 0 ? null : (
        <text className="t3" textAnchor="middle" x={middle(pruned)} y={bottom + 38}>
          share of weights removed
        </text>
      )}
      {others.length === 0 ? null : (
        <text className="t3" textAnchor="middle" x={middle(others)} y={bottom + 38}>
          int8
        </text>
      )}
    </>
  );
}

interface EndLabelsProps {
  readonly series: readonly Series[];
  readonly scales: Scales;
  readonly at: (place: LevelPlace, index: number) => number;
  readonly end: LevelPlace | undefined;
}

/** Names and values at the ends of the lines, moved apart, each tied to its line. */
export function EndLabels({ series, scales: { x, y }, at, end }: EndLabelsProps) {
  if (end === undefined) return null;
  const ends = series.flatMap((one, index) => {
    const point = (one.pruned.length > 0 ? one.pruned : one.others).at(-1);
    return point === undefined ? [] : [{ one, index, point, value: point.estimate.value ?? 0 }];
  });
  // Values beyond the cap keep their order: the larger stands higher.
  const wanted = ends.map(({ value }) => y(value) - (value > 100 ? Math.min(8, (value - 100) / 50) : 0));
  const placed = dodge(wanted, 16, 40, 300);
  return (
    <>
      <text x={WIDTH} y={12} className="t3" textAnchor="end">
        at {levelText(end.comparison.level)}
      </text>
      {ends.map(({ one, index, point, value }, i) => (
        <g key={groupKey(one.group)}>
          <path
            className="g"
            fill="none"
            d={`M${String(x(at(point.place, index)) + 8)} ${String(y(value))}L${String(RIGHT + 4)} ${String(placed[i]!)}`}
          />
          <text x={RIGHT + 8} y={placed[i]! + 4} className={LOOK[one.role].text}>
            {one.title.length > 20 ? `${one.title.slice(0, 19)}…` : one.title}
            <title>{one.title}</title>
          </text>
          <text
            x={WIDTH}
            y={placed[i]! + 4}
            textAnchor="end"
            className={LOOK[one.role].text === '' ? 't1' : LOOK[one.role].text}
          >
            {change(value).replace('\u00a0%', '')}
          </text>
        </g>
      ))}
    </>
  );
}
