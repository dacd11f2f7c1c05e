import type { MemberQueue } from '#engine/client/member-queue.ts';
import type { DeviceProblem } from '#engine/executors/executor.ts';
import type { OpeningSlot, WorkerSlot } from '#engine/client/worker-slot.ts';
import { problemOf } from '#engine/protocol/errors.ts';
import type { RunEvent } from '#engine/protocol/run.ts';
import type { Job, WorkerMethods } from '#engine/protocol/worker-methods.ts';

/** Small enough that finished members keep coming in. */
export const MOST_TOGETHER = 8;
const MOST_TOGETHER_IN_SOFTWARE = 4;
/** After so many losses of its worker a GPU is not trusted again in this run. */
const MOST_GPU_LOSSES = 2;
/** Workers that cannot be started so often in a row end the run. */
const MOST_FALSE_STARTS = 3;

/** The workers of one backend, at work on the queue. */
export interface Crew {
  /** `done`: the queue is empty or the crew was stopped. `lost`: the GPU was lost twice. Rejects where no worker can be started, or a GPU refused a command. */
  readonly finished: Promise<'done' | 'lost'>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
  /** Another number of workers may be wanted from now on. */
  readonly recount: () => void;
}

interface OpenSlot {
  readonly slot: WorkerSlot;
  readonly close: () => void;
}

/**
 * Puts workers to work: one on a GPU, which trains several members together, or as many as `cpuWorkers` says on a CPU, each
 * of which trains a member at a time. The lead is the worker that found the backend. A worker that dies is replaced and its
 * members go back to the queue, to be gone on with from their last checkpoint. A GPU that has no memory for its members gets
 * half as many, and so does one that is lost before it has computed a step. One that refuses a command ends the run, as
 * nothing it gives could be trusted. Where fewer workers are wanted, one too many
 * finishes its member and then rests.
 */
export function crew(options: {
  readonly queue: MemberQueue;
  readonly lead: OpenSlot;
  readonly open: (admit: WorkerMethods['admit']['params']) => OpeningSlot;
  /** How many CPU workers are wanted now. */
  readonly cpuWorkers: () => number;
  /** Most CPU workers that will ever be wanted. */
  readonly mostWorkers: number;
  readonly emit: (event: RunEvent) => void;
  readonly paused: boolean;
  /** Most members that an earlier run found memory for on the device of the lead. */
  readonly mostMembers?: number;
  /** The device has memory for no more members at once than this. */
  readonly onLimit?: (members: number) => void;
}): Crew {
  const { queue, lead, open, cpuWorkers, emit, mostMembers = Infinity, onLimit } = options;
  const { backend, detail, reason, tried, software, race } = lead.slot.admitted;
  const gpu = backend === 'webgpu' || backend === 'webgl';
  const wanted = (): number => (gpu ? 1 : Math.min(cpuWorkers(), mostSeats));
  const mostSeats = gpu ? 1 : Math.min(options.mostWorkers, queue.open());
  let together = gpu ? Math.min(mostMembers, software ? MOST_TOGETHER_IN_SOFTWARE : MOST_TOGETHER) : 1;
  const active = new Set([lead.slot]);
  let { paused } = options;
  let stopped = false;
  let losses = 0;
  let announced = wanted();
  /** The places of workers that have not given up. */
  const seats: number[] = [];
  const isSurplus = (seat: number): boolean => seats.indexOf(seat) >= wanted();
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
    const why = message.replace(/\.$/, '');
    emit({
      kind: 'notice',
      message: `A worker was lost (${why}). Another one starts, and ${what} taken up again where they were last saved.`,
    });
    for (const key of queue.giveBack(job)) {
      const problem = { code: 'member-failed', message: `It failed three times, the last time because: ${message}` };
      emit({ kind: 'member-failed', key, problem });
    }
  };

  /** Fewer members at once from now on, where they may have been too many for the device; false if they were not. */
  const halve = (job: Job, code: string, hasStepped: boolean): boolean => {
    const members = job.training.length;
    const full = code === ('gpu-memory' satisfies DeviceProblem);
    if (!gpu || members < 2 || (!full && hasStepped)) return false;
    together = Math.floor(members / 2);
    if (!full) return false; // a loss it was all the same
    emit({
      kind: 'notice',
      message: `The GPU has no memory for ${String(members)} members at once. They are trained again, ${String(together)} at once.`,
    });
    onLimit?.(together);
    queue.putBack(job);
    return true;
  };

  /** One worker's life and those of its successors, in one seat. */
  const work = async (seat: number): Promise<'done' | 'lost'> => {
    let current = seat === 0 ? lead : null;
    let falseStarts = 0;
    while (!stopped && queue.open() > 0) {
      if (paused || isSurplus(seat)) {
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
          if (falseStarts === MOST_FALSE_STARTS) {
            seats.splice(seats.indexOf(seat), 1);
            changed();
            throw error;
          }
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
        const { code } = problemOf(error);
        const hasStepped = current.slot.hasStepped();
        dismiss(current);
        current = null;
        if (stopped) break;
        if (code === ('gpu-invalid' satisfies DeviceProblem)) throw error; // it would be so again
        if (halve(job, code, hasStepped)) continue;
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

  const admission = { backend, detail, workers: announced, reason, tried };
  emit({ kind: 'admitted', admission: race === null ? admission : { ...admission, race } });
  for (let seat = 0; seat < mostSeats; seat++) seats.push(seat);
  const crewWork = seats.map(work);
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
    recount: () => {
      const workers = wanted();
      if (workers !== announced) emit({ kind: 'workers', workers });
      announced = workers;
      changed();
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
