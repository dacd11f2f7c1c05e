import { connect } from '#engine/protocol/rpc.ts';
import type { Host, Session } from '../run/host.ts';
import type { BenchMethods } from '../worker/handlers.ts';

/** This page: every trainer in a worker of its own, which ends with its session. */
export const browserHost: Host = {
  where: 'browser',
  open: async (task) => {
    const worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
    const connection = connect<BenchMethods, never>(worker, () => undefined);
    try {
      const opened = await connection.call('open', task);
      const session: Session = {
        opened,
        slice: (ms) => connection.call('slice', { ms }),
        count: () => connection.call('count', null),
        close: () => {
          worker.terminate();
          connection.dead({ code: 'closed', message: 'The trainer was closed.', details: {} });
          return Promise.resolve();
        },
      };
      return session;
    } catch (error) {
      worker.terminate();
      throw error;
    }
  },
};
