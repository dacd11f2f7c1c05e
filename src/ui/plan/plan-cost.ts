import { studentQuantile } from '#audit/intervals.ts';
import type { PlanState } from '#store/state.ts';

/** A timed pace holds to about this share either way: other work on the machine, the size of the levels. */
const SPREAD = 0.15;
/** Where another model was timed, its operations do not run as fast or as slow as those of this one. */
const SPREAD_OF_ANOTHER = 0.5;

export interface PlanTime {
  readonly low: number; // ms
  readonly high: number; // ms
  /** Whether the pace is that of a model of another size. */
  readonly ofAnother: boolean;
}

/** How long a plan takes at the pace that was measured on this machine; null where none was, or no model can be built. */
export function planTime({ costs, pace }: Pick<PlanState, 'costs' | 'pace'>): PlanTime | null {
  if (costs === null || pace === null) return null;
  const ofAnother = pace.macsStep !== costs.member.macsStep;
  const spread = ofAnother ? SPREAD_OF_ANOTHER : SPREAD;
  const time = costs.operations * pace.msPerOperation;
  return { low: time * (1 - spread), high: time * (1 + spread), ofAnother };
}

/**
 * Half the width of the 95 % interval of a mean over `members`, in units of how much single members differ (their standard
 * deviation): Student's t over the square root of the members. Infinity below two members.
 */
export function relativeHalfWidth(members: number): number {
  return members < 2 ? Infinity : studentQuantile(members - 1) / Math.sqrt(members);
}
