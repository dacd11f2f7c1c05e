import { studentQuantile } from '#audit/intervals.ts';
import { isPostTraining } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';

/** What a plan comes to, before it starts. */
export interface PlanCost {
  /** Members that are trained, and that are made from the finished baseline. */
  readonly trained: number;
  readonly made: number;
  readonly totalSteps: number;
  /** Null until a run on this machine has been timed. */
  readonly timeMs: { readonly low: number; readonly high: number } | null;
}

/** A timed pace holds to about this share either way: other work on the machine, the size of the levels. */
const SPREAD = 0.15;

/** Counts members and steps, and times them by `msPerMemberStep` where it was measured. */
export function planCost(plan: Plan, msPerMemberStep: number | null): PlanCost {
  const made = plan.levels.filter(isPostTraining).length * plan.members;
  const trained = (1 + plan.levels.length) * plan.members - made;
  const totalSteps = trained * plan.steps;
  const time = msPerMemberStep === null ? null : msPerMemberStep * totalSteps;
  return {
    trained,
    made,
    totalSteps,
    timeMs: time === null ? null : { low: time * (1 - SPREAD), high: time * (1 + SPREAD) },
  };
}

/**
 * Half the width of the 95 % interval of a mean over `members`, in units of how much single members differ (their standard
 * deviation): Student's t over the square root of the members. Infinity below two members.
 */
export function relativeHalfWidth(members: number): number {
  return members < 2 ? Infinity : studentQuantile(members - 1) / Math.sqrt(members);
}
