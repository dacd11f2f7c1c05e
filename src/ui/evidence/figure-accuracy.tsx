import type { AccuracyRow, Comparison } from '#audit/result.ts';
import { Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { orWhy, type FigureTable } from '#ui/charts/figure-table.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { percentAxis } from '#ui/charts/ticks.ts';
import { count, counted, percentNumber } from '#ui/kit/format.ts';
import type { GalleryFilters } from '#store/state.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { HalfFigure } from './figure.tsx';
import { changedAccuracySentence } from './finding-sentences.ts';
import { opening } from './links.ts';
import type { EvidenceView } from './view.ts';
import { accuracyClaim, showSome, showThe } from './words.ts';
import { HOOKER_FIGURE_4, HOOKER_TABLE_2 } from './papers.ts';
import { partColumns } from './writings.ts';

const WIDTH = 496;
const LEFT = 40;

/** A part of the examples: everyone, the top of the ranking, the Modal CIEs. */
export interface Part {
  readonly name: string;
  readonly threshold: GalleryFilters['threshold'];
  /** Only those whose label did not change. */
  readonly unchanged?: true;
  readonly row: AccuracyRow;
}

const filtersOf = ({ threshold, unchanged }: Pick<Part, 'threshold' | 'unchanged'>) => ({
  threshold,
  ...(unchanged === true ? { changes: ['unchanged' as const] } : {}),
});

/** The parts of figure 3: all, those that did not change, the top shares of the Taxicab score from large to small, the Modal CIEs. */
export function partsOf({ accuracy }: Comparison): readonly Part[] {
  const top = Object.entries(accuracy.taxicab)
    .map(([percentile, row]) => ({ percentile: Number(percentile), row }))
    .sort((a, b) => a.percentile - b.percentile)
    .map(({ percentile, row }) => ({
      name: `Top ${String(Number((100 - percentile).toFixed(2)))} %`,
      threshold: percentile,
      row,
    }));
  return [
    { name: 'All', threshold: 0, row: accuracy.all },
    { name: 'Not changed', threshold: 0, unchanged: true, row: accuracy.nonModalCie },
    ...top,
    { name: 'Changed', threshold: 'modal-cie', row: accuracy.modalCie },
  ];
}

/** Figure 3: accuracy on what the populations disagree about most (Hooker et al., table 2 and figure 4). */
export function AccuracyFigure({ view }: { readonly view: EvidenceView }) {
  const { comparison, noun, audit } = view;
  const parts = partsOf(comparison);
  const coin = 100 / Math.max(1, audit.classes.length);
  const axis = percentAxis(
    parts.flatMap(({ row: { baselineEstimate, compressedEstimate } }) =>
      [baselineEstimate.both, compressedEstimate.both].flatMap(({ value, low, high }) => [value, low, high]),
    ),
    20,
    String,
  );
  const top5 = parts.find(({ threshold }) => threshold === 95);
  const spoken = parts
    .filter(({ row }) => row.baseline !== null && row.compressed !== null)
    .map(({ name, row }) => `${name} ${percentNumber(row.baseline!)} and ${percentNumber(row.compressed!)}`)
    .join('; ');
  return (
    <HalfFigure
      view={view}
      no={3}
      name="accuracy on what changed"
      papers={[HOOKER_TABLE_2, HOOKER_FIGURE_4]}
      claim={accuracyClaim(view)}
      how="The examples are ranked by how many votes moved between the populations (Taxicab score). Each pair is the mean accuracy of the members of both populations on the top of that ranking, and on the examples whose most frequent label changed. Whiskers are 95 % intervals, were members and examples drawn anew; which examples are in a part is taken as given."
      table={accuracyTable(view)}
      remarks={
        comparison.accuracy.modalCie.n === 0 ? null : (
          <p className="small">{changedAccuracySentence(view, comparison.accuracy.modalCie)}</p>
        )
      }
      more={
        top5 === undefined ? null : (
          <LinkButton onClick={opening({ level: comparison.level, threshold: 95 }).onOpen}>Open the top 5 %</LinkButton>
        )
      }
    >
      <Plot
        width={WIDTH}
        height={286}
        margin={{ top: 28, bottom: 48, left: LEFT, right: 8 }}
        x={{ domain: [-0.5, parts.length - 0.5], ticks: [] }}
        y={axis}
        label={`Accuracy in percent, baseline and ${levelTitle(comparison.level)}: ${spoken}.`}
      >
        {({ x, y }) => (
          <>
            <text x={0} y={12}>
              <tspan className="s t1">Accuracy on them</tspan>
              <tspan className="t3" dx={8}>
                %, with 95 % interval
              </tspan>
            </text>
            <circle className="fb" cx={WIDTH - 168} cy={8} r={4.5} />
            <text x={WIDTH - 158} y={12} className="tb">
              baseline
            </text>
            <Mark kind="diamond" className="fc" x={WIDTH - 92} y={8} />
            <text x={WIDTH - 82} y={12} className="tc">
              {levelTitle(comparison.level)}
            </text>
            {coin > axis.domain[0] && coin < axis.domain[1] ? (
              <>
                <line className="ax" strokeDasharray="2 3" x1={LEFT} x2={WIDTH} y1={y(coin)} y2={y(coin)} />
                <text className="t3 halo" x={LEFT + 4} y={y(coin) - 5}>
                  {audit.classes.length === 2 ? 'coin toss' : 'guessing'}
                </text>
              </>
            ) : null}
            {parts.map((part, i) => (
              <g key={part.name}>
                <PartMarks part={part} view={view} x={x(i)} y={(value) => y(100 * value)} bottom={y(axis.domain[0])} />
                <text className="t1 s" textAnchor="middle" x={x(i)} y={y(axis.domain[0]) + 20}>
                  {part.name}
                </text>
                <text className="t3" textAnchor="middle" x={x(i)} y={y(axis.domain[0]) + 36}>
                  {counted(part.row.n, noun)}
                </text>
              </g>
            ))}
          </>
        )}
      </Plot>
    </HalfFigure>
  );
}

interface PartMarksProps {
  readonly part: Part;
  readonly view: EvidenceView;
  readonly x: number;
  readonly y: (value: number) => number;
  readonly bottom: number;
}

function PartMarks({ part, view, x, y, bottom }: PartMarksProps) {
  const { name, row } = part;
  const { level } = view.comparison;
  const { baseline, compressed } = row;
  if (baseline === null || compressed === null) {
    return (
      <text className="t3" textAnchor="middle" x={x} y={bottom - 8}>
        — none
      </text>
    );
  }
  const [left, right] = [x - 6, x + 6];
  const open = opening({ level, ...filtersOf(part) });
  const show = showThe(row.n, view.noun);
  return (
    <>
      <line className="ax" x1={left} y1={y(baseline)} x2={right} y2={y(compressed)} />
      <MarkLink
        {...open}
        x={left}
        y={y(baseline)}
        label={`${name}, baseline: ${percentNumber(baseline)} % right. ${show}`}
      >
        <Whisker estimate={row.baselineEstimate.both} at={left} scale={y} className="sb" />
        <Mark kind="circle" className="fb" x={left} y={y(baseline)} />
      </MarkLink>
      <MarkLink
        {...open}
        x={right}
        y={y(compressed)}
        label={`${name}, ${levelTitle(level)}: ${percentNumber(compressed)} % right. ${show}`}
      >
        <Whisker estimate={row.compressedEstimate.both} at={right} scale={y} className="sc" />
        <Mark kind="diamond" className="fc" x={right} y={y(compressed)} />
      </MarkLink>
      <text className="tb s halo few" textAnchor="end" x={left - 7} y={y(baseline) + 4}>
        {percentNumber(baseline)}
      </text>
      <text className="tc s halo few" x={right + 7} y={y(compressed) + 4}>
        {percentNumber(compressed)}
      </text>
    </>
  );
}

function accuracyTable(view: EvidenceView): FigureTable {
  const { comparison, noun } = view;
  const rows = () =>
    partsOf(comparison).map(({ name, row, ...where }) => ({
      key: name,
      cells: [
        name,
        row.n,
        orWhy(row.baselineEstimate.both, `no ${noun[1]}`),
        orWhy(row.compressedEstimate.both, `no ${noun[1]}`),
        opensCell(
          `Show ${count(row.n)}`,
          `${showSome(row.n, noun)}: ${name}`,
          opening({ level: comparison.level, ...filtersOf(where) }),
        ),
      ],
    }));
  return {
    caption: (
      <>
        <b>Table of figure 3,</b> at {levelTitle(comparison.level)}. Accuracy is the mean over members; intervals 95 %,{' '}
        {anewWords('both', noun)}. Which {noun[1]} are in a part is taken as given.
      </>
    ),
    columns: partColumns(noun),
    rows,
  };
}
