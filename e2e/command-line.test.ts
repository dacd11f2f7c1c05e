import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import { expectSamePredictions, runByCommandLine, savedRun } from './agreement.ts';
import { AppBrowser, PATIENCE_MS, eventually, type App, type PlanChanges } from './pages.ts';
import { zipOfPictures } from './pictures.ts';

const COMPAS = new URL('../public/datasets/compas.csv', import.meta.url).pathname;

let browser: AppBrowser;
let folder = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agreement-'));
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Every kind of level. */
const EVERY_LEVEL = {
  levels: ['0.9', 'hybrid int8', 'fixed int8'],
  added: [
    { kind: 'remove weights', percent: 50, follows: 'TensorFlow' },
    { kind: 'QAT int8', floatSteps: 10 },
  ],
} as const satisfies Partial<PlanChanges>;

/** Trains to the end; the headline of the evidence. */
async function trained(app: App, changes: PlanChanges): Promise<string> {
  await app.train(changes);
  await app.allMembersAreIn(changes.members * (1 + changes.levels.length + (changes.added?.length ?? 0)));
  return app.evidence();
}

test('the drawn faces are audited alike by the command line, whose output opens in the app', async () => {
  const plan = { ...EVERY_LEVEL, members: 2, steps: 40, batchSize: 16 };
  const app = await browser.open('?backend=simd&faces=800');
  await app.chooseBuiltin('Draw the faces');
  const headline = await trained(app, plan);
  const saved = await savedRun(app);
  const run = await runByCommandLine(folder, 'faces', saved, 'builtin:faces?faces=800');
  expectSamePredictions(saved, run);

  await app.goToStart();
  expect(await app.importAudit(join(run, 'audit.longtail.zip'))).toBe(headline);
  await app.showEveryExample('320 faces');
  await app.cardIsInHand(1);
  expect(browser.findings).toEqual([]);

  const other = await AppBrowser.launch(inject('address'));
  try {
    await other.withoutRelaxedSimd();
    const plainApp = await other.open('?backend=simd&faces=800');
    await plainApp.chooseBuiltin('Draw the faces');
    await trained(plainApp, plan);
    const plain = await savedRun(plainApp);
    expect(plain.backend).toMatch(/^simd, WebAssembly SIMD, plain, /u);
    expectSamePredictions(plain, run);
  } finally {
    await other.close();
  }
});

test('COMPAS is audited alike by the command line, built in and as a file of one’s own', async () => {
  const plan = { ...EVERY_LEVEL, members: 2, steps: 20, batchSize: 32 };
  const app = await browser.open('?backend=simd');
  await app.chooseBuiltin('Open the records');
  await trained(app, plan);
  const builtIn = await savedRun(app);
  expectSamePredictions(builtIn, await runByCommandLine(folder, 'built-in', builtIn, 'builtin:compas'));

  await app.goToStart();
  await app.chooseFiles(COMPAS);
  await app.page.getByLabel('Models predict').selectOption('two_year_recid');
  await app.page.getByRole('button', { name: 'Load the table' }).click();
  await app.dataAreHere();
  await trained(app, plan);
  const own = await savedRun(app);
  expectSamePredictions(own, await runByCommandLine(folder, 'own', own, COMPAS));
  expect(browser.findings).toEqual([]);
});

test('a zip of pictures is audited alike by the command line, whose output opens in the app with its pictures', async () => {
  const zip = join(folder, 'mine.zip');
  writeFileSync(zip, zipOfPictures(200));
  const app = await browser.open('?backend=simd');
  await app.chooseFiles(zip);
  await app.page.getByLabel('Side of an image for the models').selectOption('16');
  await app.page.getByRole('button', { name: 'Load the images' }).click();
  await app.dataAreHere();
  const headline = await trained(app, { ...EVERY_LEVEL, members: 2, steps: 20, batchSize: 16 });
  const saved = await savedRun(app);
  const run = await runByCommandLine(folder, 'pictures', saved, zip, '--image-size', '16');
  expectSamePredictions(saved, run);

  await app.goToStart();
  expect(await app.importAudit(join(run, 'audit.longtail.zip'))).toBe(headline);
  await app.showEveryExample('50 images');
  await app.cardIsInHand(1);
  expect(browser.findings).toEqual([]);
});

const HAM10000 = process.env['LONGTAIL_HAM10000'];

test.runIf(HAM10000 !== undefined)(
  'HAM10000 is audited alike by the command line',
  async () => {
    const app = await browser.open('?backend=simd');
    await app.chooseFiles(HAM10000!);
    await app.page.getByLabel('Models predict').selectOption('dx');
    await app.page.getByRole('button', { name: 'Load the images' }).click();
    await app.dataAreHere();
    await trained(app, { ...EVERY_LEVEL, members: 2, steps: 30, batchSize: 32 });
    const saved = await savedRun(app);
    const share = expectSamePredictions(saved, await runByCommandLine(folder, 'ham10000', saved, HAM10000!));
    console.info(`HAM10000: ${(100 * share).toFixed(2)} % of the predictions are the same.`);
    expect(browser.findings).toEqual([]);
  },
  2 * PATIENCE_MS,
);

test('a ResNet-8 with mirrored and moved images and a falling learning rate comes to the same evidence by the command line', async () => {
  const app = await browser.open('?backend=simd&faces=200');
  await app.chooseBuiltin('Draw the faces');
  const plan = {
    ...EVERY_LEVEL,
    model: 'ResNet-8',
    moved: 2,
    rate: 'Cosine',
    members: 2,
    steps: 12,
    batchSize: 8,
  } as const;
  expect(await trained(app, plan)).not.toBe('');
  const saved = await savedRun(app);
  await app.page.getByText('ResNet-8, ').waitFor();
  await app.page
    .getByText('falling to 0 along a cosine; images mirrored half of the time and moved by up to 2 pixels')
    .waitFor();
  expectSamePredictions(saved, await runByCommandLine(folder, 'resnet', saved, 'builtin:faces?faces=200'));
  expect(browser.findings).toEqual([]);
});

/** So many steps that a member is seen in the middle of its training also on a fast machine. */
const LONG = 800;

/** Steps of the checkpoints of quantization-aware members that are on disk. */
function savedSteps({ page }: App): Promise<readonly number[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('longtail'));
    const all = await done<Checkpoint[]>(database.transaction('checkpoints').objectStore('checkpoints').getAll());
    database.close();
    return all.filter(({ members }) => members[0]?.level === 'qat-int8').map(({ step }) => step);
  });
}

test('a run whose tab was closed in the middle of a member goes on from there to what an undisturbed run comes to', async () => {
  const app = await browser.open('?backend=simd&faces=400');
  await app.chooseBuiltin('Draw the faces');
  const changes = { members: 2, steps: LONG, batchSize: 16, levels: [], moved: 2, rate: 'Cosine' } as const;
  await app.train({ ...changes, added: [{ kind: 'QAT int8', floatSteps: LONG / 20 }] });
  const aware = async (page: App) => Math.min(...(await page.inTraining('QAT int8')), 100);
  let before = 0;
  await eventually(async () => (before = await aware(app)), PATIENCE_MS).toSatisfy(
    (percent) => percent >= 10 && percent < 100,
  );
  await app.page.getByRole('button', { name: 'Pause' }).click();
  const members = (await app.inTraining('QAT int8')).length;
  await eventually(() => savedSteps(app)).toSatisfy(
    (steps: readonly number[]) => steps.length === members && steps.every((step) => (100 * step) / LONG > before - 1),
  );
  await app.page.getByRole('button', { name: 'Resume' }).click();
  await app.page.close();

  const again = await browser.open('?backend=simd&faces=400');
  await again.goToStart();
  await again.openKept('Drawn faces, “Blond”');
  await again.page.getByRole('button', { name: 'Resume' }).click();
  await eventually(() => again.inTraining('QAT int8'), PATIENCE_MS).not.toEqual([]);
  expect(await aware(again)).toBeGreaterThanOrEqual(before);
  await again.allMembersAreIn(4);
  await again.evidence();
  const run = await savedRun(again);
  expectSamePredictions(run, await runByCommandLine(folder, 'undisturbed', run, 'builtin:faces?faces=400'));
  expect(browser.findings).toEqual([]);
});
