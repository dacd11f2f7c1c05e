import { Worker } from 'node:worker_threads';

/** What `startThread` hands over to a thread, as its `workerData`. */
export interface ThreadData<T> {
  /** The module that it runs. */
  readonly entry: string;
  readonly data: T;
}

/** Starts a thread that runs a TypeScript module. */
export function startThread<T>(entry: URL, data: T): Worker {
  const workerData: ThreadData<T> = { entry: entry.href, data };
  return new Worker(new URL('./thread.mjs', import.meta.url), { workerData });
}
