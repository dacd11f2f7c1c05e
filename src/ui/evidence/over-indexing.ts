import type { RepresentationRow } from '#audit/result.ts';
import type { Column } from '#dataset/dataset.ts';
import { affirmativeValue } from '#dataset/overview.ts';

/**
 * The rows that figure 4 draws: of a yes/no column only "yes" (its "no" says the same in the other direction), of two classes
 * only the positive one; the `most` whose odds ratio is farthest from 1, rarest first.
 */
export function drawnRepresentation(
  rows: readonly RepresentationRow[],
  columns: readonly Column[],
  classes: readonly string[],
  positive: string,
  most = 11,
): readonly RepresentationRow[] {
  const distance = ({ oddsRatio }: RepresentationRow): number => Math.abs(Math.log(oddsRatio.value ?? 1));
  return rows
    .filter(({ group, share, oddsRatio }) => {
      if (share === 0 || oddsRatio.value === null) return false;
      const [name, value] = Object.entries(group)[0] ?? ['', ''];
      const column = columns.find((one) => one.name === name);
      if (column === undefined) return classes.length !== 2 || value === positive;
      const yes = affirmativeValue(column);
      return yes === null || value === yes;
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
