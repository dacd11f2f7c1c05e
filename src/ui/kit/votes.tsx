import type { CSSProperties } from 'react';

export interface VoteRow {
  readonly label: string;
  readonly baseline: number;
  readonly compressed: number;
}

interface VotesProps {
  readonly rows: readonly VoteRow[];
  /** Members of each population: what a full bar means. */
  readonly baselineMembers: number;
  readonly compressedMembers: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((1000 * part) / whole) / 1000);

/** Votes of both populations, one row a class: the baseline grows to the left of the spine, the compressed to the right. */
export function Votes({ rows, baselineMembers, compressedMembers }: VotesProps) {
  const spoken = rows
    .map((row) => `${row.label}: ${String(row.baseline)} baseline votes, ${String(row.compressed)} compressed votes`)
    .join('; ');
  return (
    <div className="votes" role="img" aria-label={spoken}>
      {rows.map((row) => (
        <div className="row" key={row.label}>
          <span title={row.label}>{row.label}</span>
          <span className="b">{row.baseline}</span>
          <i
            style={
              {
                '--b': share(row.baseline, baselineMembers),
                '--c': share(row.compressed, compressedMembers),
              } as CSSProperties
            }
          />
          <span className="c">{row.compressed}</span>
        </div>
      ))}
    </div>
  );
}
