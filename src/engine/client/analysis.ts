import type { AuditDepth } from '#audit/result.ts';
import type { Analysis, AnalysisReply, AnalysisRequest } from '#engine/protocol/analysis.ts';

type Waiting = { readonly resolve: (reply: AnalysisReply) => void; readonly reject: (error: Error) => void };

/** The analysis worker, started at the first question. If it dies every question in hand is rejected and the next one starts another. */
export function createAnalysis(): Analysis {
  let worker: Worker | null = null;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();
  /** Who waits for the depth of the latest audit. */
  let deep: { readonly id: number; readonly tell: (depth: AuditDepth) => void } | null = null;

  const start = (): Worker => {
    const started = new Worker(new URL('../worker/analysis-main.ts', import.meta.url), { type: 'module' });
    started.onmessage = (event: MessageEvent<AnalysisReply>) => {
      const reply = event.data;
      if (reply.kind === 'depth') {
        if (deep?.id === reply.id) deep.tell(reply.depth);
        return;
      }
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.kind === 'failed') asked?.reject(new Error(reply.message));
      else asked?.resolve(reply);
    };
    started.onerror = (event) => {
      worker = null;
      started.terminate();
      for (const asked of waiting.values()) asked.reject(new Error(`The analysis stopped: ${event.message}`));
      waiting.clear();
    };
    return started;
  };
  const ask = (request: AnalysisRequest): Promise<AnalysisReply> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });

  return {
    audit: async (table, options, onDepth) => {
      const id = nextId++;
      deep = { id, tell: onDepth };
      const reply = await ask({ kind: 'audit', id, table, options });
      if (reply.kind !== 'audit') throw new Error('The analysis answered another question.');
      return reply.result;
    },
    live: async (table, seed) => {
      const reply = await ask({ kind: 'live', id: nextId++, table, seed });
      if (reply.kind !== 'live') throw new Error('The analysis answered another question.');
      return reply.counts;
    },
    reviewers: async (ratings, seed) => {
      const reply = await ask({ kind: 'reviewers', id: nextId++, ratings, seed });
      if (reply.kind !== 'reviewers') throw new Error('The analysis answered another question.');
      return reply.agreement;
    },
  };
}
