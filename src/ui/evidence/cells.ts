import type { Opens } from '#ui/charts/figure-table.tsx';
import type { Opening } from './links.ts';

/** The last cell of a row: opens its examples. */
export function opensCell(text: string, label: string, { onOpen }: Opening): Opens {
  return { text, label, onOpen };
}
