import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { AppBrowser, PATIENCE_MS, eventually, type App } from './pages.ts';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/**
 * Wants the text that is seen word for word in the name. The name of a gallery card says in words what its figures and arrow
 * show, so this one rule is left out for cards alone; they are the elements with an example.
 */
const VERBATIM = 'label-content-name-mismatch';
const WIDTHS = [1280, 768] as const;
const THEMES = ['light', 'dark'] as const;

let browser: AppBrowser;
beforeEach(async () => {
  browser = await AppBrowser.launch(inject('address'));
});
afterEach(async () => {
  await browser.close();
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds on the page that is serious or critical, one line each. */
async function seriousProblems({ page }: App): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !(id === VERBATIM && target.every((one) => /data-example|is-focus/u.test(one))))
        .map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}

/** Looks at the screen in both widths and themes; the problems, each once, with where it was found. */
async function problemsOf(app: App, screen: string): Promise<readonly string[]> {
  const { page } = app;
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    found.push(...(await sticksOut(app)).map((one) => `${screen}, ${String(width)}: ${one}`));
    for (const theme of THEMES) {
      await showTheme(app, theme);
      found.push(...(await seriousProblems(app)).map((one) => `${screen}, ${String(width)}, ${theme}: ${one}`));
    }
  }
  await showTheme(app, 'light');
  return found;
}

/** Where the page scrolls sideways: by how much, and what sticks out without a frame of its own that scrolls. */
function sticksOut({ page }: App): Promise<readonly string[]> {
  return page.evaluate(() => {
    const by = document.documentElement.scrollWidth - innerWidth;
    if (by <= 0) return [];
    const scrolls = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > innerWidth && !scrolls(element.parentElement),
    );
    return [
      `scrolls sideways by ${String(by)} px`,
      ...wide.slice(0, 8).map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''} sticks out`),
    ];
  });
}

async function showTheme({ page }: App, theme: (typeof THEMES)[number]): Promise<void> {
  // Without a choice it is as the system has it, which is light here.
  const shown = (): Promise<string> => page.evaluate(() => document.documentElement.dataset['theme'] ?? 'light');
  if ((await shown()) !== theme) await page.getByRole('button', { name: 'Light or dark' }).click();
  await eventually(shown).toBe(theme);
}

/** Saves figure 1 by key in every form: the SVG stands on its own, the PNG is twice its size, the CSV has the numbers on screen. */
async function savesFigure1(app: App): Promise<void> {
  const { page } = app;
  const saved = async (kind: 'SVG' | 'PNG' | 'CSV'): Promise<Buffer> => {
    const button = page.getByRole('button', { name: `Save figure 1 accuracy and changed labels by level as ${kind}` });
    await button.focus();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toMatch(
      new RegExp(`^drawn-faces_figure-1-.*_every-level\\.${kind.toLowerCase()}$`, 'u'),
    );
    return readFileSync(await (await download).path());
  };
  const svg = await page.evaluate(
    (text) => {
      const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
      const all = [...root.querySelectorAll('*')];
      return {
        name: root.localName,
        width: Number(root.getAttribute('width')),
        height: Number(root.getAttribute('height')),
        borrowed: all.filter(
          (one) => ['class', 'style', 'href'].some((name) => one.hasAttribute(name)) || /var\(/u.test(one.outerHTML),
        ).length,
        nameless: all.filter((one) => one.localName === 'text' && !one.hasAttribute('font-family')).length,
        words: root.textContent,
      };
    },
    (await saved('SVG')).toString('utf8'),
  );
  expect(svg).toMatchObject({ name: 'svg', borrowed: 0, nameless: 0 });
  expect(svg.words).toContain('Made with Longtail');

  const png = await saved('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * svg.width, 2 * svg.height]);

  const csv = (await saved('CSV')).toString('utf8').split('\n');
  const accuracy = Number(csv.find((line) => line.startsWith('0.9,'))!.split(',')[2]);
  const figure = page.getByRole('figure', { name: /change their label|changes its label/ });
  const row = figure.getByRole('table', { name: /^Table of figure 1/ }).getByRole('row', { name: /^0\.9/ });
  expect(await row.innerText()).toContain(`${accuracy.toFixed(1)}\u00a0%`);
}

/** Moves the decision threshold by key: rates and changed labels follow. */
async function decidesElsewhere({ page }: App): Promise<void> {
  await page.getByRole('slider', { name: /^Call an example Blond/ }).focus();
  await page.keyboard.press('Home');
  await page.getByText(/^From 1.% on, /u).waitFor();
}

test('every screen passes axe in light and dark, at 1280 and at 768 pixels, and none scrolls sideways', async () => {
  const app = await browser.open('?backend=simd&faces=400');
  const { page } = app;
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  const problems: string[] = [];
  const look = async (screen: string): Promise<void> => {
    problems.push(...(await problemsOf(app, screen)));
  };
  await look('the start');
  await page.getByLabel('Choose files').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('age,sex,label\n' + Array.from({ length: 40 }, (_, i) => `${i},${i % 2},${i % 3}`).join('\n')),
  });
  await page.getByRole('heading', { name: 'Which column is what?' }).waitFor();
  await look('the columns');
  await page.getByRole('button', { name: 'Choose other files' }).click();
  await page.getByRole('heading', { name: 'Which data to audit' }).waitFor();
  await look('the choice of data');
  await page.getByRole('button', { name: 'Draw the faces' }).click();
  await app.dataAreHere();
  await look('the data');
  await app.setPlan({ members: 2, steps: 20, batchSize: 16, levels: ['0.9', 'hybrid int8'] });
  await look('the plan');
  await page.getByRole('button', { name: 'Start training' }).click();
  await app.allMembersAreIn(6);
  await look('the training');
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('dialog').waitFor();
  problems.push(...(await seriousProblems(app)));
  await page.keyboard.press('Escape');
  await app.evidence();
  await app.openTables();
  await look('the evidence');
  await savesFigure1(app);
  await decidesElsewhere(app);
  await app.showEveryExample('160 faces');
  await app.label('1');
  await eventually(() => app.card(1).innerText()).toContain('Wrong label');
  await look('the gallery');
  await page.getByRole('link', { name: 'Questions and keys' }).first().click();
  await page.getByRole('heading', { name: 'Questions' }).waitFor();
  await look('the questions');
  await app.goTo('Report');
  await page.getByRole('heading', { name: 'Findings' }).waitFor();
  await look('the report');
  await page.getByRole('button', { name: 'Keys and help' }).click();
  await page.getByRole('dialog').waitFor();
  problems.push(...(await seriousProblems(app)));
  await page.keyboard.press('Escape');
  await app.goToStart();
  await look('the start with an audit');
  expect(problems).toEqual([]);
  expect(browser.findings).toEqual([]);
});

const MOST_STOPS = 150;

/** Presses Tab until the control has the focus. */
async function tabTo({ page }: App, control: Locator): Promise<void> {
  await control.first().waitFor({ timeout: PATIENCE_MS });
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    if (await control.first().evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab never came to ${String(control)}.`);
}

test('the whole way from the first screen to a label can be gone by key', async () => {
  const app = await browser.open('?backend=simd&faces=400');
  const { page } = app;
  const press = async (control: Locator): Promise<void> => {
    await tabTo(app, control);
    await page.keyboard.press('Enter');
  };
  const type = async (name: string, value: string): Promise<void> => {
    await tabTo(app, page.getByRole('spinbutton', { name, exact: true }));
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
  };
  await press(page.getByRole('link', { name: 'or choose data and plan' }));
  await press(page.getByRole('button', { name: 'Draw the faces' }));
  await press(page.getByRole('link', { name: 'Continue to the plan' }));
  await type('Members a level', '2');
  await type('Steps', '10');
  await press(page.locator('summary', { hasText: 'More settings' }));
  await type('Batch size', '16');
  for (const level of ['0.5', '0.95', 'fixed int8']) {
    await press(page.getByRole('button', { name: `Remove level ${level}`, exact: true }));
  }
  await press(page.getByRole('button', { name: 'Start training' }));
  await press(page.getByRole('link', { name: 'See the evidence' }));
  await press(page.getByRole('link', { name: /^Baseline, .* Show the 160 faces/ }));
  await app.card(1).waitFor();
  await page.keyboard.press('ArrowRight');
  await app.cardIsInHand(2);
  await app.label('1');
  await eventually(() => app.card(2).innerText()).toContain('Wrong label');
  expect(browser.findings).toEqual([]);
});
