import type { AuditResult, Comparison, Estimate } from '#audit/result.ts';

/** What the null control says of a level: more changed than chance alone gives, or not; `unknown` with too few members; `counting` before it is in, `failed` where it will not come. */
export interface Chance {
  readonly verdict: 'above' | 'within' | 'unknown' | 'counting' | 'failed';
  /** The baseline against itself, half against half. */
  readonly baseline: Estimate | null;
  /** Half of the baseline against half of the level, which is what compares fairly with it. */
  readonly level: Estimate | null;
  /** How many more than chance, in equal halves, split by split. */
  readonly excess: Estimate | null;
}

/**
 * Above chance: the range of half against half lies wholly beyond that of the baseline against itself. Where they overlap the
 * level is within chance; ends that cannot be estimated count as the value.
 */
export function chanceOf(
  { nullControl, deep, controlled }: Pick<AuditResult, 'nullControl' | 'deep' | 'controlled'>,
  { level }: Pick<Comparison, 'level'>,
): Chance {
  const baseline = nullControl?.baseline ?? null;
  const halves = nullControl?.levels[level] ?? null;
  if (!controlled) return { verdict: deep ? 'failed' : 'counting', baseline, level: halves, excess: null };
  const value = halves?.value ?? null;
  const middle = baseline?.value ?? null;
  if (value === null || middle === null) return { verdict: 'unknown', baseline, level: halves, excess: null };
  const least = halves?.low ?? value;
  const edge = baseline?.high ?? middle;
  const excess = nullControl?.excess[level] ?? null;
  return { verdict: least > edge ? 'above' : 'within', baseline, level: halves, excess };
}
