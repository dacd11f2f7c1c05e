import { useState } from 'react';
import type { Estimate, Group } from '#audit/result.ts';
import { dodge } from '#ui/charts/dodge.ts';
import { bandPath, linePath, Mark, MarkLink, Whisker, type MarkKind } from '#ui/charts/marks.tsx';
import { Plot, type Axis, type Scales } from '#ui/charts/plot.tsx';
import { changeAxis } from '#ui/charts/ticks.ts';
import { counted } from '#ui/kit/format.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { levelText, levelTick, levelTitle } from '#ui/kit/levels.ts';
import { Figure } from './figure.tsx';
import { groupsTable } from './groups-table.tsx';
import { drawnGroups, hardestHit, isSame, missingGroups } from './groups.ts';
import type { LevelPlace } from './levels.ts';
import { ofRate } from './links.ts';
import { groupKey, groupTitle, rowOf, whyNot, type EvidenceView, type Measure } from './view.ts';
import { change, groupsClaim, MEASURE_WORDS, showThe } from './words.ts';

const WIDTH = 704;
const RIGHT = 540;
const DASHES = ['6 2', '2 2', '8 2 2 2', '1 3', '4 4', '10 3'];
const MEASURES = (['error', 'fpr', 'fnr'] as const).map((value) => ({ value, label: MEASURE_WORDS[value].one }));

/** Figure 2: the normalized difference of groups against the level (Hooker et al., tables 3 to 5). */
export function GroupsFigure({ view }: { readonly view: EvidenceView }) {
  const [measure, setMeasure] = useState<Measure>(() => hardestHit(view.comparison)?.measure ?? 'error');
  const missing = missingGroups(view.comparison, measure);
  const first = missing[0];
  const single = view.comparison.subgroups.length - 1;
  return (
    <Figure
      no={2}
      claim={groupsClaim(view, measure)}
      remarks={
        <>
          <Segmented legend="Measure" options={MEASURES} value={measure} onChange={setMeasure} />
          <p className="small">
            Bands and whiskers: 95 %, over members. Every point opens its {view.noun[1]}. Of {single} groups, some stand
            out by chance: the intervals are not corrected for that.
          </p>
          {first === undefined ? null : (
            <p className="small">
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> {MEASURE_WORDS[measure].many} of {groupTitle(view, first.group)}.{' '}
              {whyNot(view, first, measure)}
              {missing.length === 1
                ? '.'
                : `; and ${counted(missing.length - 1, ['more group', 'more groups'])} in the table.`}
            </p>
          )}
        </>
      }
      how={`How much the ${MEASURE_WORDS[measure].rate} of a group changed from the baseline, in percent of the baseline’s rate: 100 × (compressed − baseline) / baseline. Black is everyone; the steepest group is coloured; the rest are told apart by dash and label.`}
      table={groupsTable(view, measure)}
    >
      <GroupsPlot view={view} measure={measure} />
    </Figure>
  );
}

interface Point {
  readonly place: LevelPlace;
  readonly estimate: Estimate;
}
interface Series {
  readonly group: Group;
  readonly title: string;
  readonly role: 'steepest' | 'everyone' | 'other';
  readonly dash: string;
  readonly pruned: readonly Point[];
  readonly others: readonly Point[];
}

function seriesOf(view: EvidenceView, measure: Measure): readonly Series[] {
  const { steepest, groups } = drawnGroups(view.comparison, measure);
  let dashes = 0;
  return groups.map((group) => {
    const everyone = Object.keys(group).length === 0;
    const role = isSame(steepest, group) ? 'steepest' : everyone ? 'everyone' : 'other';
    const points = view.places.flatMap((place) => {
      const estimate = rowOf(place.comparison, group)?.change[measure].percent.both;
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

const LOOK = {
  steepest: { line: 'sc', fill: 'fc', text: 'tc s', mark: 'diamond', width: 2 },
  everyone: { line: 'si', fill: 'fi', text: 't1 s', mark: 'square', width: 2 },
  other: { line: 's3', fill: 'f3', text: '', mark: 'dot', width: 1.2 },
} as const satisfies Record<string, { mark: MarkKind } & Record<string, unknown>>;

function GroupsPlot({ view, measure }: { readonly view: EvidenceView; readonly measure: Measure }) {
  const series = seriesOf(view, measure);
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

/** The order of drawing: what the claim is about lies on top. */
function inFront(series: readonly Series[]) {
  const depth = { other: 0, everyone: 1, steepest: 2 };
  return series.map((one, index) => ({ one, index })).sort((a, b) => depth[a.one.role] - depth[b.one.role]);
}

/** Places along the axis: lines meet at a pruned level; at an int8 level the groups stand side by side. */
function positions(places: readonly LevelPlace[], count: number) {
  const last = places.at(-1)?.x ?? 1;
  const spread = places.some(({ sparsity }) => sparsity === null) ? 0.42 : 0.15;
  const first = places[0]?.x ?? 1;
  const x: Axis = { domain: [first - (places[0]?.sparsity === null ? spread : 0.15), last + spread], ticks: [] };
  const place = ({ x: at, sparsity }: LevelPlace, index: number): number =>
    sparsity === null ? at - 0.36 + (0.72 * (index + 0.5)) / count : at + 0.03 * (index - (count - 1) / 2);
  return { x, place };
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
            label={`${one.title}, ${levelTitle(level)}: ${change(value)}. ${showThe(n, view.noun)}`}
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

interface LevelLabelsProps {
  readonly view: EvidenceView;
  readonly scales: Scales;
  readonly bottom: number;
  readonly at: (place: LevelPlace) => number;
}

function LevelLabels({ view, scales: { x }, bottom, at }: LevelLabelsProps) {
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
function EndLabels({ series, scales: { x, y }, at, end }: EndLabelsProps) {
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
