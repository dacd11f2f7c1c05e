import { withTimeLimit } from '#engine/worker/time-limit.ts';
import { median } from '../report/statistics.ts';
import type { Host, Opened, Session, Task } from './host.ts';

/** A trainer on one or more workers of a host, which work at the same time. */
export interface Entry {
  readonly host: Host;
  readonly task: Task;
  readonly workers: number;
}

/** What was measured of an entry. */
export interface Timing {
  readonly opened: Opened;
  /** Milliseconds a step, of all readings of all workers. */
  readonly msPerStep: readonly number[];
  /** Member-steps a second of all workers together, one a round. */
  readonly rounds: readonly number[];
}
/** What was measured, or why nothing could be. */
export type Outcome = { readonly ok: true; readonly value: Timing } | { readonly ok: false; readonly reason: string };

export interface Pace {
  readonly rounds: number;
  /** A trainer trains so long a round, and at least one step. */
  readonly sliceMs: number;
  /** A trainer that has used so much time leaves after its second round: software adapters take seconds a step. */
  readonly budgetMs: number;
}

/** Where the work stands, and whether it is still wanted. */
export interface Progress {
  readonly say: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

const LIMIT_MS = 180_000;

/** The name of an entry in messages: "simd relaxed in chromium, 2 workers". */
export function entryName({ host, task, workers }: Entry): string {
  const parts = [task.trainer, task.variant ?? task.backend ?? ''].join(' ').trim();
  const many = task.members > 1 ? `, ${String(task.members)} members` : '';
  return `${parts} in ${host.where}${many}${workers > 1 ? `, ${String(workers)} workers` : ''}`;
}

/** The sessions of an entry as they are timed. */
interface Open {
  readonly entry: Entry;
  readonly sessions: readonly Session[];
  readonly msPerStep: number[];
  readonly rounds: number[];
  spentMs: number;
  failure: string | null;
}

/**
 * Times the entries in turns, one short slice each, round after round, every other round in reverse: what a machine does
 * meanwhile meets them all alike. One that fails, or takes minutes for one answer, is left out with its reason. `inspect` may
 * ask an opened session for more before the first round. Outcomes in the order of the entries; rejects only where stopped.
 */
export async function timeInTurns(
  entries: readonly Entry[],
  pace: Pace,
  progress: Progress,
  inspect: (session: Session, position: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Outcome[]> {
  const opened: Open[] = [];
  try {
    for (const [position, entry] of entries.entries()) {
      progress.signal?.throwIfAborted();
      progress.say(`starting ${entryName(entry)}`);
      opened.push(await openEntry(entry, (session) => inspect(session, position)));
    }
    for (let round = 0; round < pace.rounds; round++) {
      const order = round % 2 === 0 ? opened : [...opened].reverse();
      for (const open of order) {
        const tooSlow = open.rounds.length >= 2 && open.spentMs >= pace.budgetMs;
        if (open.failure !== null || tooSlow) continue;
        progress.signal?.throwIfAborted();
        progress.say(`round ${String(round + 1)} of ${String(pace.rounds)}: ${entryName(open.entry)}`);
        await takeTurn(open, pace.sliceMs);
      }
    }
  } finally {
    await Promise.allSettled(opened.flatMap(({ sessions }) => sessions.map((session) => session.close())));
  }
  return opened.map(({ sessions, msPerStep, rounds, failure }): Outcome => {
    const [first] = sessions;
    if (failure !== null || first === undefined) return { ok: false, reason: failure ?? 'it was not started' };
    return { ok: true, value: { opened: first.opened, msPerStep, rounds } };
  });
}

async function openEntry(entry: Entry, inspect: (session: Session) => Promise<void>): Promise<Open> {
  const sessions: Session[] = [];
  let failure: string | null = null;
  try {
    for (let worker = 0; worker < entry.workers; worker++)
      sessions.push(await limited(entry.host.open(entry.task), 'it did not start'));
    await limited(inspect(sessions[0]!), 'it did not count its calls');
  } catch (error) {
    failure = reasonOf(error);
  }
  return { entry, sessions, msPerStep: [], rounds: [], spentMs: 0, failure };
}

async function takeTurn(open: Open, sliceMs: number): Promise<void> {
  const begin = performance.now();
  try {
    const slices = await Promise.all(
      open.sessions.map((session) => limited(session.slice(sliceMs), 'it did not finish a step')),
    );
    open.msPerStep.push(...slices.flat());
    const { members } = open.entry.task;
    open.rounds.push(slices.reduce((sum, readings) => sum + (1000 * members) / median(readings), 0));
  } catch (error) {
    open.failure = reasonOf(error);
  }
  open.spentMs += performance.now() - begin;
}

function limited<T>(work: Promise<T>, what: string): Promise<T> {
  return withTimeLimit(work, LIMIT_MS, `${what} within ${String(LIMIT_MS / 60_000)} minutes`);
}

/** The first line of what was thrown. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim();
}
