import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { FLAGS_WITHOUT_GPU } from './chromium.ts';
import { AppBrowser, PATIENCE_MS, eventually, type App } from './pages.ts';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/**
 * Rules that are left out for some elements, by what axe calls those. One wants the text that is seen word for word in the
 * name, but the name of what shows an example (a card, a neighbour, a group) says in words what its figures and arrow show.
 * The other measures targets, but the two ends of the brush lie on one another: of each only the thumb takes the pointer, and
 * the whole plot can be dragged over instead.
 */
const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  'label-content-name-mismatch': /data-example|is-focus|neighbour|image-group/u,
  'target-size': /score shown/u,
};
/** Every colour and every layout is looked at once: light on a desk, dark on a tablet. */
const LOOKS = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 768, height: 900, colorScheme: 'dark' },
] as const;
/** 1280 x 900 pixels at 200 %. */
const ZOOMED = { width: 640, height: 450 };

// One browser and one audit: the tests stand in the order of a visit, and each goes on where the one before it ended.
let browser: AppBrowser;
let app: App;
beforeAll(async () => {
  browser = await AppBrowser.launch(inject('address'), FLAGS_WITHOUT_GPU);
  app = await browser.open('?backend=simd&faces=400');
});
afterAll(async () => {
  await browser.close();
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds on the page that is serious or critical, one line each; targets below 24 pixels are among it. */
async function seriousProblems({ page }: App): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !target.every((one) => LEFT_OUT[id]?.test(one) === true))
        .map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}

/** Looks at what is shown now; the problems, with where they were found. */
async function look(screen: string): Promise<readonly string[]> {
  const { page } = app;
  const found: string[] = [];
  for (const { width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    found.push(...(await sticksOut(app)), ...(await seriousProblems(app)));
  }
  await page.setViewportSize(ZOOMED);
  found.push(...(await sticksOut(app)).map((one) => `at 200 %: ${one}`));
  await page.setViewportSize(LOOKS[0]);
  return found.map((one) => `${screen}: ${one}`);
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
    const widest = wide.filter((element) => ![...element.children].some((child) => wide.includes(child)));
    return [
      `scrolls sideways by ${String(by)} px`,
      ...widest
        .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)
        .slice(0, 4)
        .map(({ outerHTML }) => `sticks out: ${outerHTML.slice(0, 120)}`),
    ];
  });
}

/** Screens that no stage leads to. */
const OTHERS = ['#/reviewers', '#/questions', '#/blind', '#/compression'] as const;

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
  const { page } = app;
  const problems = await look('the start');
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
  // What was saved is said without being looked for.
  await eventually(() => page.getByRole('status').allInnerTexts()).toContainEqual(expect.stringMatching(/^Saved: /u));
  expect(problems).toEqual([]);
  expect(browser.findings).toEqual([]);
});

/** An accessibility tree without what differs from one training to the next. */
const shapeOf = (tree: string): string =>
  tree
    .replaceAll(/not Blond|Blond/gu, 'CLASS')
    .replaceAll(/\b\d[\d,.]*/gu, '#')
    .replaceAll('# CLASS and # CLASS', '# CLASS');

test('the grid knows the place of every card, and the large view says in words what it shows', async () => {
  const { page } = app;
  const grid = page.getByRole('grid');
  const columns = Number(await grid.getAttribute('aria-colcount'));
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(Math.ceil(160 / columns)));
  expect(await page.getByRole('row').nth(1).getAttribute('aria-rowindex')).toBe('2');
  const cell = page.getByRole('row').first().getByRole('gridcell').nth(1);
  expect(await cell.getAttribute('aria-colindex')).toBe('2');
  const [named, button] = shapeOf(await cell.ariaSnapshot()).split('\n');
  const WORDS =
    /"Rank # face-# score # votes, (CLASS|not) before, (CLASS|not) after, true label CLASS, baseline votes # CLASS, votes at level # # CLASS"/u;
  expect(named).toMatch(/^- gridcell "/u);
  expect(named).toMatch(WORDS);
  expect(button).toMatch(/^ {2}- button "/u);
  expect(button).toMatch(WORDS);

  await page.keyboard.press('Space');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('figure', { name: 'drawn large' }).waitFor();
  await dialog.getByRole('region', { name: 'Copies in the data' }).getByRole('paragraph').waitFor();
  const outline = shapeOf(await dialog.ariaSnapshot())
    .split('\n')
    .filter((line) => /^(- dialog| {2}- (figure|group|region|button|heading))|- img .*true label/u.test(line));
  expect(outline.join('\n')).toBe(
    [
      '- dialog "face-#":',
      '  - heading "face-#" [level=#]',
      '  - figure "drawn large":',
      '  - figure "what the models saw, # × # pixels":',
      '    - img "face face-# true label CLASS, baseline votes # CLASS, votes at level # # CLASS"',
      '  - group "How the pixels are shown":',
      '  - region "Votes of both populations":',
      '  - region "Predictions by member":',
      '  - region "Nearest neighbours":',
      '  - region "Copies in the data":',
      '  - button "Close"',
    ].join('\n'),
  );
  const problems = await look('the large view');
  await page.keyboard.press('Escape');
  expect(problems).toEqual([]);
});

test('every screen passes axe in light and dark, and none scrolls sideways, at 200 % zoom neither', async () => {
  const { page } = app;
  const problems: string[] = [];
  const lookAt = async (screen: string): Promise<void> => {
    problems.push(...(await look(screen)));
  };
  const lookAtDialog = async (button: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    await lookAt(`the dialog of ${button}`);
    await page.keyboard.press('Escape');
  };
  const title = (): Promise<string | null> => page.getByRole('heading', { level: 1 }).first().textContent();
  await lookAt('the gallery');
  for (const address of OTHERS) {
    const before = await title();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await eventually(title).not.toBe(before);
    await lookAt(address);
  }
  await app.goTo('Data');
  await app.dataAreHere();
  await lookAt('the data');
  await app.goTo('Plan');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await lookAt('the plan');
  await app.goTo('Training');
  await page.getByRole('heading', { name: /members are in$/u }).waitFor();
  await lookAt('the training');
  await lookAtDialog('Details');
  await app.evidence();
  await app.openTables();
  await lookAt('the evidence');
  await app.goTo('Report');
  await page.getByRole('heading', { name: 'Findings' }).waitFor();
  await lookAt('the report');
  await lookAtDialog('Keys and help');
  await app.goToStart();
  await lookAt('the start with an audit');
  const rows = Array.from({ length: 40 }, (_, i) => `${String(i)},${String(i % 2)},${String(i % 3)}`);
  await app.chooseFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`age,sex,label\n${rows.join('\n')}`),
  });
  await lookAt('the columns');
  await page.getByRole('button', { name: 'Choose other files' }).click();
  await page.getByRole('heading', { name: 'Which data to audit' }).waitFor();
  await lookAt('the choice of data');
  expect(problems).toEqual([]);
  expect(browser.findings).toEqual([]);
});
