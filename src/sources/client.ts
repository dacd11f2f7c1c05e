import { fail, ProblemError, type Problem } from '#lib/result.ts';
import type { SourceAnswer, SourceCalls, SourceMessage, SourceMethod } from './protocol.ts';
import type { LoadOptions, SourceProgress, Sources } from './source.ts';

interface Pending {
  readonly resolve: (reply: SourceCalls[SourceMethod]['reply']) => void;
  readonly fail: (problem: Problem) => void;
  readonly onProgress: ((progress: SourceProgress) => void) | undefined;
  readonly release: () => void;
}

export interface SourcesOptions {
  /** Where the files of public/datasets are served; by default beside the page. */
  readonly datasetsUrl?: string;
}

const DIED: Problem = {
  code: 'worker-died',
  message:
    'Loading broke off: the part of the browser that did it stopped. Try again, with fewer data if it was memory.',
};

/**
 * The sources behind a worker of their own, started at the first call and again after it died. Every promise settles: with
 * a problem `stopped` at once when the signal aborts, with `worker-died` when the worker goes. `picture` rejects with a
 * ProblemError instead.
 */
export function createSources(options: SourcesOptions = {}): Sources {
  const datasetsUrl = options.datasetsUrl ?? new URL('datasets/', document.baseURI).href;
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let calls = 0;

  const end = (problem: Problem): void => {
    worker?.terminate();
    worker = null;
    for (const call of [...pending.values()]) call.fail(problem);
  };

  const receive = (answer: SourceAnswer): void => {
    const call = pending.get(answer.id);
    if (!call) {
      if (answer.kind === 'reply' && answer.reply.ok && answer.reply.value instanceof ImageBitmap)
        answer.reply.value.close();
      return;
    }
    switch (answer.kind) {
      case 'progress':
        call.onProgress?.(answer.progress);
        break;
      case 'reply':
        call.resolve(answer.reply);
        break;
      case 'broken':
        call.fail(answer.problem);
        break;
      default:
        answer satisfies never;
    }
  };

  const startWorker = (): Worker => {
    const started = new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module', name: 'sources' });
    started.addEventListener('message', (event: MessageEvent<SourceAnswer>) => {
      receive(event.data);
    });
    const died = (): void => {
      if (started === worker) end(DIED);
    };
    started.addEventListener('error', died);
    started.addEventListener('messageerror', died);
    return started;
  };

  const call = <M extends SourceMethod>(
    method: M,
    request: SourceCalls[M]['request'],
    load: LoadOptions,
  ): Promise<SourceCalls[M]['reply']> => {
    const id = ++calls;
    const { signal, onProgress } = load;
    return new Promise((resolve) => {
      const settle = (reply: SourceCalls[SourceMethod]['reply']): void => {
        pending.get(id)?.release();
        pending.delete(id);
        // The worker answers a call with the reply of its method.
        resolve(reply as SourceCalls[M]['reply']);
      };
      const stop = (): void => {
        worker?.postMessage({ kind: 'cancel', id } satisfies SourceMessage);
        settle(fail('stopped', 'Loading was stopped.'));
      };
      if (signal?.aborted) {
        settle(fail('stopped', 'Loading was stopped.'));
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      pending.set(id, {
        resolve: settle,
        fail: (problem) => {
          settle({ ok: false, problem });
        },
        onProgress,
        release: () => signal?.removeEventListener('abort', stop),
      });
      worker ??= startWorker();
      try {
        // The correlation of method and request is checked by the signature above.
        worker.postMessage({ kind: 'call', id, method, request } as SourceMessage);
      } catch (error) {
        settle(fail('internal', `Loading failed: ${String(error)}`)); // what cannot be cloned
      }
    });
  };

  return {
    builtin: (builtin, load) =>
      call(
        'builtin',
        {
          builtin,
          datasetsUrl,
          ...(load.count !== undefined && { count: load.count }),
          ...(load.seed !== undefined && { seed: load.seed }),
        },
        load,
      ),
    inspect: (files, load) => call('inspect', { files }, load),
    load: ({ token }, mapping, load) =>
      call('load', { token, mapping, ...(load.seed !== undefined && { seed: load.seed }) }, load),
    picture: async (of, size) => {
      const reply = await call('picture', { of, size }, {});
      if (!reply.ok) throw new ProblemError(reply.problem);
      return reply.value;
    },
    dispose: () => {
      end({ code: 'stopped', message: 'Loading was stopped.' });
    },
  };
}
