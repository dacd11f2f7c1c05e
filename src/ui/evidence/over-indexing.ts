import type { RepresentationRow } from '#audit/result.ts';

/**
 * The rows that figure 4 draws: of an attribute with two values, and of two classes, only the rarer one (the other says the
 * same in the other direction; of equally rare ones the first); the `most` whose odds ratio is farthest from 1, rarest first.
 */
export function drawnRepresentation(rows: readonly RepresentationRow[], most = 11): readonly RepresentationRow[] {
  const distance = ({ oddsRatio }: RepresentationRow): number => Math.abs(Math.log(oddsRatio.value ?? 1));
  return rows
    .filter(({ group, share, oddsRatio }) => {
      if (share === 0 || oddsRatio.value === null) return false;
      const name = Object.keys(group)[0] ?? '';
      const siblings = rows.filter((row) => name in row.group && row.share > 0);
      return siblings.length !== 2 || siblings.toSorted((a, b) => a.share - b.share)[0]?.group === group;
    })
    .sort((a, b) => distance(b) - distance(a))
    .slice(0, most)
    .sort((a, b) => a.share - b.share);
}

/** Whether the interval of the odds ratio is clear of 1, and on which side. */
export function side({ oddsRatio: { low, high } }: RepresentationRow): 'over' | 'spared' | 'neither' {
  if (low !== null && low > 1) return 'over';
  return high !== null && high < 1 ? 'spared' : 'neither';
}
