import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Answer } from '../page/remote.ts';
import type { Host, Task } from '../run/host.ts';
import { LEARNING_RATE, programOf } from '../run/workload.ts';

const SCRIPT = fileURLToPath(new URL('../pytorch/trainer.py', import.meta.url));
const CANDIDATES = [process.env['LONGTAIL_PYTHON'], 'python3', '/usr/bin/python3', 'python'];
/** Keep the allocator from giving memory back at every step: PyTorch is about a fifth faster so. */
const ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: '1000000000',
  MALLOC_TRIM_THRESHOLD_: '10000000000',
  MALLOC_TOP_PAD_: '100000000',
  OMP_NUM_THREADS: '1',
};

export interface Python {
  readonly path: string;
  readonly torch: string;
}

/** The first Python that can import torch: of the environment variable LONGTAIL_PYTHON, then the usual names. Null: none. */
export async function findPython(): Promise<Python | null> {
  for (const path of CANDIDATES) {
    if (path === undefined || path === '') continue;
    try {
      const { stdout } = await promisify(execFile)(path, ['-c', 'import torch; print(torch.__version__)'], {
        timeout: 60_000,
      });
      return { path, torch: stdout.trim() };
    } catch {
      continue; // not there, or without torch
    }
  }
  return null;
}

/** A process that answers a line with a line. */
interface Process {
  readonly ask: <T>(request: object) => Promise<T>;
  /** Alive, and with nothing left to answer. */
  readonly isIdle: () => boolean;
  readonly end: () => void;
}

/** Processes of a Python with torch; one whose session was closed serves the next. */
export function pytorchHost({ path }: Python): { readonly host: Host; readonly close: () => void } {
  const all: Process[] = [];
  const idle: Process[] = [];
  const start = (): Process => {
    const process = startProcess(path);
    all.push(process);
    return process;
  };
  return {
    host: {
      where: 'native',
      open: async (task) => {
        const process = idle.pop() ?? start();
        const opened = await process.ask<{ firstStepMs: number; detail: string }>({ open: requestOf(task) });
        return {
          opened: { ...opened, software: false, bytesPerMember: null },
          slice: (ms) => process.ask({ ms }),
          count: () => Promise.reject(new Error('PyTorch uses no graphics device here')),
          close: () => {
            if (process.isIdle()) idle.push(process);
            return Promise.resolve();
          },
        };
      },
    },
    close: () => {
      for (const process of all) process.end();
    },
  };
}

/** What trainer.py takes. */
function requestOf({ workload }: Task): object {
  const { input, loss, ops } = programOf(workload);
  return { input, loss, ops, batch: workload.batch, optimizer: workload.optimizer, rate: LEARNING_RATE };
}

function startProcess(path: string): Process {
  const child = spawn(path, [SCRIPT], { env: { ...process.env, ...ENVIRONMENT }, stdio: ['pipe', 'pipe', 'pipe'] });
  let lastWords = '';
  child.stderr.on('data', (data: Buffer) => {
    lastWords = (lastWords + data.toString()).slice(-2000);
  });
  const waiting: { readonly hear: (answer: Answer<unknown>) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.hear(JSON.parse(line) as Answer<unknown>);
  });
  let ended: string | null = null;
  const end = (why: string): void => {
    ended ??= `${why} ${lastWords.trim().split('\n').at(-1) ?? ''}`.trim();
    for (const { hear } of waiting.splice(0)) hear({ ok: false, reason: ended });
  };
  child.once('error', (error) => {
    end(error.message);
  });
  child.once('close', () => {
    end('Python ended.');
  });
  child.stdin.on('error', () => undefined); // told by `close`
  return {
    ask: async <T>(request: object): Promise<T> => {
      const answer = await new Promise<Answer<unknown>>((hear) => {
        if (ended !== null) {
          hear({ ok: false, reason: ended });
          return;
        }
        waiting.push({ hear });
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      if (!answer.ok) throw new Error(answer.reason);
      return answer.value as T; // as trainer.py says
    },
    isIdle: () => ended === null && waiting.length === 0,
    end: () => {
      child.kill();
    },
  };
}
