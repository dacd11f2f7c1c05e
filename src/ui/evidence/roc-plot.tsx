import type { AuditResult } from '#audit/result.ts';
import type { GroupRoc } from '#audit/score-desk.ts';
import type { RocPoint } from '#audit/roc.ts';
import { linePath, Mark, MarkLink } from '#ui/charts/marks.tsx';
import { Plot, type Scales } from '#ui/charts/plot.tsx';
import { percent } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { ofGroup, opening } from './links.ts';
import { isSame } from './groups.ts';
import { groupTitle, rowOf, type EvidenceView } from './view.ts';
import { showThe } from './words.ts';

const WIDTH = 344;
const HEIGHT = 352;
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const AXIS = { domain: [0, 1], ticks: SHARES, format: (tick: number) => String(100 * tick) } as const;

interface RocPlotProps {
  readonly view: EvidenceView;
  readonly shown: GroupRoc;
  readonly everyone: GroupRoc;
  readonly at: { readonly probability: number; readonly audit: AuditResult } | null;
}

/** The curves of one group in both populations before those of everyone, with the threshold in hand as a mark on each. */
export function RocPlot({ view, shown, everyone, at }: RocPlotProps) {
  const title = groupTitle(view, shown.group);
  const path = (points: readonly RocPoint[], { x, y }: Scales): string =>
    linePath(points.map(({ fpr, tpr }) => [x(fpr), y(tpr)]));
  const area = (side: 'baseline' | 'compressed'): string => shown.areas[side].both.value?.toFixed(3) ?? 'not estimable';
  return (
    <Plot
      width={WIDTH}
      height={HEIGHT}
      margin={{ top: 28, bottom: 42, left: 40, right: 14 }}
      x={AXIS}
      y={AXIS}
      label={`ROC curves of ${title}: area ${area('baseline')} for the baseline, ${area('compressed')} for ${levelTitle(view.comparison.level)}.`}
    >
      {(scales) => (
        <>
          <text x={0} y={12}>
            <tspan className="s t1">{title.length > 20 ? `${title.slice(0, 19)}…` : title}</tspan>
            <tspan className="t3" dx={8}>
              true positive rate, %
            </tspan>
          </text>
          <line
            className="ax"
            strokeDasharray="2 3"
            x1={scales.x(0)}
            y1={scales.y(0)}
            x2={scales.x(1)}
            y2={scales.y(1)}
          />
          {isSame(everyone.group, shown.group) ? null : (
            <>
              <path className="s3" strokeWidth={1} d={path(everyone.baseline, scales)} />
              <path className="s3" strokeWidth={1} strokeDasharray="4 3" d={path(everyone.compressed, scales)} />
            </>
          )}
          <path className="sb" strokeWidth={1.8} d={path(shown.baseline, scales)} />
          <path className="sc" strokeWidth={1.8} d={path(shown.compressed, scales)} />
          {shown.baseline.length === 0 ? (
            <text className="t3" x={scales.x(0.5)} y={scales.y(0.4)} textAnchor="middle">
              — not estimable
            </text>
          ) : (
            <Key scales={scales} view={view} base={area('baseline')} comp={area('compressed')} />
          )}
          {at === null ? null : <ThresholdMarks view={view} shown={shown} at={at} scales={scales} />}
          <text className="t3" textAnchor="middle" x={scales.x(0.5)} y={HEIGHT - 6}>
            false positive rate, %
          </text>
        </>
      )}
    </Plot>
  );
}

/** Which curve is whose, and its area, in the empty corner. */
function Key({
  scales: { x, y },
  view,
  base,
  comp,
}: {
  readonly scales: Scales;
  readonly view: EvidenceView;
  readonly base: string;
  readonly comp: string;
}) {
  const left = x(0.44);
  return (
    <>
      <Mark kind="circle" className="fb" x={left} y={y(0.17) - 4} />
      <text className="tb halo" x={left + 10} y={y(0.17)}>
        baseline, area {base}
      </text>
      <Mark kind="diamond" className="fc" x={left} y={y(0.1) - 4} />
      <text className="tc halo" x={left + 10} y={y(0.1)}>
        {levelText(view.comparison.level)}, area {comp}
      </text>
    </>
  );
}

function ThresholdMarks({
  view,
  shown,
  at,
  scales: { x, y },
}: {
  readonly view: EvidenceView;
  readonly shown: GroupRoc;
  readonly at: NonNullable<RocPlotProps['at']>;
  readonly scales: Scales;
}) {
  const row = at.audit.comparisons[0] === undefined ? undefined : rowOf(at.audit.comparisons[0], shown.group);
  if (row === undefined) return null;
  const open = opening({ level: view.comparison.level, threshold: 0, attributes: ofGroup(shown.group).attributes });
  return (['baseline', 'compressed'] as const).map((side) => {
    const { fpr, fnr } = row[side];
    if (fpr === null || fnr === null) return null;
    const base = side === 'baseline';
    return (
      <MarkLink
        key={side}
        {...open}
        x={x(fpr)}
        y={y(1 - fnr)}
        label={`${groupTitle(view, shown.group)}, ${base ? 'baseline' : levelTitle(view.comparison.level)}, positive from ${percent(at.probability, 0)} on: false positives ${percent(fpr)} of ${String(row.negatives)}, true positives ${percent(1 - fnr)} of ${String(row.positives)}. ${showThe(row.n, view.noun)}`}
      >
        <Mark kind={base ? 'circle' : 'diamond'} className={base ? 'fb' : 'fc'} x={x(fpr)} y={y(1 - fnr)} />
      </MarkLink>
    );
  });
}
