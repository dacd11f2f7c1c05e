import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { unpackBundle, type Bundle } from '#storage/bundle.ts';
import { AppBrowser, eventually, type App } from './pages.ts';

const NAME = 'Drawn faces, “Blond”';

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

/** Exports the audit on the first screen; the path of the file. */
async function exported(app: App): Promise<string> {
  const [path = ''] = await app.savedBy(app.page.getByRole('button', { name: `Export ${NAME}` }), /\.longtail\.zip$/u);
  return path;
}

async function bundleIn(path: string): Promise<Bundle> {
  const unpacked = unpackBundle(await readFile(path), 'export');
  if (!unpacked.ok) throw new Error(unpacked.problem.message);
  return unpacked.value;
}

/** Every member by its name, with how long it took: one that is trained again takes another time. */
const durations = ({ members }: Bundle): Map<string, number> =>
  new Map(members.map(({ key, durationMs }) => [`${key.level} ${String(key.index)}`, durationMs]));

test('a run that a reload cut off is on the first screen, and only what is missing of it is trained', async () => {
  const app = await browser.open('?backend=simd&faces=400');
  await app.chooseBuiltin('Draw the faces');
  await app.train({ members: 4, steps: 150, batchSize: 32, levels: ['0.5', '0.9', 'hybrid int8'] });
  await app.page.getByRole('heading', { name: /^[2-9] of 16 members trained/ }).waitFor();

  await app.page.reload();
  await app.goToStart();
  const row = app.keptAudits().filter({ hasText: NAME });
  await eventually(() => row.innerText()).toMatch(/\b([2-9]|1[0-5]) of 16 members, not finished/);
  const before = durations(await bundleIn(await exported(app)));
  expect(before.size).toBeLessThan(16);

  await app.openKept(NAME);
  await app.page.getByRole('heading', { name: `${String(before.size)} of 16 members trained` }).waitFor();
  await app.page.getByRole('button', { name: 'Resume' }).click();
  await app.allMembersAreIn(16);
  expect(await app.evidence()).not.toBe('');

  await app.goToStart();
  await eventually(() => row.innerText()).toContain('16 of 16 members, done');
  expect(await app.keptAudits().count()).toBe(1);
  const whole = await bundleIn(await exported(app));
  expect(whole.members).toHaveLength(16);
  const after = durations(whole);
  expect(after.size).toBe(16);
  for (const [member, duration] of before) expect(after.get(member), member).toBe(duration);
  expect(browser.findings).toEqual([]);
});

test('an audit leaves as one file, is deleted, and comes back from the file as it was', async () => {
  const app = await browser.open('?backend=simd&faces=400');
  await app.chooseBuiltin('Draw the faces');
  await app.train({ members: 2, steps: 20, batchSize: 16, levels: ['0.9'] });
  await app.allMembersAreIn(4);
  const headline = await app.evidence();
  await app.showEveryExample('160 faces');
  await app.cardIsInHand(1);
  const example = await app.exampleInHand();
  await app.label('2');
  await eventually(() => app.card(1).innerText()).toContain('Ambiguous');
  await app.page.keyboard.press('4');
  await eventually(() => app.card(2).innerText()).toContain('Low quality');
  await app.page.keyboard.press('z');
  await eventually(() => app.card(2).innerText()).toContain('no label yet');

  await app.goToStart();
  const row = app.keptAudits().filter({ hasText: NAME });
  await eventually(() => row.innerText()).toMatch(/\b1 label\b/);
  const file = await exported(app);
  await app.page.getByRole('button', { name: `Delete ${NAME}` }).click();
  await app.page.getByRole('button', { name: 'Delete it' }).click();
  await app.page.getByRole('heading', { name: 'No audit is kept here yet' }).waitFor();

  await app.page.reload();
  await app.page.getByRole('heading', { name: 'No audit is kept here yet' }).waitFor();
  expect(await app.importAudit(file)).toBe(headline);
  await app.showEveryExample('160 faces');
  await eventually(() => app.cardOf(example).innerText()).toContain('Ambiguous');
  await eventually(() => app.card(2).innerText()).toContain('no label yet');
  expect(browser.findings).toEqual([]);
});
