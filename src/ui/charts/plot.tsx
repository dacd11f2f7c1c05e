import type { ReactNode } from 'react';
import { CartesianGrid, ComposedChart, useXAxisScale, useYAxisScale, XAxis, YAxis } from 'recharts';
import './charts.css';

export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly log?: boolean;
  readonly format?: (value: number) => string;
}

/** From values to pixels; values outside the domain are drawn at its ends. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

interface PlotProps {
  /** CSS pixels, the size it is drawn at. */
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly x: Axis;
  readonly y: Axis;
  /** What the plot shows, in one or two sentences with its numbers. */
  readonly label: string;
  readonly grid?: 'horizontal' | 'vertical';
  readonly children: (scales: Scales) => ReactNode;
}

/** A chart with its grid and scales; the marks are drawn by `children`, in pixels. It does not move: numbers do not arrive twice. */
export function Plot({ width, height, margin, x, y, label, grid = 'horizontal', children }: PlotProps) {
  const ends = [{ x: x.domain[0] }, { x: x.domain[1] }];
  return (
    <div className="plot-scroll">
      <div className="plot" role="group" aria-label={label} style={{ width }}>
        <ComposedChart width={width} height={height} margin={margin} data={ends} accessibilityLayer={false}>
          <CartesianGrid horizontal={grid === 'horizontal'} vertical={grid === 'vertical'} stroke="var(--line)" />
          <XAxis
            dataKey="x"
            type="number"
            hide
            allowDataOverflow
            domain={[...x.domain]}
            ticks={[...x.ticks]}
            scale={x.log === true ? 'log' : 'linear'}
          />
          <YAxis
            type="number"
            hide
            allowDataOverflow
            domain={[...y.domain]}
            ticks={[...y.ticks]}
            scale={y.log === true ? 'log' : 'linear'}
          />
          <Marks x={x} y={y}>
            {children}
          </Marks>
        </ComposedChart>
      </div>
    </div>
  );
}

interface MarksProps {
  readonly x: Axis;
  readonly y: Axis;
  readonly children: (scales: Scales) => ReactNode;
}

function Marks({ x, y, children }: MarksProps) {
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  if (scaleX === undefined || scaleY === undefined) return null;
  const within = ({ domain }: Axis, value: number): number => Math.min(domain[1], Math.max(domain[0], value));
  const scales: Scales = {
    x: (value) => scaleX(within(x, value)) ?? 0,
    y: (value) => scaleY(within(y, value)) ?? 0,
  };
  const left = scales.x(x.domain[0]);
  return (
    <>
      {y.format === undefined
        ? null
        : y.ticks.map((tick) => (
            <text key={tick} x={left - 8} y={scales.y(tick) + 4} className="t3" textAnchor="end">
              {y.format?.(tick)}
            </text>
          ))}
      {x.format === undefined
        ? null
        : x.ticks.map((tick) => (
            <text key={tick} x={scales.x(tick)} y={scales.y(y.domain[0]) + 16} className="t3" textAnchor="middle">
              {x.format?.(tick)}
            </text>
          ))}
      {children(scales)}
    </>
  );
}
