import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright';
import { expect } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts';

/** Long enough for a software adapter on a busy machine. */
export const PATIENCE_MS = 240_000;

/** Expects a value that is on its way. */
export const eventually = <T>(read: () => T | Promise<T>, timeout = 60_000) =>
  expect.poll(read, { timeout, interval: 50 });

/** Relaxed SIMD has operations from 0x100 on behind the prefix 0xfd: 253, 128 + n, 2. */
const REFUSE_RELAXED_SIMD = `{
  const validate = WebAssembly.validate;
  WebAssembly.validate = (bytes) =>
    validate(bytes) && !new Uint8Array(bytes.buffer ?? bytes).some((b, i, all) => b === 253 && all[i + 1] >= 128 && all[i + 2] === 2);
}
`;

/** A browser profile whose pages may talk to the app alone; everything else, and every console error, is a finding. */
export class AppBrowser {
  readonly findings: string[] = [];
  private constructor(
    private readonly browser: Browser,
    readonly context: BrowserContext,
    private readonly address: string,
  ) {}

  /** With a pretended GPU to train on unless other flags are given. */
  static async launch(address: string, flags = CHROMIUM_FLAGS): Promise<AppBrowser> {
    const browser = await chromium.launch({ executablePath: findChromium(), args: [...flags] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    context.setDefaultTimeout(60_000);
    const app = new AppBrowser(browser, context, address);
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('blob:') && !url.startsWith('data:'))
        app.findings.push(`request to ${url}`);
    });
    context.on('console', (message) => {
      if (message.type() === 'error') app.findings.push(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => app.findings.push(`page error: ${error.error().message}`));
    return app;
  }

  /** Opens the app, e.g. with `?backend=webgl`. */
  async open(query = ''): Promise<App> {
    const page = await this.context.newPage();
    await page.goto(`${this.address}/${query}`);
    return new App(page);
  }

  /** From now on its scripts meet an engine that knows plain SIMD alone, as older browsers do. */
  async withoutRelaxedSimd(): Promise<void> {
    await this.context.route(/\.js$/u, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${REFUSE_RELAXED_SIMD}${await response.text()}` });
    });
  }

  /** The most memory that a page and its workers have held so far, by the kernel's own count; Linux only. */
  async rendererPeakBytes(): Promise<number> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const peaks = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => /VmHWM:\s*(\d+) kB/u.exec(readFileSync(`/proc/${String(id)}/status`, 'utf8'))?.[1]);
    return 1024 * Math.max(...peaks.map(Number));
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** What a test changes of the plan; the rest stays as the preset has it. */
export interface PlanChanges {
  readonly members: number;
  readonly steps: number;
  readonly batchSize?: number;
  /** The levels that stay, as they are written on their chips. */
  readonly levels: readonly string[];
  /** The levels that are added to them. */
  readonly added?: readonly AddedLevel[];
  /** Another model than the one that the data get by themselves. */
  readonly model?: 'ResNet-8';
  /** Images are mirrored half of the time and moved by up to so many pixels. */
  readonly moved?: number;
  readonly rate?: 'Cosine';
}

/** A level as its dialog asks for it. */
export type AddedLevel =
  | { readonly kind: 'remove weights'; readonly percent: number; readonly follows: 'Hooker et al.' | 'TensorFlow' }
  | { readonly kind: 'QAT int8'; readonly floatSteps: number };

/** The app as a person drives it: by roles and labels alone. */
export class App {
  constructor(readonly page: Page) {}

  async goTo(stage: 'Data' | 'Plan' | 'Training' | 'Evidence' | 'Gallery' | 'Report'): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Stages' })
      .getByRole('link', { name: new RegExp(`^${stage}`) })
      .click();
  }

  async goToStart(): Promise<void> {
    await this.page.getByRole('link', { name: 'Longtail, start' }).click();
    await this.page.getByRole('heading', { name: 'Whom does a compressed model forget?' }).waitFor();
  }

  /** From the first screen to data that are built in, seen on the Data screen. */
  async chooseBuiltin(action: 'Draw the faces' | 'Open the digits' | 'Open the records'): Promise<void> {
    await this.page.getByRole('link', { name: 'or choose data and plan' }).click();
    await this.page.getByRole('button', { name: action }).click();
    await this.dataAreHere();
  }

  /** From the first screen to the columns of one's own files. */
  async chooseFiles(...files: Parameters<Locator['setInputFiles']>[0][]): Promise<void> {
    await this.page.getByLabel('Choose files').setInputFiles(files.flat() as Parameters<Locator['setInputFiles']>[0]);
    await this.page.getByRole('heading', { name: 'Which column is what?' }).waitFor({ timeout: PATIENCE_MS });
  }

  async dataAreHere(): Promise<void> {
    await this.page.getByRole('link', { name: 'Continue to the plan' }).waitFor({ timeout: PATIENCE_MS });
  }

  /** From the data to a running training. */
  async train(changes: PlanChanges): Promise<void> {
    await this.setPlan(changes);
    await this.page.getByRole('button', { name: 'Start training' }).click();
    await this.page.getByText(/^Running on /).waitFor({ timeout: PATIENCE_MS });
  }

  async setPlan({ members, steps, batchSize, levels, added = [], model, moved, rate }: PlanChanges): Promise<void> {
    const { page } = this;
    await page.getByRole('link', { name: 'Continue to the plan' }).click();
    const choose = (label: string, choice: string) =>
      page.getByLabel(label, { exact: true }).selectOption({ label: choice });
    if (model !== undefined) await choose('Model', model);
    const numbers = { 'Members a level': members, Steps: steps, 'Batch size': batchSize, 'Move by up to': moved };
    if ((batchSize ?? moved ?? rate) !== undefined) await page.getByText('More settings', { exact: true }).click();
    for (const [name, value] of Object.entries(numbers)) {
      if (value !== undefined) await page.getByRole('spinbutton', { name, exact: true }).fill(String(value));
    }
    if (moved !== undefined) await page.getByRole('checkbox', { name: 'Mirror half of the images' }).check();
    if (rate !== undefined) await choose('Rate over time', rate);
    const chips = page.getByRole('button', { name: /^Remove level / });
    for (const name of await chips.evaluateAll((all) => all.map((chip) => chip.getAttribute('aria-label') ?? ''))) {
      if (!levels.includes(name.slice('Remove level '.length))) {
        await page.getByRole('button', { name, exact: true }).click();
      }
    }
    for (const level of added) await this.addLevel(level);
    await eventually(() => chips.count()).toBe(levels.length + added.length);
  }

  private async addLevel(level: AddedLevel): Promise<void> {
    await this.page.getByRole('button', { name: '+ level' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a level' });
    await dialog.getByRole('radio', { name: level.kind }).check();
    if (level.kind === 'QAT int8') {
      await dialog.getByLabel('Steps in float first').fill(String(level.floatSteps));
    } else {
      await dialog.getByLabel('Weights removed, in percent').fill(String(level.percent));
      await dialog.getByRole('radio', { name: level.follows }).check();
    }
    await dialog.getByRole('button', { name: 'Add the level' }).click();
  }

  /** The backend that runs, as the Training screen says it. */
  backend(): Promise<string | null> {
    return this.page.getByText(/^Running on /).textContent();
  }

  async allMembersAreIn(planned: number): Promise<void> {
    await this.page
      .getByRole('heading', { name: `All ${String(planned)} members are in` })
      .waitFor({ timeout: PATIENCE_MS });
  }

  /** How far the members of a level are that train now, in percent, as the grid says it. */
  async inTraining(level: string): Promise<readonly number[]> {
    const cells = this.page.getByRole('region', { name: 'Populations' }).getByRole('img', { name: `${level}: ` });
    const said = /in training at ([\d percnt,]+)/u.exec((await cells.getAttribute('aria-label')) ?? '')?.[1] ?? '';
    return (said.match(/\d+/gu) ?? []).map(Number);
  }

  /** Goes to the evidence and waits for its numbers; the value is the headline. */
  async evidence(): Promise<string> {
    await this.goTo('Evidence');
    return this.headline();
  }

  /** Opens the table below every figure of the evidence. */
  async openTables(): Promise<void> {
    const closed = this.page.getByRole('button', { name: 'Show as table' });
    while ((await closed.count()) > 0) await closed.first().click();
  }

  async headline(): Promise<string> {
    const headline = this.page.getByRole('region', { name: 'Finding' }).getByRole('heading', { level: 1 });
    await headline.waitFor({ timeout: PATIENCE_MS });
    return headline.innerText();
  }

  /** From the evidence: presses the mark that stands for everyone; the gallery opens on all examples, e.g. "160 faces". */
  async showEveryExample(examples: string): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^Baseline, .* Show the ${examples}`) }).click();
    await this.page
      .getByRole('region', { name: /^Ranked / })
      .getByText(examples, { exact: true })
      .waitFor();
  }

  /** The card of a rank in the gallery. */
  card(rank: number): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^Rank ${String(rank)}, `) });
  }

  /** Waits until the card of a rank is the one in hand. */
  async cardIsInHand(rank: number): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^Rank ${String(rank)}, `), pressed: true }).waitFor();
  }

  /** The card of an example, by its name. */
  cardOf(example: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^Rank \\d+, ${example}, `) });
  }

  /** Gives the example in hand the label of this key; the first label of a profile asks for the reviewer's name. */
  async label(key: string): Promise<void> {
    const named = await this.page.evaluate(() => localStorage.getItem('longtail.reviewer'));
    await this.page.keyboard.press(key);
    if (named !== null) return;
    await this.page.getByLabel('Your name or initials').fill('Ana');
    await this.page.keyboard.press('Enter');
  }
  /** The name of the example in hand. */
  async exampleInHand(): Promise<string> {
    const picture = this.page.getByRole('button', { name: /^Show .* large$/ });
    return /^Show (.*) large$/u.exec((await picture.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  }

  /** Presses a button that saves files; the paths of those with these names, in their order. */
  async savedBy(button: Locator, ...names: readonly RegExp[]): Promise<readonly string[]> {
    const downloads = names.map((name) =>
      this.page.waitForEvent('download', (download) => name.test(download.suggestedFilename())),
    );
    await button.click();
    return Promise.all(downloads.map(async (download) => (await download).path()));
  }

  /** On the first screen: the name of every kept audit that the list shows. */
  keptAudits(): Locator {
    return this.page.getByRole('region', { name: 'Audits on this device' }).getByRole('listitem');
  }

  /** On the first screen: takes in an audit file, and waits for its evidence; the value is the headline. */
  async importAudit(file: string): Promise<string> {
    await this.page.getByLabel('Import an audit file').setInputFiles(file);
    return this.headline();
  }

  async openKept(name: string | RegExp): Promise<void> {
    await this.keptAudits().getByRole('button', { name }).first().click();
  }
}
