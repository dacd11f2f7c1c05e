import type { AuditResult, Comparison } from '#audit/result.ts';
import { prunedLevel } from '#ui/kit/levels.ts';

/** Levels as the figures order them: pruned by rising sparsity, then the others in the order of the plan. */
export interface LevelPlace {
  readonly comparison: Comparison;
  /** Sparsity of a level on the line of pruned ones; null for the others. */
  readonly sparsity: number | null;
  /** Place along the axis; the baseline is at 0, the others stand apart by a half place more. */
  readonly x: number;
}

/** The line joins the levels of one way of pruning, the first that the audit has; those of another stand among the others. */
export function levelPlaces({ comparisons }: Pick<AuditResult, 'comparisons'>): readonly LevelPlace[] {
  const named = comparisons.map((comparison) => ({ comparison, named: prunedLevel(comparison.level) }));
  const way = named.find((level) => level.named !== null)?.named?.way;
  const levels = named.map(({ comparison, named: own }) => ({
    comparison,
    sparsity: own !== null && own.way === way ? own.sparsity : null,
  }));
  const pruned = levels
    .filter(({ sparsity }) => sparsity !== null)
    .sort((a, b) => (a.sparsity ?? 0) - (b.sparsity ?? 0));
  const others = levels.filter(({ sparsity }) => sparsity === null);
  const apart = pruned.length === 0 ? 1 : pruned.length + 1.5;
  return [
    ...pruned.map((level, i) => ({ ...level, x: i + 1 })),
    ...others.map((level, i) => ({ ...level, x: apart + i })),
  ];
}
