import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser } from './pages.ts';

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

test.each([
  { backend: 'webgl', name: 'WebGL' },
  { backend: 'webgpu', name: 'WebGPU' },
])('on $name a person gets from the first click to a label that is still there after a reload', async (choice) => {
  const app = await browser.open(`?backend=${choice.backend}&faces=400`);
  await app.chooseBuiltin('Draw the faces');
  await expect.poll(() => app.page.getByRole('heading', { level: 1 }).innerText()).toBe('400 faces');

  await app.train({ members: 2, steps: 20, batchSize: 16, levels: ['0.9', 'hybrid int8'] });
  expect(await app.backend()).toBe(`Running on ${choice.name}.`);
  await app.allMembersAreIn(6);

  expect(await app.evidence()).not.toBe('');
  await app.openTables();
  await expect.poll(() => app.page.getByRole('table').count()).toBeGreaterThan(5);

  await app.showEveryExample(160);
  expect(app.page.url()).toContain('top=0');
  await expect.poll(() => app.selectedCard().getAttribute('aria-label')).toMatch(/^Rank 1,/);

  await app.page.keyboard.press('1');
  await expect.poll(() => app.card(1).innerText()).toContain('Wrong label');
  await expect.poll(() => app.selectedCard().getAttribute('aria-label')).toMatch(/^Rank 2,/);
  await app.page.keyboard.press('z');
  await expect.poll(() => app.card(1).innerText()).toContain('no label yet');
  await app.card(1).click();
  await app.page.keyboard.press('5');
  await expect.poll(() => app.card(1).innerText()).toContain('Unusual but right');
  const labelled = await app.card(1).getAttribute('aria-label');

  await app.page.reload();
  await app.goToStart();
  await app.openKept('Drawn faces, “Blond”');
  await app.evidence();
  await app.goTo('Gallery');
  const after = app.page.getByRole('button', { name: labelled ?? '', exact: true });
  await expect.poll(() => after.innerText()).toContain('Unusual but right');

  expect(browser.findings).toEqual([]);
});
