import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser, eventually } from './pages.ts';

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
  await eventually(() => app.page.getByRole('heading', { level: 1 }).innerText()).toBe('400 faces');

  await app.train({ members: 2, steps: 20, batchSize: 16, levels: ['0.9', 'hybrid int8'] });
  expect(await app.backend()).toBe(`Running on ${choice.name}.`);
  await app.allMembersAreIn(6);

  expect(await app.evidence()).not.toBe('');
  await app.openTables();
  await eventually(() => app.page.getByRole('table').count()).toBeGreaterThan(5);

  await app.showEveryExample('160 faces');
  expect(app.page.url()).toContain('top=0');
  await app.cardIsInHand(1);
  const example = await app.exampleInHand();

  await app.label('1');
  await eventually(() => app.card(1).innerText()).toContain('Wrong label');
  await app.cardIsInHand(2);
  await app.page.keyboard.press('z');
  await eventually(() => app.card(1).innerText()).toContain('no label yet');
  await app.card(1).click();
  await app.page.keyboard.press('5');
  await eventually(() => app.card(1).innerText()).toContain('Unusual but right');

  await app.page.reload();
  await eventually(() => app.cardOf(example).innerText()).toContain('Unusual but right');
  await app.goToStart();
  await app.openKept('Drawn faces, “Blond”');
  await app.evidence();
  await app.goTo('Gallery');
  await eventually(() => app.cardOf(example).innerText()).toContain('Unusual but right');

  expect(browser.findings).toEqual([]);
});
