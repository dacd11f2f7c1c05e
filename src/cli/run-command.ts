import { answer } from './answer.ts';
import { buildKernels } from './kernels.ts';
import { progressLine } from './progress-line.ts';
import { runArguments, type RunArguments } from './run-arguments.ts';
import { removeUnfinished } from './run-folder.ts';
import type { JobMessage } from './run-job.ts';
import { goOn, INTERRUPTED, type RunEnd } from './run.ts';
import { startThread } from './thread.ts';

/** How long a stop waits for what is in hand. */
const GRACE_MS = 1500;

/**
 * `cli run`: trains a plan and writes what was found into a folder. Exit status 0; 1 where training failed; 2 with one line
 * for bad input; 130 where it was interrupted, within two seconds, and then the same command goes on.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const parsed = runArguments(args);
  if (!parsed.ok) return answer(parsed);
  if (parsed.value.backend === 'simd') buildKernels();
  const end = await runInThread(parsed.value);
  if (end.status === INTERRUPTED) removeUnfinished(parsed.value.out);
  process.stdout.write(end.found);
  return end.status;
}

async function runInThread(args: RunArguments): Promise<RunEnd> {
  const progress = progressLine(process.stderr, () => performance.now());
  const job = startThread(new URL('./run-job.ts', import.meta.url), args);
  const end = await new Promise<RunEnd>((resolve, reject) => {
    job.on('message', (message: JobMessage) => {
      if (message.kind === 'progress') progress.show(message.text);
      else if (message.kind === 'note') progress.note(message.text);
      else resolve(message.end);
    });
    job.on('error', reject);
    const stop = (): void => {
      job.postMessage('stop');
      setTimeout(() => {
        resolve({ status: INTERRUPTED, said: goOn(args.out), found: '' });
      }, GRACE_MS).unref();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  await job.terminate();
  progress.note(end.said);
  return end;
}
