import type { Estimate, RepresentationRow } from '#audit/result.ts';

/** Times its share with the widest interval that there is: over members and examples, or over examples while members are still resampled. */
export function timesItsShare({ ratio: { examples, both } }: RepresentationRow): Estimate {
  return both.low === null ? examples : both;
}

/**
 * The rows that figure 4 draws: of an attribute with two values, and of two classes, only the rarer one (the other says the
 * same in the other direction; of equally rare ones the first); the `most` that are farthest from their share, rarest first.
 */
export function drawnRepresentation(rows: readonly RepresentationRow[], most = 11): readonly RepresentationRow[] {
  const distance = ({ overIndexRatio }: RepresentationRow): number => Math.abs(Math.log(overIndexRatio ?? 1));
  return rows
    .filter(({ group, share, overIndexRatio }) => {
      if (share === 0 || overIndexRatio === null) return false;
      const name = Object.keys(group)[0] ?? '';
      const siblings = rows.filter((row) => name in row.group && row.share > 0);
      return siblings.length !== 2 || siblings.toSorted((a, b) => a.share - b.share)[0]?.group === group;
    })
    .sort((a, b) => distance(b) - distance(a))
    .slice(0, most)
    .sort((a, b) => a.share - b.share);
}

/** Whether the interval of the ratio is clear of 1, and on which side. */
export function side(row: RepresentationRow): 'over' | 'spared' | 'neither' {
  const { low, high } = timesItsShare(row);
  if (low !== null && low > 1) return 'over';
  return high !== null && high < 1 ? 'spared' : 'neither';
}
