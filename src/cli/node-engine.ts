import type { EngineEnvironment, WorkerPort } from '#engine/client/worker-slot.ts';
import { startThread } from './thread.ts';

/** The engine's world in Node: worker threads instead of workers, `workers` of them at once. */
export function nodeEnvironment(workers: number): EngineEnvironment {
  return {
    spawn: trainingThread,
    cores: workers,
    hidden: () => true, // there is no page that needs a core
    onVisibility: () => () => undefined,
    now: () => performance.now(),
  };
}

/** A training thread with the face of a Worker. */
function trainingThread(): WorkerPort {
  const thread = startThread(new URL('./run-worker.ts', import.meta.url), null);
  const events = new EventTarget();
  const died = (message: string): void => {
    events.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  };
  thread.on('message', (data: unknown) => events.dispatchEvent(new MessageEvent('message', { data })));
  thread.on('messageerror', () => events.dispatchEvent(new Event('messageerror')));
  thread.on('error', (error) => {
    died(error.message);
  });
  thread.on('exit', (code) => {
    died(`its thread ended with status ${String(code)}`);
  });
  return {
    postMessage: (message, transfer) => {
      thread.postMessage(message, transfer as ArrayBuffer[]); // buffers are all that this protocol hands over
    },
    addEventListener: (type, listener) => {
      events.addEventListener(type, listener);
    },
    removeEventListener: (type, listener) => {
      events.removeEventListener(type, listener);
    },
    terminate: () => {
      void thread.terminate();
    },
  };
}
