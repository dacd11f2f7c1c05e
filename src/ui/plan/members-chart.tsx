import { relativeHalfWidth } from './plan-cost.ts';

const WIDTH = 296;
const HEIGHT = 128;
const LEFT = 28;
const RIGHT = 282;
const TOP = 8;
const BOTTOM = 104;
const FEWEST = 3;

/** How the interval of a mean over members narrows with their number, in units of how much members differ. */
export function MembersChart({ members }: { readonly members: number }) {
  const known = Number.isInteger(members) && members >= 2;
  const most = Math.max(60, known ? members : 0);
  const highest = 2.5;
  const x = (n: number): number => LEFT + ((RIGHT - LEFT) * (n - FEWEST)) / (most - FEWEST);
  const y = (width: number): number => BOTTOM - ((BOTTOM - TOP) * Math.min(width, highest)) / highest;
  const line = Array.from(
    { length: most - FEWEST + 1 },
    (_, i) => `${x(FEWEST + i).toFixed(1)} ${y(relativeHalfWidth(FEWEST + i)).toFixed(1)}`,
  ).join('L');
  const own = relativeHalfWidth(members);
  const right = known && x(members) > 0.68 * WIDTH;
  const words = known ? `±\u00a0${own.toFixed(2)} with ${String(members)}` : '';
  return (
    <svg
      className="plot"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="img"
      aria-label={`Half the width of the interval against the number of members, in units of how much members differ: ${[5, 10, 30, 60].map((n) => `${relativeHalfWidth(n).toFixed(2)} with ${String(n)}`).join(', ')}`}
    >
      {[0, 1, 2].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={RIGHT} y1={y(value)} y2={y(value)} className={value === 0 ? 'ax' : 'g'} />
          <text x={22} y={y(value) + 4} className="t3" textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      <path d={`M${line}`} className="si" strokeWidth={1.6} />
      {known && members >= FEWEST ? (
        <>
          <line x1={x(members)} x2={x(members)} y1={y(own)} y2={BOTTOM} className="s3" strokeDasharray="2 3" />
          <circle cx={x(members)} cy={y(own)} r={5} className="fi" />
          <text x={x(members) + (right ? -4 : 8)} y={y(own) - 10} className="t1 s" textAnchor={right ? 'end' : 'start'}>
            {words}
          </text>
        </>
      ) : null}
      {[5, 10, 30, most].map((n) => (
        <text key={n} x={x(n)} y={122} className="t3" textAnchor="middle">
          {n}
        </text>
      ))}
    </svg>
  );
}
