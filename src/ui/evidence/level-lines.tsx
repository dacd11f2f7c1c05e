import type { Estimate } from '#audit/result.ts';
import { dodge } from '#ui/charts/dodge.ts';
import { linePath, Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot, type Axis, type Scales } from '#ui/charts/plot.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { LevelLabels } from './groups-labels.tsx';
import { RIGHT, WIDTH } from './groups-series.ts';
import type { LevelPlace } from './levels.ts';
import type { Opening } from './links.ts';
import type { EvidenceView } from './view.ts';

const HEIGHT = 300;
const TOP = 46;
const BOTTOM = 42;
const LEFT = 56;
const DASHES = ['6 2', '2 2', '8 2 2 2', '1 3', '4 4', '10 3'];

export interface LevelPoint {
  /** Null at the baseline. */
  readonly place: LevelPlace | null;
  readonly estimate: Estimate;
  /** What is said of it, with its number and count. */
  readonly label: string;
  readonly open: Opening;
}
export interface LevelLine {
  readonly title: string;
  /** Coloured, as the one that the claim is about. */
  readonly foremost: boolean;
  readonly points: readonly LevelPoint[];
}

interface LevelLinesProps {
  readonly view: EvidenceView;
  readonly title: string;
  readonly unit: string;
  readonly label: string;
  readonly y: Axis;
  readonly lines: readonly LevelLine[];
  /** Writes the value at the end of a line. */
  readonly write: (value: number) => string;
}

/** Lines from the baseline over the pruned levels, the others apart; each told by dash and label, the foremost by colour. */
export function LevelLines({ view, title, unit, label, y: axis, lines, write }: LevelLinesProps) {
  const last = view.places.at(-1)?.x ?? 1;
  const end = view.places.findLast(({ sparsity }) => sparsity !== null) ?? view.places.at(-1);
  const shift = (index: number): number => (lines.length < 2 ? 0 : 0.24 * (index / (lines.length - 1) - 0.5));
  return (
    <Plot
      width={WIDTH}
      height={HEIGHT}
      margin={{ top: TOP, bottom: BOTTOM, left: LEFT, right: WIDTH - RIGHT }}
      x={{ domain: [-0.2, last + 0.3], ticks: [] }}
      y={axis}
      label={label}
    >
      {(scales) => (
        <>
          <text x={0} y={12}>
            <tspan className="s t1">{title}</tspan>
            <tspan className="t3" dx={8}>
              {unit}
            </tspan>
          </text>
          {lines.map((line, index) => (
            <Line
              key={line.title}
              line={line}
              scales={scales}
              shift={shift(index)}
              dash={DASHES[index % DASHES.length]!}
            />
          ))}
          <text className="tb" textAnchor="middle" x={scales.x(0)} y={scales.y(axis.domain[0]) + 20}>
            baseline
          </text>
          <LevelLabels view={view} scales={scales} bottom={scales.y(axis.domain[0])} at={({ x }) => x} />
          <Ends lines={lines} scales={scales} end={end} write={write} />
        </>
      )}
    </Plot>
  );
}

interface LineProps {
  readonly line: LevelLine;
  readonly scales: Scales;
  readonly shift: number;
  readonly dash: string;
}

function Line({ line: { points, foremost }, scales: { x, y }, shift, dash }: LineProps) {
  const at = (place: LevelPlace | null): number => x((place?.x ?? 0) + shift);
  const joined = points.filter(({ place }) => place === null || place.sparsity !== null);
  return (
    <g>
      <path
        className={foremost ? 'sc' : 's3'}
        strokeWidth={foremost ? 2 : 1.2}
        {...(foremost ? {} : { strokeDasharray: dash })}
        d={linePath(joined.map(({ place, estimate: { value } }) => (value === null ? null : [at(place), y(value)])))}
      />
      {points.map(({ place, estimate, label, open }) =>
        estimate.value === null ? null : (
          <MarkLink key={place?.comparison.level ?? ''} {...open} x={at(place)} y={y(estimate.value)} label={label}>
            <Whisker
              estimate={estimate}
              at={at(place)}
              scale={y}
              className={place === null ? 'sb' : foremost ? 'sc' : 's3'}
              width={foremost ? 1.5 : 1}
            />
            <Mark
              kind={place === null ? 'circle' : 'diamond'}
              className={place === null ? 'fb' : foremost ? 'fc' : 'f3'}
              x={at(place)}
              y={y(estimate.value)}
              size={4}
            />
          </MarkLink>
        ),
      )}
    </g>
  );
}

/** Names and values at the ends of the lines, at the last pruned level. */
function Ends({
  lines,
  scales: { x, y },
  end,
  write,
}: {
  readonly lines: readonly LevelLine[];
  readonly scales: Scales;
  readonly end: LevelPlace | undefined;
  readonly write: (value: number) => string;
}) {
  if (end === undefined) return null;
  const ends = lines.flatMap(({ title, foremost, points }) => {
    const value = points.find(({ place }) => place === end)?.estimate.value;
    return value == null ? [] : [{ title, foremost, value }];
  });
  const placed = dodge(
    ends.map(({ value }) => y(value)),
    16,
    TOP - 6,
    HEIGHT - BOTTOM,
  );
  return (
    <>
      <text x={WIDTH} y={12} className="t3" textAnchor="end">
        at {levelText(end.comparison.level)}
      </text>
      {ends.map(({ title, foremost, value }, i) => (
        <g key={title}>
          <path
            className="g"
            fill="none"
            d={`M${String(x(end.x) + 12)} ${String(y(value))}L${String(RIGHT + 4)} ${String(placed[i]!)}`}
          />
          <text x={RIGHT + 8} y={placed[i]! + 4} className={foremost ? 'tc s' : ''}>
            {title.length > 16 ? `${title.slice(0, 15)}…` : title}
            <title>{title}</title>
          </text>
          <text x={WIDTH} y={placed[i]! + 4} textAnchor="end" className={foremost ? 'tc s' : 't1'}>
            {write(value)}
          </text>
        </g>
      ))}
    </>
  );
}
