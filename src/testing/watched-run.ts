import { createEngine } from '#engine/client/engine.ts';
import type { MemberResult, RunEvent, RunHandle, RunRequest } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { channelWorker, referenceAs } from './channel-worker.ts';
import type { ChannelWorker } from './channel-worker.ts';
import { tinyData, tinyPlan } from './tiny-run.ts';

/** A page that can be hidden. */
export class Page extends EventTarget {
  hidden = false;
  hide(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

/** A run on workers of this thread, and everything that it said. */
export interface WatchedRun {
  readonly handle: RunHandle;
  readonly events: RunEvent[];
  readonly workers: ChannelWorker[];
  readonly members: () => MemberResult[];
  readonly names: () => string[];
  readonly notices: () => string[];
}

/** Starts the tiny run, or what `changes` make of it, in a world that `world` describes. */
export function startWatched(
  changes: Partial<RunRequest> = {},
  world: {
    readonly candidates?: readonly Candidate[];
    readonly cores?: number;
    readonly now?: () => number;
    readonly page?: Page;
    readonly workerNow?: () => number;
    readonly spawned?: (worker: ChannelWorker, index: number) => void;
    readonly heard?: (event: RunEvent, run: WatchedRun) => void;
  } = {},
): WatchedRun {
  const events: RunEvent[] = [];
  const workers: ChannelWorker[] = [];
  const engine = createEngine({
    spawn: () => {
      const worker = channelWorker(world.candidates ?? [referenceAs('simd')], world.workerNow);
      workers.push(worker);
      world.spawned?.(worker, workers.length - 1);
      return worker;
    },
    cores: world.cores ?? 2,
    hidden: () => world.page?.hidden ?? false,
    onVisibility: (listener) => {
      world.page?.addEventListener('visibilitychange', listener);
      return () => world.page?.removeEventListener('visibilitychange', listener);
    },
    now: world.now ?? (() => performance.now()),
  });
  const members = (): MemberResult[] => events.filter((event) => event.kind === 'member').map(({ result }) => result);
  const run: WatchedRun = {
    handle: engine.start({ plan: tinyPlan(), data: tinyData(), done: [], ...changes }, (event) => {
      events.push(event);
      world.heard?.(event, run);
    }),
    events,
    workers,
    members,
    names: () => members().map(({ key }) => keyText(key)),
    notices: () => events.filter((event) => event.kind === 'notice').map(({ message }) => message),
  };
  return run;
}

export const LEVELS = ['baseline', 'pruned-0.5', 'pruned-0.9', 'hybrid-int8', 'fixed-int8'];
/** The names of all members of the tiny run. */
export const ALL = LEVELS.flatMap((level) => [`${level} 0`, `${level} 1`]).sort();
export const weightsOf = (run: WatchedRun): Map<string, Float32Array> =>
  new Map(run.members().map(({ key, weights }) => [keyText(key), weights]));
