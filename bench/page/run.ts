import type { GpuReport, Machine, TrainReport } from '../report/report.ts';
import { benchGpu } from '../run/gpu.ts';
import type { Progress } from '../run/rounds.ts';
import { benchTrain } from '../run/train.ts';
import { browserHost } from './browser-host.ts';
import { findAdapters } from './remote.ts';

/** Both benchmarks on the device that shows the page. */
export interface PageReport {
  readonly machine: Machine;
  readonly train: TrainReport;
  readonly gpu: GpuReport;
}

/** Runs both; rejects where it is stopped. */
export async function runOnThisDevice(quick: boolean, progress: Progress): Promise<PageReport> {
  const machine: Machine = {
    cpu: 'not told by browsers',
    cores: navigator.hardwareConcurrency,
    system: navigator.platform,
    browser: navigator.userAgent,
    node: null,
    torch: null,
    adapters: await findAdapters(),
  };
  const train = await benchTrain(machine, { own: [browserHost], python: null }, { quick, progress });
  const gpu = await benchGpu(machine, browserHost, { quick, progress });
  return { machine, train, gpu };
}
