import { Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { orWhy, type FigureTable } from '#ui/charts/figure-table.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { ratioAxis } from '#ui/charts/ticks.ts';
import { count, percent } from '#ui/kit/format.ts';
import { Mark as LegendMark } from '#ui/kit/icons.tsx';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import type { RepresentationRow } from '#audit/result.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { HalfFigure } from './figure.tsx';
import { overIndexSentence } from './finding-sentences.ts';
import { ofGroup, opening } from './links.ts';
import { drawnRepresentation, side, timesItsShare } from './over-indexing.ts';
import { HOOKER_FIGURE_1, HOOKER_FIGURE_2 } from './papers.ts';
import { groupKey, type EvidenceView } from './view.ts';
import { mostOverIndexed, ratio, representationClaim, representationTitle, showSome, showThe } from './words.ts';
import { COUNT, SHARE, TIMES } from './writings.ts';

const WIDTH = 496;
const ROW = 19.4;
const TOP = 26;

/** Figure 4: which attributes are more frequent among the CIEs than in the data (Hooker et al., figure 2). */
export function RepresentationFigure({ view }: { readonly view: EvidenceView }) {
  const { comparison, noun } = view;
  const rows = drawnRepresentation(comparison.representation);
  const over = mostOverIndexed(rows) ?? mostOverIndexed(comparison.representation);
  const height = TOP + Math.max(1, rows.length) * ROW + 44;
  const axis = ratioAxis(rows.map(timesItsShare).flatMap(({ value, low, high }) => [value, low, high]));
  const spoken = rows.map((row) => `${representationTitle(view, row.group)} ${ratio(row.overIndexRatio)}`).join(', ');
  return (
    <HalfFigure
      view={view}
      no={4}
      name="groups among what changed"
      papers={[HOOKER_FIGURE_1, HOOKER_FIGURE_2]}
      claim={representationClaim(view)}
      remarks={
        <>
          <p className="small">
            <LegendMark kind="comp" />
            more than its share, interval clear of 1×
          </p>
          {over === null ? null : <p className="small">{overIndexSentence(view, over)}</p>}
        </>
      }
      how={`The share of a group among the ${noun[1]} whose label changed over its share of all ${noun[1]} (over-indexing), with its 95 % interval, ${anewWords('both', noun)}, on a log scale. “in data” is its share of all ${noun[1]}, “CIE” how many of those whose label changed are in it. Odds ratios are in the table.`}
      table={representationTable(view)}
    >
      {rows.length === 0 ? (
        <p className="small">
          <NotEstimable mark reason={`no ${noun[0]} changed its label`} />
        </p>
      ) : (
        <Plot
          width={WIDTH}
          height={height}
          margin={{ top: TOP, bottom: 44, left: 182, right: 50 }}
          x={axis}
          y={{ domain: [0, rows.length], ticks: [] }}
          grid="vertical"
          label={`Times its share among the changed at ${levelTitle(comparison.level)}: ${spoken}.`}
        >
          {({ x, y }) => (
            <>
              <text x={0} y={12} className="t3">
                Attribute
              </text>
              <text x={162} y={12} className="t3" textAnchor="end">
                in data
              </text>
              <text x={(182 + WIDTH - 50) / 2} y={12} className="t3" textAnchor="middle">
                times its share
              </text>
              <text x={WIDTH} y={12} className="t3" textAnchor="end">
                CIE
              </text>
              <line className="ax" x1={x(1)} x2={x(1)} y1={y(rows.length)} y2={y(0)} />
              {rows.map((row, i) => (
                <Row key={groupKey(row.group)} row={row} view={view} x={x} y={y(rows.length - i - 0.5)} />
              ))}
              <text x={x(1) - 6} y={height - 8} className="t3" textAnchor="end">
                ← spared
              </text>
              <text x={x(1) + 6} y={height - 8} className="t3">
                over-represented →
              </text>
            </>
          )}
        </Plot>
      )}
    </HalfFigure>
  );
}

interface RowProps {
  readonly row: RepresentationRow;
  readonly view: EvidenceView;
  readonly x: (value: number) => number;
  readonly y: number;
}

function Row({ row, view, x, y }: RowProps) {
  const title = representationTitle(view, row.group);
  const over = side(row) === 'over';
  const times = timesItsShare(row);
  const value = times.value ?? 1;
  return (
    <g>
      <text x={0} y={y + 4} className={over ? 't1 s' : ''}>
        {title.length > 18 ? `${title.slice(0, 17)}…` : title}
        <title>{title}</title>
      </text>
      <text x={162} y={y + 4} className="t3" textAnchor="end">
        {percent(row.share)}
      </text>
      <MarkLink
        {...opening({ level: view.comparison.level, threshold: 'modal-cie', ...ofGroup(row.group) })}
        x={x(value)}
        y={y}
        label={`${title}, ${ratio(value)} its share. ${showThe(row.cieCount, view.noun)} whose label changed`}
      >
        <Whisker estimate={times} at={y} scale={x} across className={over ? 'sc' : 's3'} />
        {over ? (
          <Mark kind="diamond" className="fc" x={x(value)} y={y} />
        ) : side(row) === 'spared' ? (
          <circle className="f3" cx={x(value)} cy={y} r={4} />
        ) : (
          <Mark kind="ring" className="s3" x={x(value)} y={y} />
        )}
      </MarkLink>
      <text x={WIDTH} y={y + 4} className="t1" textAnchor="end">
        {count(row.cieCount)}
      </text>
    </g>
  );
}

function representationTable(view: EvidenceView): FigureTable {
  const { comparison, noun } = view;
  const none = 'none changed';
  return {
    caption: (
      <>
        <b>Table of figure 4,</b> at {levelTitle(comparison.level)}. Shares are of all {noun[1]} and of those whose
        label changed. Intervals 95 %: of the times, {anewWords('both', noun)}; of the odds ratio, which compares a
        value with the other values, over {noun[1]} (Woolf).
      </>
    ),
    columns: [
      { name: 'Group' },
      { name: 'In data', as: SHARE },
      { name: 'Changed', as: COUNT },
      { name: 'Of the changed', as: SHARE },
      { name: 'Times its share', as: TIMES, interval: true },
      { name: 'Odds ratio', as: TIMES, interval: true },
      { name: '' },
    ],
    rows: () =>
      comparison.representation.map((row) => ({
        key: groupKey(row.group),
        highlight: side(row) === 'over',
        cells: [
          representationTitle(view, row.group),
          row.share,
          row.cieCount,
          row.cieShare ?? { missing: none },
          orWhy(timesItsShare(row), none),
          orWhy(row.oddsRatio, none),
          opensCell(
            `Show ${count(row.cieCount)}`,
            `${showSome(row.cieCount, noun)} whose label changed: ${representationTitle(view, row.group)}`,
            opening({ level: comparison.level, threshold: 'modal-cie', ...ofGroup(row.group) }),
          ),
        ],
      })),
  };
}
