import { spawn, type ChildProcess } from 'node:child_process';

/** A command line in a process of its own. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** Exit status (null where a signal ended it), output and error output. */
  readonly ended: Promise<{ readonly status: number | null; readonly out: string; readonly err: string }>;
}

/** Starts the real command line in a folder. */
export function startCli(folder: string, args: readonly string[]): CliProcess {
  const main = new URL('../cli/main.ts', import.meta.url).pathname;
  // tsx by its place: the folder knows no packages.
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], { cwd: folder });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  return {
    child,
    ended: new Promise((done, failed) => {
      child.on('error', failed).on('close', (status) => {
        done({ status, ...texts });
      });
    }),
  };
}
