import type { LikenessDesks, LikenessMethods } from '#engine/protocol/likeness.ts';
import { connect } from '#engine/protocol/rpc.ts';

/** Whatever is opened has a worker of its own, which ends with it. */
export function createLikenessDesks(): LikenessDesks {
  return {
    open: async (embeddings) => {
      const worker = new Worker(new URL('../worker/likeness-main.ts', import.meta.url), { type: 'module' });
      const connection = connect<LikenessMethods, never>(worker, () => undefined);
      const close = (): void => {
        worker.terminate();
        connection.dead({ code: 'closed', message: 'The embeddings are closed.', details: {} });
      };
      try {
        await connection.call('open', embeddings, [embeddings.values.buffer as ArrayBuffer]);
      } catch (error) {
        close();
        throw error;
      }
      return {
        neighbours: (example, count) => connection.call('neighbours', { example, count }),
        groups: (question) => connection.call('groups', question),
        close,
      };
    },
  };
}
