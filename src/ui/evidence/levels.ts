import type { AuditResult, Comparison } from '#audit/result.ts';

/** Levels as the figures order them: pruned by rising sparsity, then the others in the order of the plan. */
export interface LevelPlace {
  readonly comparison: Comparison;
  /** Sparsity of a pruned level; null for the others. */
  readonly sparsity: number | null;
  /** Place along the axis; the baseline is at 0, the others stand apart by a half place more. */
  readonly x: number;
}

/** The sparsity that a level's name says ("pruned-0.9"); null for a level that is not pruned. */
export function sparsityOf(level: string): number | null {
  return level.startsWith('pruned-') ? Number(level.slice('pruned-'.length)) : null;
}

export function levelPlaces({ comparisons }: Pick<AuditResult, 'comparisons'>): readonly LevelPlace[] {
  const levels = comparisons.map((comparison) => ({ comparison, sparsity: sparsityOf(comparison.level) }));
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

/** 0.95, hybrid int8. */
export function levelText(level: string): string {
  return sparsityOf(level) === null ? level.replaceAll('-', ' ') : level.slice('pruned-'.length);
}

/** "Level 0.95" at the start of a table or sentence; "int8" needs no such word. */
export function levelTitle(level: string): string {
  return sparsityOf(level) === null ? levelText(level) : `level ${levelText(level)}`;
}
