import { thisMachine } from './node/machine.ts';
import { openBenchTab } from './node/chromium-host.ts';
import { publish, terminalProgress } from './node/terminal.ts';
import type { GalleryTimes } from './page/gallery-times.ts';
import { figure, type TextTable } from './report/columns.ts';
import { quantile } from './report/statistics.ts';
import type { Options } from './options.ts';

const EXAMPLES = 200_000;
/** What is asked for, in milliseconds: median and 95th percentile; null where nothing is. */
const TARGETS = { scroll: [16.7, 33], levels: [16.7, 33], keys: [50, null] } as const;
const NAMES = {
  scroll: 'frame while scrolling',
  levels: 'frame after a change of level',
  keys: 'key to saved and next',
} as const;

/** `gallery`: frame times, key latency and memory of the gallery at 200,000 examples and ten levels, in Chromium. */
export async function galleryCommand(options: Options): Promise<void> {
  const progress = terminalProgress();
  progress.say('building the page');
  const tab = await openBenchTab({ hardware: options.hardware, isSeen: true }, `?gallery=${String(EXAMPLES)}`);
  try {
    const { page } = tab;
    progress.say('drawing the audit');
    await page.waitForFunction(() => window.longtailGallery !== undefined, null, { timeout: 300_000 });
    await page.getByRole('grid').waitFor();
    progress.say('measuring');
    const times: GalleryTimes = await page.evaluate(
      (rounds) => window.longtailGallery!.measure(rounds),
      options.quick ? 2 : 8,
    );
    const session = await page.context().newCDPSession(page);
    const { usedSize, backingStorageSize } = (await session.send('Runtime.getHeapUsage')) as {
      readonly usedSize: number;
      readonly backingStorageSize?: number;
    };
    progress.done();
    const rows = (['scroll', 'levels', 'keys'] as const).map((name) => ({
      name,
      readings: times[name].length,
      median: quantile(times[name], 0.5),
      p95: quantile(times[name], 0.95),
      most: quantile(times[name], 1),
    }));
    const table: TextTable = {
      caption: `The gallery at ${String(EXAMPLES)} examples and 10 levels, milliseconds. Frames include layout, raster and drawing${options.hardware ? '' : ', all by the processor'}.`,
      columns: [
        { name: 'what', numeric: false },
        ...['readings', 'median', '95 %', 'most', 'target'].map((name) => ({ name, numeric: true })),
      ],
      rows: rows.map(({ name, readings, median, p95, most }) => ({
        cells: [
          NAMES[name],
          String(readings),
          ...[median, p95, most].map(figure),
          TARGETS[name].filter((target) => target !== null).join(' / '),
        ],
      })),
    };
    const heap = { heapBytes: usedSize, bufferBytes: backingStorageSize ?? null };
    const memory: TextTable = {
      caption: 'Memory of the page, MB: pictures and votes are in the buffers.',
      columns: ['heap', 'buffers'].map((name) => ({ name, numeric: true })),
      rows: [{ cells: [figure(usedSize / 1e6), figure(heap.bufferBytes === null ? null : heap.bufferBytes / 1e6)] }],
    };
    const machine = thisMachine({ browser: tab.browser, adapters: { webgpu: null, webgl: null } }, null);
    const report = { machine, examples: EXAMPLES, rows, ...heap };
    await publish(report, [table, memory], options);
  } finally {
    await tab.close();
  }
}
