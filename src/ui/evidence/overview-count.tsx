import { linePath, Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { countAxis } from '#ui/charts/ticks.ts';
import { count } from '#ui/kit/format.ts';
import { levelTick, levelTitle } from '#ui/kit/levels.ts';
import { chanceOf } from './chance.ts';
import { opening } from './links.ts';
import { MARGIN, prunedLine, WIDTH, xAxis } from './overview-axis.ts';
import type { EvidenceView } from './view.ts';
import { chanceText, showThe } from './words.ts';

/** The lower half of figure 1: CIE by level before the band of what chance gives. */
export function CountPlot({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const chance = audit.nullControl?.baseline ?? null;
  const axis = countAxis([
    ...places.flatMap(({ comparison: { modalCie } }) => [
      modalCie.indices.length,
      modalCie.count.both.low,
      modalCie.count.both.high,
    ]),
    chance?.low ?? null,
    chance?.high ?? null,
  ]);
  const spoken = places
    .map(({ comparison }) => `${levelTitle(comparison.level)} ${count(comparison.modalCie.indices.length)}`)
    .join(', ');
  const legend = `seed noise alone, against itself: ${chanceText(chanceOf(audit, view.comparison))}`;
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
                <rect className="wn" x={WIDTH - 6 * legend.length - 16} y={9} width={10} height={10} />
                <text x={WIDTH} y={18} textAnchor="end">
                  {legend}
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
                    <Whisker estimate={modalCie.count.both} at={x(place)} scale={y} className="sc" />
                    <Mark kind="diamond" className="fc" x={x(place)} y={y(n)} />
                  </MarkLink>
                  <text
                    className="t1 s halo"
                    textAnchor="middle"
                    x={x(place)}
                    y={y(Math.max(n, modalCie.count.both.high ?? n)) - 10}
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
