import { columnOf } from '#dataset/build.ts';
import type { Column, Dataset } from '#dataset/dataset.ts';

const MOST_CLASSES = 100;
const MOST_GROUPS = 12;

/** Columns that can be predicted: at least two values, and few enough to have votes counted for each. */
export function targetChoices(dataset: Dataset): readonly Column[] {
  return dataset.columns.filter((column) => column.values.length >= 2 && column.values.length <= MOST_CLASSES);
}

/** Columns that groups can be compared by: at least two values and at most twelve, and not the target. */
export function attributeChoices(dataset: Dataset, target: string): readonly Column[] {
  return dataset.columns.filter(
    (column) => column.name !== target && column.values.length >= 2 && column.values.length <= MOST_GROUPS,
  );
}

/** How many groups of one value and of a pair of values the attributes make. */
export function groupTotals(
  dataset: Dataset,
  attributes: readonly string[],
): { readonly single: number; readonly combined: number } {
  const sizes = attributes.map((name) => columnOf(dataset, name)?.values.length ?? 0);
  const single = sizes.reduce((sum, size) => sum + size, 0);
  const combined = sizes.reduce(
    (sum, size, i) => sum + sizes.slice(i + 1).reduce((pairs, other) => pairs + size * other, 0),
    0,
  );
  return { single, combined };
}

/** Half the width of the 95 % interval of a rate of one half over n examples, in percentage points (normal approximation). */
export function rateMargin(n: number): number {
  return Math.round(100 * 1.96 * Math.sqrt(0.25 / n));
}
