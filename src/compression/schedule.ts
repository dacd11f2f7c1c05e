import type { PrunedSpec, PruningSemantics, StructuredSpec } from '#compression/spec.ts';

/** When masks are made anew; without semantics as `hooker` does. */
export interface PruningSchedule extends Pick<PrunedSpec, 'sparsity' | 'begin' | 'end' | 'every'> {
  readonly semantics?: PruningSemantics;
}

/**
 * Planned sparsity at a step, in [0, spec.sparsity]: p = clip((t - begin) / (end - begin), 0, 1); s(t) = s_T - s_T (1 - p)^3
 * (Zhu & Gupta 2017, equation 1, from 0). Where begin = end the sparsity is reached in one go. `step` counts finished steps.
 */
export function sparsityAt(spec: PruningSchedule, step: number): number {
  if (step < spec.begin) return 0;
  if (step >= spec.end) return spec.sparsity;
  const progress = (step - spec.begin) / (spec.end - spec.begin);
  return spec.sparsity * (1 - (1 - progress) ** 3);
}

/**
 * Whether the mask is made anew once `step` steps are finished: at begin, and every `every` steps after it; never after `end`.
 * Semantics `hooker`: at `end` in any case, so that the planned sparsity is reached also where `every` does not divide the
 * interval; `tfmot` does not, and then stops short of it.
 */
export function updatesMaskAt(spec: PruningSchedule, step: number): boolean {
  if (step < spec.begin || step > spec.end) return false;
  return (step === spec.end && spec.semantics !== 'tfmot') || (step - spec.begin) % spec.every === 0;
}

/** The steps after which the mask is made anew, ascending. */
export function scheduledUpdates(spec: PruningSchedule): number[] {
  const updates: number[] = [];
  for (let step = spec.begin; step <= spec.end; step += spec.every) updates.push(step);
  if (spec.semantics !== 'tfmot' && updates.at(-1) !== spec.end) updates.push(spec.end);
  return updates;
}

/**
 * The schedule of Hooker et al. (1,000 / 9,000 / 500 of 10,000 steps) scaled to a run of `steps`: begin at 10 %, end at 90 %,
 * every 5 % of the steps, each rounded and at least 1.
 */
export function hookerSchedule(sparsity: number, steps: number): PrunedSpec {
  const share = (part: number): number => Math.max(1, Math.round(part * steps));
  return { kind: 'pruned', semantics: 'hooker', sparsity, begin: share(0.1), end: share(0.9), every: share(0.05) };
}

/** The same schedule for whole filters and neurons. */
export function structuredSchedule(
  sparsity: number,
  steps: number,
  norm: StructuredSpec['norm'] = 'l1',
): StructuredSpec {
  const { begin, end, every } = hookerSchedule(sparsity, steps);
  return { kind: 'structured', norm, sparsity, begin, end, every };
}

/**
 * The same span for semantics `tfmot`: every 100 steps, the default of TensorFlow Model Optimization, or 5 % of the steps where
 * that is less; the end is moved back, by less than an interval, to where the last update falls.
 */
export function tfmotSchedule(sparsity: number, steps: number): PrunedSpec {
  const { begin, end, every: atMost } = hookerSchedule(sparsity, steps);
  const every = Math.min(100, atMost);
  return { kind: 'pruned', semantics: 'tfmot', sparsity, begin, end: end - ((end - begin) % every), every };
}
