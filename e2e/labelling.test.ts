import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { FLAGS_WITHOUT_GPU } from './chromium.ts';
import { AppBrowser, eventually, type App } from './pages.ts';

/** Every example of the bundled audit, most disagreement first. */
const EVERYONE = '#/gallery?level=pruned-0.95&top=0';
/** Keys of labels that only say something about the example in hand. */
const KEYS = ['2', '3', '4', '5'] as const;
const keyOf = (i: number): string => KEYS[i % KEYS.length]!;

let browsers: AppBrowser[] = [];
beforeEach(() => {
  browsers = [];
});
afterEach(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
});

async function newReviewer(name: string): Promise<AppBrowser> {
  const browser = await AppBrowser.launch(inject('address'), FLAGS_WITHOUT_GPU);
  browsers.push(browser);
  await browser.context.addInitScript((given) => {
    // A page that is still blank has no storage.
    if (location.protocol.startsWith('http')) localStorage.setItem('longtail.reviewer', given);
  }, name);
  return browser;
}

async function openFinishedAudit(browser: AppBrowser): Promise<App> {
  const app = await browser.open();
  await app.page.getByRole('button', { name: 'Open the audit' }).click();
  await app.headline();
  return app;
}

async function goToGallery({ page }: App, address = EVERYONE): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await page.getByRole('grid').waitFor();
}

const inHand = ({ page }: App) => page.getByRole('complementary', { name: 'In hand' });

/** Presses the key of a label, and waits until it is saved and the next example is in hand. */
async function labelAndGoOn({ page }: App, key: string): Promise<void> {
  const before = await page.evaluate(() => document.querySelector('.detail-id b')?.textContent);
  await page.keyboard.press(key);
  await page.waitForFunction((id) => document.querySelector('.detail-id b')?.textContent !== id, before);
}

const labelledSaid = (app: App, count: number) => inHand(app).getByText(`${String(count)} labelled`, { exact: true });

test('three hundred labels by keyboard alone outlast a reload, and every one can be taken back', async () => {
  const browser = await newReviewer('Ana');
  const app = await openFinishedAudit(browser);
  await goToGallery(app);
  for (let i = 0; i < 150; i++) await labelAndGoOn(app, keyOf(i));
  await labelledSaid(app, 150).waitFor();
  const next = await app.exampleInHand();
  await app.page.waitForURL((url) => url.hash.includes(`example=${next}`));

  await app.page.reload();
  await labelledSaid(app, 150).waitFor();
  expect(await app.exampleInHand()).toBe(next);
  for (let i = 150; i < 300; i++) await labelAndGoOn(app, keyOf(i));
  await labelledSaid(app, 300).waitFor();

  for (let i = 0; i < 300; i++) await app.page.keyboard.press('z');
  await labelledSaid(app, 0).waitFor();
  await app.page.reload();
  await labelledSaid(app, 0).waitFor();
  expect(browser.findings).toEqual([]);
});

test('two tabs that label in turn end with the labels of both', async () => {
  const browser = await newReviewer('Ana');
  const first = await openFinishedAudit(browser);
  await goToGallery(first);
  const second = await browser.open(EVERYONE);
  await second.page.getByRole('spinbutton', { name: 'Go to' }).fill('1001');
  await second.card(1001).focus();
  for (let i = 0; i < 100; i++) {
    await Promise.all([labelAndGoOn(first, keyOf(i)), labelAndGoOn(second, keyOf(i + 1))]);
  }
  for (const tab of [first, second]) await labelledSaid(tab, 200).waitFor();
  await second.page.reload();
  await labelledSaid(second, 200).waitFor();
  expect(browser.findings).toEqual([]);
});

interface LabelFile {
  readonly events: readonly { readonly uuid: string; readonly auditId: string }[];
  readonly [part: string]: unknown;
}

/** What a file of labels says, whatever audit it was saved from. */
function labelsIn(path: string): unknown {
  const file = JSON.parse(readFileSync(path, 'utf8')) as LabelFile;
  return { ...file, events: file.events.map((event) => ({ ...event, auditId: '' })) };
}

test('two reviewers merge their files in either order, and both have the same labels and the same agreement', async () => {
  const tabs: App[] = [];
  const files: string[] = [];
  for (const name of ['Ana', 'Ben']) {
    const app = await openFinishedAudit(await newReviewer(name));
    tabs.push(app);
    await goToGallery(app);
    // They agree on every other example.
    for (let i = 0; i < 20; i++) await labelAndGoOn(app, i % 2 === 0 ? '2' : name === 'Ana' ? '4' : '5');
    await app.page.keyboard.press('z');
    await labelledSaid(app, 19).waitFor();
    files.push(await savedLabels(app));
  }
  const merged: unknown[] = [];
  const tables: (() => Promise<string>)[] = [];
  for (const [i, app] of tabs.entries()) {
    await app.page.getByLabel('Merge files of labels').setInputFiles(files[1 - i]!);
    await app.page.getByText('21 new decisions merged.').waitFor();
    merged.push(labelsIn(await savedLabels(app)));
    tables.push(async () => (await app.page.getByRole('table').allInnerTexts()).join('\n').replaceAll(' (you)', ''));
  }
  expect(merged[0]).toEqual(merged[1]);
  for (const shown of tables) await eventually(shown).toContain('Fleiss');
  expect(await tables[1]!()).toBe(await tables[0]!());
  expect(browsers.flatMap(({ findings }) => findings)).toEqual([]);
});

/** The label log as a file, from the reviewers' screen. */
async function savedLabels(app: App): Promise<string> {
  await app.page.evaluate(() => {
    location.hash = '#/reviewers';
  });
  const [path = ''] = await app.savedBy(app.page.getByRole('button', { name: 'Save JSON' }), /\.json$/u);
  return path;
}
