import type { Estimate } from '#audit/result.ts';

const WIDTH = 120;
const HEIGHT = 24;

interface CieScaleProps {
  readonly cie: Estimate;
  readonly chance: Estimate | null;
  /** The largest count on any row: the end of the scale. */
  readonly most: number;
}

/** A level's count with its interval on a log scale (0 stands at 1), against the band that other seeds alone give. */
export function CieScale({ cie, chance, most }: CieScaleProps) {
  if (cie.value === null) return <span />;
  const x = (count: number): number =>
    6 + ((WIDTH - 12) * Math.log1p(Math.max(0, count))) / Math.log1p(Math.max(1, most));
  const at = x(cie.value);
  return (
    <svg
      className="plot"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      aria-hidden="true"
    >
      {chance === null || chance.low === null || chance.high === null ? null : (
        <rect
          x={x(chance.low)}
          width={Math.max(2, x(chance.high) - x(chance.low))}
          y={0}
          height={HEIGHT}
          className="wn"
        />
      )}
      {cie.low === null || cie.high === null ? null : (
        <line x1={x(cie.low)} x2={x(cie.high)} y1={12} y2={12} className="sc" strokeWidth={1.5} />
      )}
      <path className="fc" d={`M${String(at)} 7.5l4.5 4.5l-4.5 4.5l-4.5 -4.5Z`} />
    </svg>
  );
}
