import type { Options } from '../options.ts';
import { gpuTable, ratioTable } from '../report/columns.ts';
import { benchGpu } from '../run/gpu.ts';
import { startChromium } from './chromium-host.ts';
import { thisMachine } from './machine.ts';
import { publish, terminalProgress } from './terminal.ts';

/** `gpu`: populations on graphics devices beside stock tfjs on the same device, in Chromium. */
export async function gpuCommand(options: Options): Promise<void> {
  const progress = terminalProgress();
  progress.say('building the page');
  const chromium = await startChromium(options);
  try {
    const machine = thisMachine(chromium, null);
    const report = await benchGpu(machine, chromium.host, { quick: options.quick, progress });
    progress.done();
    await publish(report, [gpuTable(report.rows), ratioTable('graphics devices', report.ratios)], options);
  } finally {
    await chromium.close();
  }
}
