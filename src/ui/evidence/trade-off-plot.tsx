import type { Compared, TradeOff } from '#audit/trade-offs.ts';
import { dodge } from '#ui/charts/dodge.ts';
import { Mark, MarkLink, Whisker } from '#ui/charts/marks.tsx';
import { Plot, type Scales } from '#ui/charts/plot.tsx';
import { linearAxis, percentAxis } from '#ui/charts/ticks.ts';
import { bytes, percent, percentNumber } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { RIGHT, WIDTH } from './groups-series.ts';
import { opening } from './links.ts';
import type { EvidenceView } from './view.ts';
import { showThe } from './words.ts';

const HEIGHT = 340;
const TOP = 46;
const BOTTOM = 46;

interface TradeOffPlotProps {
  readonly view: EvidenceView;
  readonly attribute: string | null;
  readonly points: readonly TradeOff[];
  readonly compared: Compared;
}

/** Accuracy against bias, a cross of intervals at every level, the size as the size of the mark. Without a bias all stand at 0. */
export function TradeOffPlot({ view, attribute, points, compared }: TradeOffPlotProps) {
  const shares = points.flatMap(({ accuracy: { value, low, high } }) => [value, low, high]);
  const known = shares.filter((value) => value !== null);
  const spread = Math.max(...known) - Math.min(...known);
  const x = percentAxis(shares, spread > 0.3 ? 10 : spread > 0.08 ? 5 : 1, String);
  const hasBias = points.some(({ bias }) => bias.value !== null);
  const y = hasBias
    ? linearAxis(points.flatMap(({ bias: { value, high } }) => [value, high]))
    : { domain: [0, 1] as const, ticks: [] };
  const most = Math.max(...points.map((one) => one.bytes ?? 0));
  const drawn = points.flatMap((point, i) =>
    point.accuracy.value === null || (hasBias && point.bias.value === null)
      ? []
      : [
          {
            point,
            dominated: compared.dominations[i] !== null,
            accuracy: 100 * point.accuracy.value,
            bias: point.bias.value ?? 0,
          },
        ],
  );
  return (
    <Plot
      width={WIDTH}
      height={HEIGHT}
      margin={{ top: TOP, bottom: BOTTOM, left: 56, right: WIDTH - RIGHT }}
      x={x}
      y={y}
      label={`Accuracy, bias and size: ${points.map((one) => said(one)).join('; ')}.`}
    >
      {(scales) => {
        const places = dodge(
          drawn.map(({ bias }) => scales.y(bias)),
          16,
          TOP - 6,
          HEIGHT - BOTTOM,
        );
        return (
          <>
            <text x={0} y={12}>
              <tspan className="s t1">{hasBias ? `Bias by ${attribute ?? ''}` : 'No bias to draw'}</tspan>
              <tspan className="t3" dx={8}>
                lower is more equal; area of a mark: size of a member
              </tspan>
            </text>
            <text x={WIDTH} y={12} className="t3" textAnchor="end">
              size
            </text>
            {drawn.map(({ point, dominated, accuracy, bias }, i) => (
              <g key={point.name}>
                <path
                  className="g"
                  fill="none"
                  d={`M${String(scales.x(accuracy))} ${String(scales.y(bias))}L${String(RIGHT + 4)} ${String(places[i]!)}`}
                />
                <PointMark view={view} point={point} dominated={dominated} scales={scales} most={most} />
                <text x={RIGHT + 8} y={places[i]! + 4} className={textClass(view, point.name)}>
                  {point.name === view.audit.baseline.name ? 'baseline' : levelText(point.name)}
                  {dominated ? ' (dominated)' : ''}
                </text>
                <text x={WIDTH} y={places[i]! + 4} className="t1" textAnchor="end">
                  {point.bytes === null ? '—' : bytes(point.bytes)}
                </text>
              </g>
            ))}
            <text className="t3" textAnchor="middle" x={(56 + RIGHT) / 2} y={HEIGHT - 8}>
              accuracy, mean of the members, % →
            </text>
          </>
        );
      }}
    </Plot>
  );
}

function textClass(view: EvidenceView, name: string): string {
  if (name === view.audit.baseline.name) return 'tb';
  return name === view.comparison.level ? 't1 s' : 't1';
}

interface PointMarkProps {
  readonly view: EvidenceView;
  readonly point: TradeOff;
  readonly dominated: boolean;
  readonly scales: Scales;
  /** Bytes of the largest. */
  readonly most: number;
}

function PointMark({ view, point, dominated, scales, most }: PointMarkProps) {
  const { name, accuracy, bias, bytes: size } = point;
  const base = name === view.audit.baseline.name;
  const [px, py] = [scales.x(100 * accuracy.value!), scales.y(bias.value ?? 0)];
  const n = base
    ? view.audit.examples
    : (view.places.find(({ comparison }) => comparison.level === name)?.comparison.modalCie.indices.length ?? 0);
  const open = opening(base ? { level: view.comparison.level, threshold: 0 } : { level: name, threshold: 'modal-cie' });
  const half = size === null || most === 0 ? 4 : 3 + 5 * Math.sqrt(size / most);
  const tone = base ? 'b' : 'c';
  return (
    <MarkLink
      {...open}
      x={px}
      y={py}
      label={`${said(point)}${dominated ? ', dominated' : ''}. ${showThe(n, view.noun)}${base ? '' : ' whose label changed'}`}
    >
      <Whisker
        estimate={accuracy}
        at={py}
        scale={(value) => scales.x(100 * value)}
        className={`s${tone}`}
        across
        width={1}
      />
      <Whisker estimate={bias} at={px} scale={scales.y} className={`s${tone}`} width={1} />
      <Mark
        kind={base ? 'circle' : 'diamond'}
        className={dominated ? `s${tone} hollow` : `f${tone}`}
        x={px}
        y={py}
        size={half}
      />
    </MarkLink>
  );
}

/** "level 0.95: 93.3 % right (92.8–93.7), bias 0.038 (0.000–0.069), 51 kB" */
function said({ name, accuracy, bias, bytes: size }: TradeOff): string {
  const ends = (text: string): string => (text === '' ? '' : ` (${text})`);
  return [
    `${levelTitle(name)}: ${accuracy.value === null ? 'accuracy not estimable' : `${percent(accuracy.value)} right${ends(intervalText(accuracy, percentNumber))}`}`,
    bias.value === null
      ? 'bias not estimable'
      : `bias ${bias.value.toFixed(3)}${ends(intervalText(bias, (value) => value.toFixed(3)))}`,
    size === null ? 'size not measured' : bytes(size),
  ].join(', ');
}
