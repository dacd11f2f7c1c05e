import type { Options } from '../options.ts';
import { ratioTable, trainTable } from '../report/columns.ts';
import { benchTrain } from '../run/train.ts';
import { startChromium } from './chromium-host.ts';
import { thisMachine } from './machine.ts';
import { findPython, pytorchHost } from './pytorch-host.ts';
import { publish, terminalProgress } from './terminal.ts';
import { threadHost } from './thread-host.ts';

/** `train`: a training step of every trainer in Chromium, in Node and, where there is one, in PyTorch. */
export async function trainCommand(options: Options): Promise<void> {
  const progress = terminalProgress();
  progress.say('building the page');
  const chromium = await startChromium(options);
  const threads = threadHost();
  const python = await findPython();
  const pytorch = python === null ? null : pytorchHost(python);
  try {
    const hosts = { own: [chromium.host, threads.host], python: pytorch === null ? null : pytorch.host };
    const report = await benchTrain(thisMachine(chromium, python), hosts, { quick: options.quick, progress });
    progress.done();
    await publish(report, [trainTable(report.rows), ratioTable('training', report.ratios)], options);
  } finally {
    pytorch?.close();
    await threads.close();
    await chromium.close();
  }
}
