import type { Trainer } from './trainer.ts';

/** Trains for about so many milliseconds; gives the milliseconds a step of each reading. */
export type Runner = (ms: number) => Promise<number[]>;

/** A reading takes about so long: browsers round their clock to a tenth of a millisecond, and a GPU is waited for at its end. */
const READING_MS = 20;
/** Time for a compiler to notice what is hot. */
const WARM_UP_MS = 150;

/**
 * A runner for a trainer that has made its first step. A slice begins with a quarter of its time unread, in which caches and
 * clocks find back to this trainer; a step that takes longer than that is read at once. At least one reading of one step.
 * The same rules stand in pytorch/trainer.py.
 */
export async function steadyRunner(trainer: Trainer, now: () => number): Promise<Runner> {
  const run = async (steps: number): Promise<number> => {
    const begin = now();
    for (let step = 0; step < steps; step++) await trainer.step();
    await trainer.settle();
    return now() - begin;
  };
  let steps = 1;
  let last = await run(1);
  for (let spent = last; spent < WARM_UP_MS; spent += last) {
    if (last < READING_MS / 2) steps *= 2;
    last = await run(steps);
  }
  const group = Math.max(1, Math.round((READING_MS * steps) / last));
  const groupMs = (group * last) / steps;
  return async (ms) => {
    const begin = now();
    while (groupMs < ms / 4 && now() - begin < ms / 4) await run(group);
    const readings = [(await run(group)) / group];
    while (now() - begin < ms) readings.push((await run(group)) / group);
    return readings;
  };
}
