import { liveCie } from './cie-count.ts';
import { nullControl, packPopulation } from './null-control.ts';
import type { PredictionTable } from './predictions.ts';
import type { Estimate } from './result.ts';
import { memberViews } from './votes.ts';

/** Counts while members still arrive; null where there are too few of them. */
export interface LiveCounts {
  /** Modal CIE by level. */
  readonly levels: Readonly<Record<string, Estimate | null>>;
  /** CIE between two halves of the baseline: what other seeds alone give. */
  readonly chance: Estimate | null;
  /** The same between half of the baseline and as many members of a level: what compares fairly with `chance`. */
  readonly halves: Readonly<Record<string, Estimate>>;
}

/** The counts of the members so far. Ties go to the largest class; `seed` draws the resamples. */
export function liveCounts(table: PredictionTable, seed: number): LiveCounts {
  const { examples, baseline, compressed } = table;
  const baselineViews = memberViews(baseline, examples.ids.length);
  const levels = compressed.map((level): [string, Estimate] => [
    level.name,
    liveCie(baselineViews, memberViews(level, examples.ids.length), examples.classes.length, seed),
  ]);
  const [first, ...others] = [baseline, ...compressed].map((one) => packPopulation(one, examples));
  const control = nullControl(first!, others, { seed, tieRule: 'largest-class' });
  return { levels: Object.fromEntries(levels), chance: control?.baseline ?? null, halves: control?.levels ?? {} };
}
