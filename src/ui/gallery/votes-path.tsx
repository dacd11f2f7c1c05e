import { levelText, levelTick, prunedLevel } from '#ui/kit/levels.ts';

interface VotesPathProps {
  readonly classLabel: string;
  readonly baseline: { readonly votes: number; readonly members: number };
  readonly levels: readonly { readonly level: string; readonly votes: number; readonly members: number }[];
  readonly current: string;
}

const WIDTH = 320;
const TOP = 8;
const BOTTOM = 92;
const LEFT = 30;
const RIGHT = 306;
const diamond = (x: number, y: number, r: number): string =>
  `M${String(x)} ${String(y - r)}L${String(x + r)} ${String(y)}L${String(x)} ${String(y + r)}L${String(x - r)} ${String(y)}Z`;

/** The share of votes for one class at every level; the level in hand is ringed. Quantized levels stand apart, unconnected. */
export function VotesPath({ classLabel, baseline, levels, current }: VotesPathProps) {
  const share = ({ votes, members }: { votes: number; members: number }): number =>
    members === 0 ? 0 : votes / members;
  const y = (value: number): number => BOTTOM - (BOTTOM - TOP) * value;
  const x = (i: number): number => LEFT + ((RIGHT - LEFT) * i) / Math.max(1, levels.length);
  const points = levels.map((level, i) => ({ ...level, x: x(i + 1), y: y(share(level)) }));
  // The line joins the levels of one way of pruning; the others stand as points.
  const way = levels.map(({ level }) => prunedLevel(level)?.way).find((own) => own !== undefined);
  const pruned = points.filter(({ level }) => prunedLevel(level)?.way === way);
  const path = [{ x: LEFT, y: y(share(baseline)) }, ...pruned].map(
    (p, i) => `${i === 0 ? 'M' : 'L'}${String(p.x)} ${p.y.toFixed(1)}`,
  );
  const spoken = `Votes for ${classLabel}: ${String(baseline.votes)} of ${String(baseline.members)} at the baseline; ${levels
    .map(({ level, votes, members }) => `${levelText(level)} ${String(votes)} of ${String(members)}`)
    .join(', ')}`;
  const short = (level: string): string => levelTick(level).replace('0.', '.');
  return (
    <div>
      <p className="no">Votes for {classLabel}, level by level</p>
      <svg
        className="plot"
        width={WIDTH}
        height={113}
        viewBox={`0 0 ${String(WIDTH)} 113`}
        role="img"
        aria-label={spoken}
      >
        {[0, 0.5, 1].map((value) => (
          <g key={value}>
            <line
              x1={22}
              x2={RIGHT}
              y1={y(value)}
              y2={y(value)}
              className={value === 0.5 ? 'ax' : 'g'}
              strokeDasharray={value === 0.5 ? '2 3' : undefined}
            />
            {Number.isInteger(value * baseline.members) ? (
              <text x={16} y={y(value) + 4} className="t3" textAnchor="end">
                {value * baseline.members}
              </text>
            ) : null}
          </g>
        ))}
        <line x1={LEFT} x2={RIGHT} y1={y(share(baseline))} y2={y(share(baseline))} className="sb" strokeWidth={1.2} />
        <path d={path.join('')} className="sc" strokeWidth={1.6} />
        <circle className="fb" cx={LEFT} cy={y(share(baseline))} r={4.5} />
        <text x={LEFT} y={110} className="t3" textAnchor="middle">
          0
        </text>
        {points.map((point) => (
          <g key={point.level}>
            <path className="fc" d={diamond(point.x, point.y, point.level === current ? 6 : 4)} />
            {point.level === current ? (
              <circle cx={point.x} cy={point.y} r={10} className="si" strokeWidth={1.5} />
            ) : null}
            <text x={point.x} y={110} className={point.level === current ? 't1 s' : 't3'} textAnchor="middle">
              {short(point.level)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
