import type { WorkerPort } from '#engine/client/worker-slot.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import type { BackendName, Executor } from '#engine/executors/executor.ts';
import { serve } from '#engine/protocol/rpc.ts';
import type { WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import { trainingHandlers } from '#engine/worker/handlers.ts';
import { ok } from '#lib/result.ts';

/** A candidate that runs the reference executor under the name of another backend. */
export function referenceAs(
  backend: BackendName,
  change: (executor: Executor) => Partial<Executor> = () => ({}),
): Candidate {
  return {
    backend,
    adapter: null,
    create: () => {
      const executor: Executor = { ...createReferenceExecutor(), backend };
      return Promise.resolve(ok({ ...executor, ...change(executor) }));
    },
  };
}

/** A worker on this thread: the real handlers behind a MessageChannel, which can be made to die or fall silent. */
export interface ChannelWorker extends WorkerPort {
  readonly die: (message: string) => void;
  /** From now on nothing it says arrives. */
  readonly mute: () => void;
  readonly terminated: () => boolean;
  /** Jobs that it was given so far. */
  readonly jobs: () => number;
}

/** now: the worker's clock. */
export function channelWorker(candidates: readonly Candidate[], now?: () => number): ChannelWorker {
  const { port1, port2 } = new MessageChannel();
  let muted = false;
  serve<WorkerMethods, WorkerEvent>(
    {
      postMessage: (message, transfer) => {
        if (!muted) port2.postMessage(message, transfer);
      },
      addEventListener: (type, listener) => {
        port2.addEventListener(type, listener);
      },
      removeEventListener: (type, listener) => {
        port2.removeEventListener(type, listener);
      },
      start: () => {
        port2.start();
      },
    },
    (emit) => trainingHandlers(emit, (request) => chooseBackend(request, candidates), now),
  );
  let terminated = false;
  let jobs = 0;
  return {
    postMessage: (message, transfer) => {
      if ((message as { readonly method?: string }).method === 'run') jobs += 1;
      port1.postMessage(message, transfer);
    },
    addEventListener: (type, listener) => {
      port1.addEventListener(type, listener);
    },
    removeEventListener: (type, listener) => {
      port1.removeEventListener(type, listener);
    },
    start: () => {
      port1.start();
    },
    terminate: () => {
      // The thread goes on here: the job is told to stop, so that it does not compute behind the test's back.
      port1.postMessage({ kind: 'call', id: -1, method: 'control', params: 'stop' });
      muted = terminated = true;
      port1.close();
    },
    die: (message) => {
      muted = true;
      port1.dispatchEvent(Object.assign(new Event('error'), { message }));
    },
    mute: () => {
      muted = true;
    },
    terminated: () => terminated,
    jobs: () => jobs,
  };
}
