import { linePath, Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { percentAxis } from '#ui/charts/ticks.ts';
import { percentNumber } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { opening } from './links.ts';
import { MARGIN, prunedLine, WIDTH, xAxis } from './overview-axis.ts';
import type { EvidenceView } from './view.ts';
import { showThe } from './words.ts';

/** The upper half of figure 1: accuracy by level. */
export function AccuracyPlot({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const all = [audit.baseline.top1.both, ...places.map(({ comparison }) => comparison.population.top1.both)];
  const axis = percentAxis(
    all.flatMap(({ value, low, high }) => [value, low, high]),
    5,
    String,
  );
  const spoken = places
    .map(
      ({ comparison }) =>
        `${levelTitle(comparison.level)} ${percentNumber(comparison.population.top1.both.value ?? 0)}`,
    )
    .join(', ');
  const base = audit.baseline.top1.both;
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
            d={linePath(prunedLine(base, places, (one) => one.comparison.population.top1.both.value, { x, y }, 100))}
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
          {places.map(
            ({
              comparison: {
                level,
                population: {
                  top1: { both: top1 },
                },
              },
              x: place,
            }) =>
              top1.value === null ? null : (
                <g key={level}>
                  <MarkLink
                    {...opening({ level, threshold: 0 })}
                    label={`${levelTitle(level)}, ${percentNumber(top1.value)} % right. ${showThe(audit.examples, noun)}`}
                    x={x(place)}
                    y={y(100 * top1.value)}
                  >
                    <Whisker estimate={top1} at={x(place)} scale={(value) => y(100 * value)} className="sc" />
                    <Mark kind="diamond" className="fc" x={x(place)} y={y(100 * top1.value)} />
                  </MarkLink>
                  <text className="t1" textAnchor="middle" x={x(place)} y={y(100 * (top1.high ?? top1.value)) - 11}>
                    {percentNumber(top1.value)}
                  </text>
                </g>
              ),
          )}
        </>
      )}
    </Plot>
  );
}
