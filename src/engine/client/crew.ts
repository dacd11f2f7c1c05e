import type { MemberQueue } from '#engine/client/member-queue.ts';
import type { EngineEnvironment, OpeningSlot, WorkerSlot } from '#engine/client/worker-slot.ts';
import { problemOf } from '#engine/protocol/errors.ts';
import type { RunEvent } from '#engine/protocol/run.ts';
import type { Job, WorkerMethods } from '#engine/protocol/worker-methods.ts';

/** Small enough that finished members keep coming in. */
const MOST_TOGETHER = 8;
const MOST_TOGETHER_IN_SOFTWARE = 4;
/** After so many losses of its worker a GPU is not trusted again in this run. */
const MOST_GPU_LOSSES = 2;
/** Workers that cannot be started so often in a row end the run. */
const MOST_FALSE_STARTS = 3;

/** The workers of one backend, at work on the queue. */
export interface Crew {
  /** `done`: the queue is empty or the crew was stopped. `lost`: the GPU was lost twice. Rejects where no worker can be started. */
  readonly finished: Promise<'done' | 'lost'>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

interface OpenSlot {
  readonly slot: WorkerSlot;
  readonly close: () => void;
}

/** CPU workers for a machine: all cores but one for the page, and both of two. */
export function workerCount(cores: number): number {
  return Math.max(1, cores > 2 ? cores - 1 : cores);
}

/**
 * Puts workers to work: one on a GPU, which trains several members together, or one a core, which trains a member at a
 * time. The lead is the worker that found the backend. A worker that dies is replaced and its members go back to the queue.
 */
export function crew(options: {
  readonly queue: MemberQueue;
  readonly lead: OpenSlot;
  readonly open: (admit: WorkerMethods['admit']['params']) => OpeningSlot;
  readonly environment: EngineEnvironment;
  readonly emit: (event: RunEvent) => void;
  readonly paused: boolean;
}): Crew {
  const { queue, lead, open, environment, emit } = options;
  const { backend, detail, reason, tried, software } = lead.slot.admitted;
  const gpu = backend === 'webgpu' || backend === 'webgl';
  const workers = gpu ? 1 : Math.min(workerCount(environment.cores), queue.open());
  const together = gpu ? (software ? MOST_TOGETHER_IN_SOFTWARE : MOST_TOGETHER) : 1;
  const active = new Set([lead.slot]);
  let { paused } = options;
  let stopped = false;
  let losses = 0;
  let wake: () => void = () => undefined;
  let change = new Promise<void>((resolve) => (wake = resolve));
  /** Whoever waits for work, or for the end of a pause, looks again. */
  const changed = (): void => {
    wake();
    change = new Promise((resolve) => (wake = resolve));
  };

  const dismiss = ({ slot, close }: OpenSlot): void => {
    active.delete(slot);
    close();
  };
  const replacement = async (): Promise<OpenSlot> => {
    const opening = open({ only: backend, avoid: [] });
    try {
      const slot = await opening.ready;
      active.add(slot);
      return { slot, close: opening.close };
    } catch (error) {
      opening.close();
      throw error;
    }
  };

  const giveBack = (job: Job, error: unknown): void => {
    const { message } = problemOf(error);
    const members = job.training.length + job.postTraining.length;
    const what = members === 1 ? 'its member is' : `its ${String(members)} members are`;
    emit({ kind: 'notice', message: `A worker was lost (${message.replace(/\.$/, '')}); ${what} taken up again.` });
    for (const key of queue.giveBack(job)) {
      const problem = { code: 'member-failed', message: `It failed three times, the last time because: ${message}` };
      emit({ kind: 'member-failed', key, problem });
    }
  };

  /** One worker's life and those of its successors. */
  const work = async (first: OpenSlot | null): Promise<'done' | 'lost'> => {
    let current = first;
    let falseStarts = 0;
    while (!stopped && queue.open() > 0) {
      if (paused) {
        await change;
        continue;
      }
      if (current === null) {
        try {
          current = await replacement();
          falseStarts = 0;
        } catch (error) {
          if (stopped) break;
          falseStarts += 1;
          if (gpu) return 'lost';
          if (falseStarts === MOST_FALSE_STARTS) throw error;
        }
        continue;
      }
      const job = queue.take(Math.min(together, current.slot.maxMembers));
      if (job === null) {
        await change; // what is left is being made elsewhere and may come back
        continue;
      }
      try {
        const outcome = await current.slot.run(job);
        if (outcome === 'stopped' && !stopped) throw new Error('It stopped by itself.');
      } catch (error) {
        dismiss(current);
        current = null;
        if (stopped) break;
        losses += 1;
        giveBack(job, error);
        if (gpu && losses === MOST_GPU_LOSSES) return 'lost';
      } finally {
        changed();
      }
    }
    if (current !== null) dismiss(current);
    return 'done';
  };

  emit({ kind: 'admitted', admission: { backend, detail, workers, reason, tried } });
  const crewWork = Array.from({ length: workers }, (_, i) => work(i === 0 ? lead : null));
  const control = (command: 'pause' | 'resume' | 'stop'): void => {
    for (const slot of active) slot.control(command);
    changed();
  };
  return {
    finished: settle(crewWork),
    pause: () => {
      paused = true;
      control('pause');
    },
    resume: () => {
      paused = false;
      control('resume');
    },
    stop: () => {
      stopped = true;
      control('stop');
    },
  };
}

/** A worker that gives up while others can work is no loss; the crew has failed when all have. */
async function settle(work: readonly Promise<'done' | 'lost'>[]): Promise<'done' | 'lost'> {
  const ends = await Promise.allSettled(work);
  const outcomes = ends.filter((end) => end.status === 'fulfilled').map((end) => end.value);
  if (outcomes.includes('lost')) return 'lost';
  if (outcomes.length > 0) return 'done';
  const [first] = ends;
  throw first?.status === 'rejected' ? first.reason : new Error('There was no worker.');
}
