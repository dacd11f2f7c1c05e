import type { Estimate } from '#audit/result.ts';
import type { GroupRoc } from '#audit/score-desk.ts';
import { Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { count } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { ofGroup, opening } from './links.ts';
import { isSame } from './groups.ts';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { showThe } from './words.ts';

const WIDTH = 344;
const LEFT = 120;
const TOP = 28;
const ROW = 24;
const MOST = 12;

const three = (value: number): string => value.toFixed(3);

/** The areas of the groups in both populations, each with its interval; of many groups those that change most. */
export function AreaPlot({
  view,
  groups,
  shown,
}: {
  readonly view: EvidenceView;
  readonly groups: readonly GroupRoc[];
  readonly shown: GroupRoc;
}) {
  const size = ({ areas }: GroupRoc): number => Math.abs(areas.change.both.value ?? 0);
  const largest = groups
    .slice(1)
    .toSorted((a, b) => size(b) - size(a))
    .slice(0, MOST - 1);
  const drawn = groups.filter((one, i) => i === 0 || largest.includes(one));
  const ends = drawn.flatMap(({ areas: { baseline, compressed } }) =>
    [baseline.both, compressed.both].flatMap(({ value, low }) => [value ?? 1, low ?? value ?? 1]),
  );
  const least = Math.max(0, Math.floor(10 * Math.min(0.9, ...ends)) / 10);
  const middle = (least + 1) / 2;
  return (
    <Plot
      width={WIDTH}
      height={TOP + Math.max(1, drawn.length) * ROW + 42}
      margin={{ top: TOP, bottom: 42, left: LEFT, right: 12 }}
      x={{ domain: [least, 1], ticks: [least, middle, 1], format: (tick) => String(Number(tick.toFixed(2))) }}
      y={{ domain: [0, Math.max(1, drawn.length)], ticks: [] }}
      grid="vertical"
      label={`Areas under the ROC curves: ${drawn.map(({ group, areas }) => `${groupTitle(view, group)} ${three(areas.baseline.both.value!)} and ${three(areas.compressed.both.value!)}`).join('; ')}.`}
    >
      {({ x, y }) => (
        <>
          <text x={0} y={12} className="s t1">
            Area by group
          </text>
          {drawn.map((roc, i) => {
            const title = groupTitle(view, roc.group);
            const at = y(drawn.length - i - 0.5);
            return (
              <g key={groupKey(roc.group)}>
                <text x={0} y={at + 4} className={isSame(roc.group, shown.group) ? 't1 s' : ''}>
                  {title.length > 17 ? `${title.slice(0, 16)}…` : title}
                  <title>{title}</title>
                </text>
                <AreaMark view={view} roc={roc} side="baseline" estimate={roc.areas.baseline.both} x={x} y={at - 4} />
                <AreaMark
                  view={view}
                  roc={roc}
                  side="compressed"
                  estimate={roc.areas.compressed.both}
                  x={x}
                  y={at + 4}
                />
              </g>
            );
          })}
          <text className="t3" textAnchor="middle" x={x(middle)} y={TOP + Math.max(1, drawn.length) * ROW + 36}>
            area under the ROC curve
          </text>
        </>
      )}
    </Plot>
  );
}

interface AreaMarkProps {
  readonly view: EvidenceView;
  readonly roc: GroupRoc;
  readonly side: 'baseline' | 'compressed';
  readonly estimate: Estimate;
  readonly x: (value: number) => number;
  readonly y: number;
}

function AreaMark({ view, roc: { group, areas }, side, estimate, x, y }: AreaMarkProps) {
  if (estimate.value === null) return null;
  const base = side === 'baseline';
  const n = areas.positives + areas.negatives;
  const ends = intervalText(estimate, three);
  return (
    <MarkLink
      {...opening({ level: view.comparison.level, threshold: 0, attributes: ofGroup(group).attributes })}
      x={x(estimate.value)}
      y={y}
      label={`${groupTitle(view, group)}, ${base ? 'baseline' : levelTitle(view.comparison.level)}: area ${three(estimate.value)}${ends === '' ? '' : ` (${ends})`}, from ${count(areas.positives)} positives and ${count(areas.negatives)} negatives. ${showThe(n, view.noun)}`}
    >
      <Whisker estimate={estimate} at={y} scale={x} across className={base ? 'sb' : 'sc'} />
      <Mark kind={base ? 'circle' : 'diamond'} className={base ? 'fb' : 'fc'} x={x(estimate.value)} y={y} size={4} />
    </MarkLink>
  );
}
