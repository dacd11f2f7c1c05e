import { ranksAlike } from '#audit/distances.ts';
import { bandPath, linePath, Mark, MarkLink } from '#ui/charts/marks.tsx';
import { orWhy, type FigureTable } from '#ui/charts/figure-table.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { percentAxis } from '#ui/charts/ticks.ts';
import { count, counted, percentNumber } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { Figure } from './figure.tsx';
import { opening } from './links.ts';
import { HOOKER_FIGURE_4, HOOKER_TABLE_2 } from './papers.ts';
import type { EvidenceView } from './view.ts';
import { showSome, showThe } from './words.ts';
import { partColumns } from './writings.ts';

const WIDTH = 704;
const LEFT = 56;
const RIGHT = 540;

const topName = (percentile: number): string => (percentile === 0 ? 'All' : `Top ${String(100 - percentile)} %`);

/** Figure 5: accuracy on ever smaller tops of the Taxicab ranking (Hooker et al., figure 4). */
export function CurveFigure({ view }: { readonly view: EvidenceView }) {
  const { comparison, noun } = view;
  const { taxicab, jaccard } = comparison;
  const points = comparison.accuracyCurve;
  const last = points.at(-1);
  const axis = percentAxis(
    points.flatMap(({ baselineEstimate, compressedEstimate }) =>
      [baselineEstimate.both, compressedEstimate.both].flatMap(({ value, low, high }) => [value, low, high]),
    ),
    20,
    String,
  );
  const spoken = points
    .filter(({ percentile }) => percentile % 10 === 0)
    .map(({ percentile, baseline, compressed }) => {
      const of = (value: number | null) => percentNumber(value ?? 0);
      return `${topName(percentile)} ${of(baseline)} and ${of(compressed)}`;
    })
    .join('; ');
  return (
    <Figure
      view={view}
      no={5}
      name="accuracy by Taxicab percentile"
      papers={[HOOKER_FIGURE_4, HOOKER_TABLE_2]}
      claim={curveClaim(view)}
      remarks={
        <p className="small">
          Ranked by Taxicab score. The Jaccard distance gives the same order: it is 2T / (2 + T) of the Taxicab score T
          (Hooker et al., appendix A.1). Checked on these {counted(taxicab.ranking.length, noun)}: the two orders{' '}
          {ranksAlike(taxicab.ranking, jaccard.scores) ? 'agree' : 'do not agree'}.
        </p>
      }
      how={`Each point is the mean accuracy on the ${noun[1]} on which the votes of the two populations differ most, from all of them on the left to the top 1 % on the right. Bands are 95 % intervals, ${anewWords('both', noun)}; which ${noun[1]} are in a top is taken as given.`}
      table={curveTable(view)}
    >
      <Plot
        width={WIDTH}
        height={290}
        margin={{ top: 28, bottom: 42, left: LEFT, right: WIDTH - RIGHT }}
        x={{ domain: [0, 100], ticks: [0, 25, 50, 75, 90, 99], format: (tick) => String(100 - tick) }}
        y={axis}
        label={`Accuracy in percent, baseline and ${levelTitle(comparison.level)}: ${spoken}.`}
      >
        {({ x, y }) => (
          <>
            <text x={0} y={12}>
              <tspan className="s t1">Accuracy</tspan>
              <tspan className="t3" dx={8}>
                on the top of the ranking, %
              </tspan>
            </text>
            {(['baseline', 'compressed'] as const).map((side) => {
              const known = points.flatMap(({ percentile, n, [`${side}Estimate` as const]: { both } }) =>
                both.value === null ? [] : [{ percentile, n, both, value: 100 * both.value }],
              );
              const band = known.flatMap(({ percentile, both: { low, high } }) =>
                low === null || high === null ? [] : [{ x: x(percentile), low: y(100 * low), high: y(100 * high) }],
              );
              const base = side === 'baseline';
              return (
                <g key={side}>
                  <path className={base ? 'wb' : 'wc'} opacity={0.75} d={bandPath(band)} />
                  <path
                    className={base ? 'sb' : 'sc'}
                    strokeWidth={1.8}
                    d={linePath(known.map(({ percentile, value }) => [x(percentile), y(value)]))}
                  />
                  {known
                    .filter(({ percentile }) => [0, 50, 75, 90, 95, 99].includes(percentile))
                    .map(({ percentile, n, value }) => (
                      <MarkLink
                        key={percentile}
                        {...opening({ level: comparison.level, threshold: percentile })}
                        x={x(percentile)}
                        y={y(value)}
                        label={`${topName(percentile)}, ${base ? 'baseline' : levelTitle(comparison.level)}: ${value.toFixed(1)} % right. ${showThe(n, noun)}`}
                      >
                        <Mark
                          kind={base ? 'circle' : 'diamond'}
                          className={base ? 'fb' : 'fc'}
                          x={x(percentile)}
                          y={y(value)}
                          size={4}
                        />
                      </MarkLink>
                    ))}
                  {known.length === 0 ? null : (
                    <text className={base ? 'tb s' : 'tc s'} x={RIGHT + 10} y={y(known.at(-1)!.value) + 4}>
                      {base ? 'baseline' : levelTitle(comparison.level)} {known.at(-1)!.value.toFixed(1)}
                    </text>
                  )}
                </g>
              );
            })}
            <text className="t3" textAnchor="middle" x={(LEFT + RIGHT) / 2} y={y(axis.domain[0]) + 36}>
              {last === undefined ? '' : `top % of the ${noun[1]} by votes moved`}
            </text>
          </>
        )}
      </Plot>
    </Figure>
  );
}

/** What accuracy does towards the top of the ranking, in both populations. */
export function curveClaim({ comparison, noun }: EvidenceView): string {
  const all = comparison.accuracyCurve[0];
  const top = comparison.accuracyCurve.findLast(({ n }) => n >= 20) ?? comparison.accuracyCurve.at(-1);
  if (all?.compressed == null || all.baseline === null || top?.compressed == null || top.baseline === null)
    return `There are no ${noun[1]} to rank.`;
  const of = (value: number) => percentNumber(value, 0);
  const falls = top.compressed < all.compressed ? 'falls' : 'goes';
  return `Where the votes differ most, accuracy ${falls} from ${of(all.compressed)} % to ${of(top.compressed)} % (top ${String(100 - top.percentile)} %); the baseline’s from ${of(all.baseline)} % to ${of(top.baseline)} %.`;
}

function curveTable({ comparison, noun }: EvidenceView): FigureTable {
  return {
    caption: (
      <>
        <b>Table of figure 5,</b> at {levelTitle(comparison.level)}. Intervals 95 %, {anewWords('both', noun)}.
      </>
    ),
    columns: partColumns(noun),
    rows: () =>
      comparison.accuracyCurve.map(({ percentile, n, baselineEstimate, compressedEstimate }) => ({
        key: String(percentile),
        cells: [
          topName(percentile),
          n,
          orWhy(baselineEstimate.both, 'no members'),
          orWhy(compressedEstimate.both, 'no members'),
          opensCell(
            `Show ${count(n)}`,
            `${showSome(n, noun)}: ${topName(percentile)}`,
            opening({ level: comparison.level, threshold: percentile }),
          ),
        ],
      })),
  };
}
