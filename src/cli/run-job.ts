import { parentPort, workerData } from 'node:worker_threads';
import type { RunArguments } from './run-arguments.ts';
import { run, type RunEnd } from './run.ts';
import type { ThreadData } from './thread.ts';

/** What the thread of a run tells the main thread. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'end'; readonly end: RunEnd };

/** The thread of `cli run`: all that takes long is done here, so that the main thread always hears Ctrl-C. Any message stops it. */
if (parentPort === null) throw new Error('This is the entry of a thread.');
const main = parentPort;
const say = (message: JobMessage): void => {
  main.postMessage(message);
};
const controller = new AbortController();
main.once('message', () => {
  controller.abort();
});

const end = await run((workerData as ThreadData<RunArguments>).data, {
  signal: controller.signal,
  show: (text) => {
    say({ kind: 'progress', text });
  },
  note: (text) => {
    say({ kind: 'note', text });
  },
});
say({ kind: 'end', end });
