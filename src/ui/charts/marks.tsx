import type { ReactNode } from 'react';
import type { Estimate } from '#audit/result.ts';

export type MarkKind = 'circle' | 'diamond' | 'square' | 'triangle' | 'dot' | 'ring';

interface MarkProps {
  readonly kind: MarkKind;
  readonly x: number;
  readonly y: number;
  readonly className: string;
  /** Half of its height, pixels. */
  readonly size?: number;
}

/** The shape of a mark. A circle is the baseline and a diamond a compressed population, in every chart. */
export function Mark({ kind, x, y, className, size = 5 }: MarkProps) {
  switch (kind) {
    case 'circle':
    case 'dot':
      return <circle className={className} cx={x} cy={y} r={kind === 'dot' ? 2.5 : size - 0.5} />;
    case 'ring':
      return <circle className={`${className} ring`} cx={x} cy={y} r={size - 1} />;
    case 'square':
      return <rect className={className} x={x - 3.5} y={y - 3.5} width={7} height={7} />;
    case 'diamond':
      return (
        <path
          className={className}
          d={`M${p(x)} ${p(y - size)}l${p(size)} ${p(size)} ${p(-size)} ${p(size)} ${p(-size)} ${p(-size)}Z`}
        />
      );
    case 'triangle':
      return <path className={className} d={`M${p(x)} ${p(y - 5)}l6 10h-12Z`} />;
    default:
      return kind satisfies never;
  }
}

const p = (value: number): string => String(Math.round(value * 10) / 10);

interface MarkLinkProps {
  /** What it opens: "Show the 212 faces whose label changed at level 0.9". */
  readonly label: string;
  readonly href: string;
  readonly onOpen: () => void;
  /** The middle of the area that can be hit, pixels. */
  readonly x: number;
  readonly y: number;
  readonly children: ReactNode;
}

/** A mark that opens its examples: a link with an area large enough for a finger. */
export function MarkLink({ label, href, onOpen, x, y, children }: MarkLinkProps) {
  return (
    <a
      href={href}
      aria-label={label}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      <title>{label}</title>
      <circle className="hit" cx={x} cy={y} r={11} />
      {children}
    </a>
  );
}

interface WhiskerProps {
  readonly estimate: Estimate;
  readonly at: number;
  /** From value to pixel along the whisker. */
  readonly scale: (value: number) => number;
  readonly className: string;
  readonly across?: boolean;
  readonly width?: number;
}

/** The 95 % interval as a line; nothing where it cannot be estimated. */
export function Whisker({ estimate: { low, high }, at, scale, className, across = false, width = 1.5 }: WhiskerProps) {
  if (low === null || high === null) return null;
  const [a, b] = [scale(low), scale(high)];
  return across ? (
    <line className={className} strokeWidth={width} x1={a} x2={b} y1={at} y2={at} />
  ) : (
    <line className={className} strokeWidth={width} x1={at} x2={at} y1={a} y2={b} />
  );
}

/** A path through points; it breaks where one is missing. */
export function linePath(points: readonly (readonly [number, number] | null)[]): string {
  return points
    .map((point, i) =>
      point === null ? '' : `${i === 0 || points[i - 1] === null ? 'M' : 'L'}${p(point[0])} ${p(point[1])}`,
    )
    .join('');
}

/** The area between two lines over the same places. */
export function bandPath(
  points: readonly { readonly x: number; readonly low: number; readonly high: number }[],
): string {
  if (points.length < 2) return '';
  const there = points.map(({ x, high }) => `${p(x)} ${p(high)}`);
  const back = points.toReversed().map(({ x, low }) => `${p(x)} ${p(low)}`);
  return `M${[...there, ...back].join('L')}Z`;
}
