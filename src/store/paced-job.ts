/** After a turn the job rests for so many times as long as the turn took. */
const REST = 9;

/** A job that is asked for more often than it should run. Only one turn runs at a time. */
export interface PacedJob {
  /** Asks for a turn, after the rest. Any number of such wishes are one turn. */
  readonly soon: () => void;
  /** Settles after a turn that begins as soon as the one in hand is over; takes the place of wishes so far. */
  readonly now: () => Promise<void>;
}

/**
 * Counting over all members costs more the more of them there are, and training needs the cores: a turn is followed by nine
 * times its own length of rest, so that it never takes more than a tenth of one core. `work` must not reject.
 */
export function pacedJob(work: () => Promise<void>): PacedJob {
  let last: Promise<void> = Promise.resolve();
  let working = 0; // turns begun or queued
  let restedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let wished = false;

  const now = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    wished = false;
    working++;
    last = last.then(async () => {
      const begin = performance.now();
      await work();
      const end = performance.now();
      restedAt = end + REST * (end - begin);
      working--;
      if (wished) soon();
    });
    return last;
  };
  const soon = (): void => {
    wished = true;
    if (working > 0 || timer !== null) return;
    const wait = restedAt - performance.now();
    if (wait <= 0) void now();
    else timer = setTimeout(() => void now(), wait);
  };
  return { soon, now };
}
