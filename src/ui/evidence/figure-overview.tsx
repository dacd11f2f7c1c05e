import type { AccuracyRow, Estimate } from '#audit/result.ts';
import { linePath, Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot, type Axis, type Scales } from '#ui/charts/plot.tsx';
import { countAxis, percentAxis } from '#ui/charts/ticks.ts';
import { count, counted, percentNumber } from '#ui/kit/format.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { levelText, levelTick, levelTitle } from '#ui/kit/levels.ts';
import { chanceOf } from './chance.ts';
import { ShowButton, shareCells } from './cells.tsx';
import { Figure, type FigureTable } from './figure.tsx';
import type { LevelPlace } from './levels.ts';
import { opening } from './links.ts';
import { chanceText, showThe } from './words.ts';
import type { EvidenceView } from './view.ts';

const WIDTH = 704;
const MARGIN = { left: 56, right: 4 };

/** Figure 1: accuracy hardly moves while the number of changed labels grows (Hooker et al., table 1). */
export function OverviewFigure({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const inside = places.filter(({ comparison }) => chanceOf(audit, comparison).verdict === 'within');
  const remark = insideText(inside);
  return (
    <Figure
      no={1}
      claim={overviewClaim(view)}
      remarks={remark === '' ? null : <p className="small">{remark}</p>}
      how={`Above: the share of labels that members get right, averaged over members. Below: the ${noun[1]} whose most frequent label differs between the baseline and a level. Whiskers are 95 % intervals over members. The grey band is what two random halves of the baseline show against each other, again and again: chance alone.`}
      table={overviewTable(view)}
    >
      <div>
        <AccuracyPlot view={view} />
        <CountPlot view={view} />
      </div>
    </Figure>
  );
}

/** The claim of the figure in the numbers of this audit. */
export function overviewClaim({ audit, places, noun }: EvidenceView): string {
  const counts = places.map(({ comparison }) => comparison.modalCie.indices.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const base = audit.baseline.top1.value ?? 0;
  const drops = places.map(({ comparison }) => base - (comparison.population.top1.value ?? base));
  const drop = 100 * Math.max(...drops);
  if (most === 0) return `No ${noun[0]} changes its label at any level.`;
  const accuracy = drop < 0.05 ? 'Accuracy does not fall' : `Accuracy falls by at most ${drop.toFixed(1)} points`;
  return least === most
    ? `${accuracy}, while ${counted(most, noun)} ${most === 1 ? 'changes its label' : 'change their label'}.`
    : `${accuracy}, while between ${count(least)} and ${counted(most, noun)} change their label.`;
}

function insideText(inside: readonly LevelPlace[]): string {
  if (inside.length === 0) return '';
  const names = inside.map(({ comparison }) => levelText(comparison.level)).join(', ');
  return `Within what chance gives, in equal halves: ${names}. What changed there cannot be told from training again with other seeds.`;
}

function xAxis(places: readonly LevelPlace[]): Axis {
  const last = Math.max(1, ...places.map(({ x }) => x));
  return { domain: [-0.15, last + 0.35], ticks: [0, ...places.map(({ x }) => x)] };
}

function AccuracyPlot({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const all = [audit.baseline.top1, ...places.map(({ comparison }) => comparison.population.top1)];
  const axis = percentAxis(
    all.flatMap(({ value, low, high }) => [value, low, high]),
    5,
    String,
  );
  const spoken = places
    .map(({ comparison }) => `${levelTitle(comparison.level)} ${percentNumber(comparison.population.top1.value ?? 0)}`)
    .join(', ');
  const base = audit.baseline.top1;
  return (
    <Plot
      width={WIDTH}
      height={142}
      margin={{ ...MARGIN, top: 38, bottom: 16 }}
      x={xAxis(places)}
      y={axis}
      label={`Accuracy in percent: baseline ${percentNumber(base.value ?? 0)}, ${spoken}.`}
    >
      {({ x, y }) => (
        <>
          <text x={0} y={12}>
            <tspan className="s t1">Accuracy</tspan>
            <tspan className="t3" dx={8}>
              mean of the members, %
            </tspan>
          </text>
          <path
            className="sc"
            strokeWidth={1.6}
            d={linePath(prunedLine(base, places, (one) => one.comparison.population.top1.value, { x, y }, 100))}
          />
          <MarkLink
            {...opening({ level: view.comparison.level, threshold: 0 })}
            label={`Baseline, ${percentNumber(base.value ?? 0)} % right. ${showThe(audit.examples, noun)}`}
            x={x(0)}
            y={y(100 * (base.value ?? 0))}
          >
            <Whisker estimate={base} at={x(0)} scale={(value) => y(100 * value)} className="sb" />
            <Mark kind="circle" className="fb" x={x(0)} y={y(100 * (base.value ?? 0))} />
          </MarkLink>
          <text className="tb s" textAnchor="middle" x={x(0)} y={y(100 * (base.high ?? base.value ?? 0)) - 11}>
            {percentNumber(base.value ?? 0)}
          </text>
          {places.map(({ comparison: { level, population }, x: place }) =>
            population.top1.value === null ? null : (
              <g key={level}>
                <MarkLink
                  {...opening({ level, threshold: 0 })}
                  label={`${levelTitle(level)}, ${percentNumber(population.top1.value)} % right. ${showThe(audit.examples, noun)}`}
                  x={x(place)}
                  y={y(100 * population.top1.value)}
                >
                  <Whisker estimate={population.top1} at={x(place)} scale={(value) => y(100 * value)} className="sc" />
                  <Mark kind="diamond" className="fc" x={x(place)} y={y(100 * population.top1.value)} />
                </MarkLink>
                <text
                  className="t1"
                  textAnchor="middle"
                  x={x(place)}
                  y={y(100 * (population.top1.high ?? population.top1.value)) - 11}
                >
                  {percentNumber(population.top1.value)}
                </text>
              </g>
            ),
          )}
        </>
      )}
    </Plot>
  );
}

/** The line from the baseline through the pruned levels; the other levels stand apart. */
function prunedLine(
  base: Estimate | null,
  places: readonly LevelPlace[],
  value: (place: LevelPlace) => number | null,
  { x, y }: Scales,
  factor: number,
): readonly (readonly [number, number] | null)[] {
  const start = base?.value == null ? [] : [[x(0), y(factor * base.value)] as const];
  const rest = places
    .filter(({ sparsity }) => sparsity !== null)
    .map((place) => {
      const at = value(place);
      return at === null ? null : ([x(place.x), y(factor * at)] as const);
    });
  return [...start, ...rest];
}

function CountPlot({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const chance = audit.nullControl?.baseline ?? null;
  const axis = countAxis([
    ...places.flatMap(({ comparison: { modalCie } }) => [
      modalCie.indices.length,
      modalCie.count.low,
      modalCie.count.high,
    ]),
    chance?.low ?? null,
    chance?.high ?? null,
  ]);
  const spoken = places
    .map(({ comparison }) => `${levelTitle(comparison.level)} ${count(comparison.modalCie.indices.length)}`)
    .join(', ');
  const against = chance === null ? '' : ` Seed noise alone gives ${chanceText(chanceOf(audit, view.comparison))}.`;
  return (
    <Plot
      width={WIDTH}
      height={252}
      margin={{ ...MARGIN, top: 52, bottom: 42 }}
      x={xAxis(places)}
      y={axis}
      label={`${noun[1]} whose label changed: ${spoken}.${against}`}
    >
      {({ x, y }) => {
        const bottom = y(axis.domain[0]);
        const pruned = places.filter(({ sparsity }) => sparsity !== null);
        const others = places.filter(({ sparsity }) => sparsity === null);
        return (
          <>
            <text x={0} y={18}>
              <tspan className="s t1">{`${noun[1].charAt(0).toUpperCase()}${noun[1].slice(1)} whose label changed`}</tspan>
              <tspan className="t3" dx={8}>
                {`modal CIE of ${count(audit.examples)}, log scale`}
              </tspan>
            </text>
            {chance?.low == null || chance.high === null || chance.value === null ? null : (
              <>
                <rect
                  className="wn"
                  x={MARGIN.left}
                  width={WIDTH - MARGIN.left}
                  y={y(chance.high)}
                  height={Math.max(2, y(chance.low) - y(chance.high))}
                />
                <line
                  className="ax"
                  strokeDasharray="2 3"
                  x1={MARGIN.left}
                  x2={WIDTH}
                  y1={y(chance.value)}
                  y2={y(chance.value)}
                />
                <rect className="wn" x={WIDTH - 250} y={9} width={10} height={10} />
                <text x={WIDTH} y={18} textAnchor="end">
                  {`seed noise alone, against itself: ${chanceText(chanceOf(audit, view.comparison))}`}
                </text>
              </>
            )}
            <path
              className="sc"
              strokeWidth={1.6}
              d={linePath(prunedLine(null, places, (one) => one.comparison.modalCie.indices.length, { x, y }, 1))}
            />
            {places.map(({ comparison: { level, modalCie }, x: place }) => {
              const n = modalCie.indices.length;
              return (
                <g key={level}>
                  <MarkLink
                    {...opening({ level, threshold: 'modal-cie' })}
                    label={`${levelTitle(level)}. ${showThe(n, noun)} whose label changed`}
                    x={x(place)}
                    y={y(n)}
                  >
                    <Whisker estimate={modalCie.count} at={x(place)} scale={y} className="sc" />
                    <Mark kind="diamond" className="fc" x={x(place)} y={y(n)} />
                  </MarkLink>
                  <text
                    className="t1 s halo"
                    textAnchor="middle"
                    x={x(place)}
                    y={y(Math.max(n, modalCie.count.high ?? n)) - 10}
                  >
                    {count(n)}
                  </text>
                </g>
              );
            })}
            <text className="tb" textAnchor="middle" x={x(0)} y={bottom + 20}>
              baseline
            </text>
            {places.map(({ comparison: { level }, x: place }) => (
              <text
                key={level}
                className={level === view.comparison.level ? 't1 s' : 't1'}
                textAnchor="middle"
                x={x(place)}
                y={bottom + 20}
              >
                {levelTick(level)}
              </text>
            ))}
            {pruned.length === 0 ? null : (
              <text className="t3" textAnchor="middle" x={(x(pruned[0]!.x) + x(pruned.at(-1)!.x)) / 2} y={bottom + 38}>
                share of weights removed
              </text>
            )}
            {others.length === 0 ? null : (
              <text className="t3" textAnchor="middle" x={(x(others[0]!.x) + x(others.at(-1)!.x)) / 2} y={bottom + 38}>
                {others.length === 1 ? 'int8' : '8-bit integers'}
              </text>
            )}
          </>
        );
      }}
    </Plot>
  );
}

function overviewTable(view: EvidenceView): FigureTable {
  const { audit, places, noun } = view;
  const cieAccuracy = (row: AccuracyRow) => shareCells(row.compressedEstimate, 'none changed');
  return {
    caption: (
      <>
        <b>Table of figure 1.</b> Accuracy is the mean over members with its 95 % interval over members; the interval of
        the count is a bootstrap over the members of both populations. Chance compares halves of equal size.
      </>
    ),
    columns: [
      { name: 'Level' },
      { name: 'Members', numeric: true },
      { name: 'Accuracy', numeric: true },
      { name: '95 % interval of the accuracy', interval: true },
      { name: `${noun[1]} changed`, numeric: true },
      { name: '95 % interval of the count', interval: true },
      { name: 'Half against half', numeric: true },
      { name: 'Accuracy on them', numeric: true },
      { name: '95 % interval of the accuracy on them', interval: true },
      { name: '' },
    ],
    rows: () => [
      {
        key: 'baseline',
        cells: [
          'baseline',
          count(audit.baseline.members),
          ...shareCells(audit.baseline.top1),
          '',
          '',
          audit.nullControl === null ? '' : chanceText(chanceOf(audit, view.comparison)),
          '',
          '',
          '',
        ],
      },
      ...places.map(({ comparison }) => {
        const { level, population, modalCie, accuracy } = comparison;
        const halves = chanceOf(audit, comparison).level;
        const n = modalCie.indices.length;
        return {
          key: level,
          highlight: level === view.comparison.level,
          cells: [
            levelText(level),
            count(population.members),
            ...shareCells(population.top1),
            count(n),
            intervalText(modalCie.count, count),
            halves?.value == null ? '' : `${count(halves.value)} (${intervalText(halves, count)})`,
            ...cieAccuracy(accuracy.modalCie),
            <ShowButton
              key="show"
              text={showThe(n, noun)}
              label={`${showThe(n, noun)} whose label changed at ${levelTitle(level)}`}
              open={opening({ level, threshold: 'modal-cie' })}
            />,
          ],
        };
      }),
    ],
  };
}
