/** The machine and how it is used. */
export interface CoreUse {
  /** Logical cores. */
  readonly cores: number;
  /** Whether the page is hidden, so that nothing on it has to be drawn. */
  readonly hidden: boolean;
  /** Whether the person asked for every core. */
  readonly all: boolean;
}

/**
 * How many CPU workers train at once: every core where the page is hidden or the person asked for it, otherwise all but one,
 * which is left to the page. Of two cores both are used: one alone would take twice as long, and the page needs little.
 * At least 1.
 */
export function workerCount({ cores, hidden, all }: CoreUse): number {
  return Math.max(1, cores > 2 && !hidden && !all ? cores - 1 : cores);
}
