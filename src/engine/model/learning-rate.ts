import type { Plan } from '#engine/model/plan.ts';

/**
 * The learning rate of step `step` (from 1 to plan.steps). `constant`: always plan.learningRate. `cosine`: rises linearly to it
 * at step `warmup`, then follows (1 + cos(pi p)) / 2 with p from 0 towards 1, which it reaches one step after the last
 * (Loshchilov & Hutter 2017, without restarts). `step`: is multiplied by `factor` once each of the steps `at` is finished.
 */
export function learningRateAt(
  { learningRate, schedule, steps }: Pick<Plan, 'learningRate' | 'schedule' | 'steps'>,
  step: number,
): number {
  if (schedule === undefined || schedule.kind === 'constant') return learningRate;
  if (schedule.kind === 'step') return learningRate * schedule.factor ** schedule.at.filter((at) => step > at).length;
  if (step <= schedule.warmup) return (learningRate * step) / schedule.warmup;
  const progress = (step - 1 - schedule.warmup) / (steps - schedule.warmup);
  return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}
