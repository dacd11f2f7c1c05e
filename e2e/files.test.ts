import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser, PATIENCE_MS, type App } from './pages.ts';
import { zipOfPictures } from './pictures.ts';

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

const PICTURES = 40;

/** Trains a few steps and looks at the evidence. */
async function audit(
  app: App,
  { steps, batchSize }: { readonly steps: number; readonly batchSize: number },
): Promise<void> {
  await app.train({ members: 2, steps, batchSize, levels: ['0.9'] });
  expect(await app.backend()).toMatch(/^Running on SIMD WebAssembly on \d+ CPU cores?\.$/);
  await app.allMembersAreIn(4);
  expect(await app.evidence()).not.toBe('');
}

test('a zip of pictures is imported with its columns chosen on screen, and a broken picture is named with its reason', async () => {
  const app = await browser.open('?backend=simd');
  await app.chooseFiles({ name: 'mine.zip', mimeType: 'application/zip', buffer: zipOfPictures(PICTURES) });
  const { page } = app;
  await page.getByLabel('Image', { exact: true }).selectOption('image');
  await page.getByLabel('Models predict').selectOption('label');
  await page.getByLabel('Split').selectOption('column split');
  await page.getByLabel('Side of an image for the models').selectOption('16');
  await page.getByRole('group', { name: 'Compare groups by' }).getByRole('checkbox', { name: 'sex' }).check();
  await page.getByRole('button', { name: 'Load the images' }).click();
  await app.dataAreHere();

  await page.getByRole('heading', { level: 1, name: `${String(PICTURES)} ` }).waitFor();
  await page.getByText('30 to train on, 10 to audit').waitFor();
  await page.getByText('1 file was left out.').waitFor();
  await page.getByText('Which, and why').click();
  const skipped = page.getByRole('listitem').filter({ hasText: 'broken.png' });
  expect(await skipped.innerText()).toMatch(/^pictures\/broken\.png: .{10,}/);

  await audit(app, { steps: 10, batchSize: 8 });
  expect(browser.findings).toEqual([]);
});

test("the COMPAS table is imported as anybody's CSV and audited", async () => {
  const app = await browser.open('?backend=simd');
  const buffer = readFileSync(new URL('../public/datasets/compas.csv', import.meta.url));
  await app.chooseFiles({ name: 'compas.csv', mimeType: 'text/csv', buffer });
  const { page } = app;
  await page.getByLabel('Models predict').selectOption('two_year_recid');
  // What follows from the outcome would give it away.
  const inputs = page.getByRole('group', { name: 'Models may see' });
  await inputs.getByRole('checkbox', { name: 'is_recid' }).uncheck();
  await page.getByRole('group', { name: 'Compare groups by' }).getByRole('checkbox', { name: 'race' }).check();
  await page.getByRole('button', { name: 'Load the table' }).click();
  await app.dataAreHere();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^\d,\d{3} /);

  await audit(app, { steps: 20, batchSize: 32 });
  expect(browser.findings).toEqual([]);
});

const HAM10000 = process.env['LONGTAIL_HAM10000'];

test.runIf(HAM10000 !== undefined)(
  'all 10,015 pictures of HAM10000 fit below 1 GB of memory',
  async () => {
    const app = await browser.open('?backend=simd');
    await app.chooseFiles(HAM10000!);
    const { page } = app;
    await page.getByLabel('Models predict').selectOption('dx');
    await page.getByRole('button', { name: 'Load the images' }).click();
    await app.dataAreHere();
    await page.getByRole('heading', { level: 1, name: /^10,015 / }).waitFor();
    expect(await page.getByText(/left out/).count()).toBe(0);

    await audit(app, { steps: 10, batchSize: 16 });
    const peak = await browser.rendererPeakBytes();
    console.info(`HAM10000: the page and its workers took ${(peak / 1e6).toFixed(0)} MB at most.`);
    expect(peak).toBeLessThan(1e9);
    expect(browser.findings).toEqual([]);
  },
  2 * PATIENCE_MS,
);
