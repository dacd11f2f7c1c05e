import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser } from './pages.ts';

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

test('The page of the benchmarks trains in its workers under the content security policy, and stops when told to', async () => {
  const page = await browser.context.newPage();
  await page.goto(`${inject('address')}/bench.html`);
  const start = page.getByRole('button', { name: 'Start the short benchmark' });
  await start.click();
  await page
    .getByRole('status')
    .getByText(/^Running: cnn-small, 1 worker: round 1 of/)
    .waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await start.waitFor();
  expect(browser.findings).toEqual([]);
});
