import { Worker } from 'node:worker_threads';
import { connect, type Connection, type Port } from '#engine/protocol/rpc.ts';
import type { Host } from '../run/host.ts';
import type { BenchMethods } from '../worker/handlers.ts';

interface Thread {
  readonly worker: Worker;
  readonly connection: Connection<BenchMethods>;
}

/** Worker threads of this process; one whose session was closed serves the next. */
export function threadHost(): { readonly host: Host; readonly close: () => Promise<void> } {
  const all: Thread[] = [];
  const idle: Thread[] = [];
  const start = (): Thread => {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url));
    const thread = { worker, connection: connect<BenchMethods, never>(portOf(worker), () => undefined) };
    worker.once('exit', () => {
      thread.connection.dead({ code: 'worker-died', message: 'The thread ended.', details: {} });
    });
    all.push(thread);
    return thread;
  };
  return {
    host: {
      where: 'node',
      open: async (task) => {
        const thread = idle.pop() ?? start();
        const { connection } = thread;
        const opened = await connection.call('open', task); // one that refuses is not used again
        return {
          opened,
          slice: (ms) => connection.call('slice', { ms }),
          count: () => connection.call('count', null),
          close: async () => {
            await connection.call('close', null);
            idle.push(thread);
          },
        };
      },
    },
    close: async () => {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

/** A thread with the events of a worker in a browser. */
function portOf(worker: Worker): Port {
  const listeners = new Map<(event: Event) => void, (value: unknown) => void>();
  return {
    postMessage: (message) => {
      worker.postMessage(message);
    },
    addEventListener: (type, listener) => {
      const heard = (value: unknown): void => {
        const event = type === 'error' ? { message: String(value), preventDefault: () => undefined } : { data: value };
        listener(event as unknown as Event);
      };
      listeners.set(listener, heard);
      worker.on(type, heard);
    },
    removeEventListener: (type, listener) => {
      const heard = listeners.get(listener);
      if (heard) worker.off(type, heard);
    },
  };
}
