import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser, eventually } from './pages.ts';

const MOST_SCRIPT_BYTES = 200 * 1024;
const LONGEST_TASK_MS = 100;
/** A word of tfjs that no minifier takes away: it names a setting in the address. */
const TFJS_MARK = 'tfjsflags';

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

test('the first screen brings at most 200 KB of script, gzipped, and nothing of tfjs', async () => {
  const scripts = new Map<string, Promise<Buffer>>();
  browser.context.on('response', (response) => {
    if (/\.m?js$/u.test(new URL(response.url()).pathname)) scripts.set(response.url(), response.body());
  });
  const app = await browser.open();
  await app.page.getByRole('button', { name: 'Start' }).waitFor();
  await app.page.waitForLoadState('networkidle');

  const bodies = await Promise.all(scripts.values());
  expect(bodies.length).toBeGreaterThan(0);
  const sizes = bodies.map((body) => gzipSync(body).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.info(`The first screen brings ${(total / 1024).toFixed(0)} KB of script in ${String(sizes.length)} files.`);
  expect(total).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
  expect(bodies.filter((body) => body.includes(TFJS_MARK))).toEqual([]);
  const assets = new URL('../dist/assets/', import.meta.url);
  const built = readdirSync(assets).filter((name) => name.endsWith('.js'));
  expect(built.some((name) => readFileSync(new URL(name, assets)).includes(TFJS_MARK))).toBe(true);
  expect(browser.findings).toEqual([]);
});

interface LongTask {
  readonly start: number;
  readonly duration: number;
}
declare global {
  var longTasks: LongTask[];
}

test('the page answers while faces are drawn and a member trains: no task takes longer than 100 ms', async () => {
  await browser.context.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        globalThis.longTasks.push({ start: startTime, duration });
      }
    }).observe({ type: 'longtask', buffered: true });
  });
  const app = await browser.open('?backend=simd&faces=2000');
  const { page } = app;
  await page.getByRole('button', { name: 'Start' }).waitFor();
  await page.waitForLoadState('networkidle');
  const from = await page.evaluate(() => performance.now());

  await app.chooseBuiltin('Draw the faces');
  await app.train({ members: 2, steps: 60, batchSize: 32, levels: ['0.9'] });
  await app.allMembersAreIn(4);

  const until = await page.evaluate(() => performance.now());
  const tooLong = (tasks: readonly LongTask[]): readonly LongTask[] =>
    tasks.filter(({ start, duration }) => start >= from && start < until && duration > LONGEST_TASK_MS);
  // A task that is certainly too long: where it is seen, all before it were.
  await page.evaluate(() => {
    setTimeout(() => {
      const begin = performance.now();
      while (performance.now() - begin < 150);
    });
  });
  await eventually(() =>
    page.evaluate((after) => globalThis.longTasks.some((task) => task.start >= after), until),
  ).toBe(true);
  const tasks = await page.evaluate(() => globalThis.longTasks);
  const longest = Math.max(
    0,
    ...tasks.filter(({ start }) => start >= from && start < until).map((task) => task.duration),
  );
  console.info(`The longest task took ${longest.toFixed(0)} ms.`);
  expect(tooLong(tasks)).toEqual([]);
  expect(browser.findings).toEqual([]);
});
