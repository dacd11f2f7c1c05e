import type { Uncertain } from '#audit/crossed.ts';
import { bandPath, linePath, Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot, type Scales } from '#ui/charts/plot.tsx';
import { changeAxis } from '#ui/charts/ticks.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { changeSentence } from './change-words.ts';
import { EndLabels, LevelLabels } from './groups-labels.tsx';
import { inFront, LOOK, positions, RIGHT, seriesOf, WIDTH, type Series } from './groups-series.ts';
import type { LevelPlace } from './levels.ts';
import { ofRate } from './links.ts';
import { groupKey, rowOf, type EvidenceView, type Measure } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { change, showThe } from './words.ts';

interface GroupsPlotProps {
  readonly view: EvidenceView;
  readonly measure: Measure;
  readonly anew: keyof Uncertain;
}

/** Lines of change by level, each with its interval; every mark opens its examples. */
export function GroupsPlot({ view, measure, anew }: GroupsPlotProps) {
  const series = seriesOf(view, measure, anew);
  const points = series.flatMap(({ pruned, others }) => [...pruned, ...others]);
  // Whiskers of small groups would flatten everything: the axis holds the values, and the interval of the steepest and of everyone.
  const strong = series.filter(({ role }) => role !== 'other').flatMap(({ pruned, others }) => [...pruned, ...others]);
  const axis = changeAxis(
    [...points.map(({ estimate }) => estimate.value), ...strong.flatMap(({ estimate: { low, high } }) => [low, high])],
    (tick) => `${tick > 0 ? '+' : tick < 0 ? '−' : ''}${String(Math.abs(tick))}`,
  );
  const beyond = points.some(({ estimate }) => (estimate.value ?? 0) > 100);
  const end = view.places.findLast(({ sparsity }) => sparsity !== null) ?? view.places.at(-1);
  const { x: xDomain, place: placeOf } = positions(view.places, series.length);
  const spoken = series
    .map(({ title, pruned, others }) => `${title} ${change((pruned.at(-1) ?? others.at(-1))?.estimate.value ?? 0)}`)
    .join(', ');
  return (
    <Plot
      width={WIDTH}
      height={348}
      margin={{ top: 46, bottom: 42, left: 56, right: WIDTH - RIGHT }}
      x={xDomain}
      y={axis}
      label={`Change in ${MEASURE_WORDS[measure].rate} at ${levelTitle(end?.comparison.level ?? '')}: ${spoken}.`}
    >
      {(scales) => (
        <>
          <text x={0} y={12}>
            <tspan className="s t1">Change in {MEASURE_WORDS[measure].rate}</tspan>
            <tspan className="t3" dx={8}>
              against baseline, %
            </tspan>
          </text>
          {beyond || axis.domain[1] === 100 ? (
            <text x={56} y={34} className="t3">
              drawn up to 100; ▲ goes beyond
            </text>
          ) : null}
          <line className="ax" x1={56} x2={RIGHT} y1={scales.y(0)} y2={scales.y(0)} />
          {series.map((one, index) => (
            <SeriesBand key={groupKey(one.group)} one={one} scales={scales} at={(place) => placeOf(place, index)} />
          ))}
          {inFront(series).map(({ one, index }) => (
            <SeriesMarks
              key={groupKey(one.group)}
              one={one}
              view={view}
              measure={measure}
              scales={scales}
              at={(place) => placeOf(place, index)}
            />
          ))}
          <LevelLabels
            view={view}
            scales={scales}
            bottom={scales.y(axis.domain[0])}
            at={(place) => placeOf(place, (series.length - 1) / 2)}
          />
          <EndLabels series={series} scales={scales} at={placeOf} end={end} />
        </>
      )}
    </Plot>
  );
}

/** The interval of a line as an area, behind all marks. Only the steepest and everyone have one; the rest have whiskers. */
function SeriesBand({ one, scales: { x, y }, at }: Pick<SeriesMarksProps, 'one' | 'scales' | 'at'>) {
  if (one.role === 'other') return null;
  const band = one.pruned.flatMap(({ place, estimate: { low, high } }) =>
    low === null || high === null ? [] : [{ x: x(at(place)), low: y(low), high: y(high) }],
  );
  return <path className={one.role === 'steepest' ? 'wc' : 'wn'} opacity={0.75} d={bandPath(band)} />;
}

interface SeriesMarksProps {
  readonly one: Series;
  readonly view: EvidenceView;
  readonly measure: Measure;
  readonly scales: Scales;
  readonly at: (place: LevelPlace) => number;
}

function SeriesMarks({ one, view, measure, scales: { x, y }, at }: SeriesMarksProps) {
  const look = LOOK[one.role];
  const shaded = one.role !== 'other';
  return (
    <g>
      <path
        className={look.line}
        strokeWidth={look.width}
        {...(one.dash === 'none' ? {} : { strokeDasharray: one.dash })}
        d={linePath(one.pruned.map(({ place, estimate }) => [x(at(place)), y(estimate.value ?? 0)]))}
      />
      {[...one.pruned, ...one.others].map(({ place, estimate }) => {
        const value = estimate.value ?? 0;
        const px = x(at(place));
        const { level } = place.comparison;
        const row = rowOf(place.comparison, one.group);
        if (row === undefined) return null;
        const { count: n, ...open } = ofRate(view, row, measure, level);
        return (
          <MarkLink
            key={level}
            {...open}
            x={px}
            y={y(value)}
            label={`${one.title}, ${levelTitle(level)}: ${change(value)}. ${changeSentence(view, row, measure)} ${showThe(n, view.noun)}`}
          >
            {shaded && place.sparsity !== null ? null : (
              <g opacity={0.7}>
                <Whisker estimate={estimate} at={px} scale={y} className={look.line} width={1} />
              </g>
            )}
            <Mark
              kind={value > 100 ? 'triangle' : look.mark}
              className={look.fill}
              x={px}
              y={y(value)}
              size={place.sparsity === null ? 4 : 5}
            />
          </MarkLink>
        );
      })}
    </g>
  );
}
