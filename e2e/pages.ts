import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts';

/** A browser profile whose pages may talk to the app alone; everything else, and every console error, is a finding. */
export class AppBrowser {
  readonly findings: string[] = [];
  private constructor(
    private readonly browser: Browser,
    readonly context: BrowserContext,
    private readonly address: string,
  ) {}

  static async launch(address: string): Promise<AppBrowser> {
    const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
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

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** The app as a person drives it: by roles and labels alone. */
export class App {
  constructor(readonly page: Page) {}

  async goTo(stage: 'Data' | 'Plan' | 'Training' | 'Evidence' | 'Gallery' | 'Report'): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Stages' })
      .getByRole('link', { name: new RegExp(`^${stage}`) })
      .click();
  }
}
