import type { Uncertain } from './crossed.ts';
import type { Estimate } from './result.ts';

/** Both ends of a 95 % interval, or null. */
export type Interval = readonly [number, number] | null;

/** 95 % intervals: were only the examples drawn anew, only the members, both. */
export interface IntervalsJson {
  readonly examples: Interval;
  readonly members: Interval;
  readonly both: Interval;
}

export function interval({ low, high }: Estimate): Interval {
  return low === null || high === null ? null : [low, high];
}

export function intervals({ examples, members, both }: Uncertain): IntervalsJson {
  return { examples: interval(examples), members: interval(members), both: interval(both) };
}
