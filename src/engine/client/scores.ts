import { resultOf } from '#audit/subgroup-rows.ts';
import { connect } from '#engine/protocol/rpc.ts';
import type { ScoreDesks, ScoreMethods } from '#engine/protocol/scores.ts';

/** Every open desk has a worker of its own, which ends with it. */
export function createScoreDesks(): ScoreDesks {
  return {
    open: async (table, options) => {
      const worker = new Worker(new URL('../worker/scores-main.ts', import.meta.url), { type: 'module' });
      const connection = connect<ScoreMethods, never>(worker, () => undefined);
      const close = (): void => {
        worker.terminate();
        connection.dead({ code: 'closed', message: 'The scores are closed.', details: {} });
      };
      try {
        const groups = await connection.call('open', { table, options });
        return { groups, at: async (code) => resultOf(await connection.call('at', code)), close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
