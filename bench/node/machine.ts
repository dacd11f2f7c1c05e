import os from 'node:os';
import type { Machine } from '../report/report.ts';
import type { Chromium } from './chromium-host.ts';
import type { Python } from './pytorch-host.ts';

/** This machine, with what was found on it. */
export function thisMachine(
  { browser, adapters }: Pick<Chromium, 'browser' | 'adapters'>,
  python: Python | null,
): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    browser,
    node: process.version,
    torch: python === null ? null : python.torch,
    adapters,
  };
}
