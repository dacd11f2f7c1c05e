import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { build, type Plugin } from 'vite';
import { listenFrom, siteServer } from '#cli/site.ts';
import { CHROMIUM_FLAGS, findChromium, FLAGS_WITHOUT_GPU } from '../../e2e/chromium.ts';
import type { Answer, RemoteHost } from '../page/remote.ts';
import type { Machine } from '../report/report.ts';
import type { Host, Session } from '../run/host.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIRST_PORT = 4400;
/** For a machine with a GPU: what a headless browser needs to use it. */
const HARDWARE_FLAGS = [
  ...CHROMIUM_FLAGS.filter((flag) => !flag.includes('swiftshader')),
  ...['--enable-gpu', '--enable-features=Vulkan', '--use-angle=default'],
];

/** bench.html of a production build in a headless browser. */
export interface Chromium {
  readonly host: Host;
  readonly browser: string;
  readonly adapters: Machine['adapters'];
  readonly close: () => Promise<void>;
}

/** Lists of pages would be merged with those of the configuration, not replace them. */
const onlyThePage: Plugin = {
  name: 'only-the-page-of-the-benchmarks',
  config: ({ build }) => {
    if (build?.rolldownOptions !== undefined) build.rolldownOptions.input = `${ROOT}bench.html`;
  },
};

/** The page of the benchmarks in a browser of its own. */
export interface BenchTab {
  readonly page: Page;
  readonly browser: string;
  readonly close: () => Promise<void>;
}

/**
 * Builds and serves the page and opens it at an address. Without `hardware` with the software adapters of the tests, or, for
 * what is to be seen rather than computed, with none (`isSeen`).
 */
export async function openBenchTab(
  { hardware, isSeen = false }: { readonly hardware: boolean; readonly isSeen?: boolean },
  query = '',
): Promise<BenchTab> {
  process.env['NODE_ENV'] = 'production';
  const folder = await mkdtemp(join(tmpdir(), 'longtail-bench-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await build({
      root: ROOT,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, copyPublicDir: false },
      plugins: [onlyThePage],
    });
    const server = siteServer(folder);
    const port = await listenFrom(server, FIRST_PORT, '127.0.0.1');
    closers.push(() => new Promise((done) => server.close(done)));
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: [...(hardware ? HARDWARE_FLAGS : isSeen ? FLAGS_WITHOUT_GPU : CHROMIUM_FLAGS)],
    });
    closers.push(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String(port)}/bench.html${query}`);
    return { page, browser: `Chromium ${browser.version()}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The page as a host of trainers. */
export async function startChromium(options: { readonly hardware: boolean }): Promise<Chromium> {
  const { page, browser, close } = await openBenchTab(options);
  try {
    await page.waitForFunction(() => window.longtailBench !== undefined);
    const remote: RemoteHost = {
      adapters: () => page.evaluate(() => window.longtailBench!.adapters()),
      open: (task) => page.evaluate((given) => window.longtailBench!.open(given), task),
      slice: (request) => page.evaluate((given) => window.longtailBench!.slice(given), request),
      count: (id) => page.evaluate((given) => window.longtailBench!.count(given), id),
      close: (id) => page.evaluate((given) => window.longtailBench!.close(given), id),
    };
    return { host: hostOf(remote), browser, adapters: await remote.adapters(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function hostOf(remote: RemoteHost): Host {
  return {
    where: 'chromium',
    open: async (task) => {
      const { id, opened } = valueOf(await remote.open(task));
      const session: Session = {
        opened,
        slice: async (ms) => valueOf(await remote.slice({ id, ms })),
        count: async () => valueOf(await remote.count(id)),
        close: () => remote.close(id),
      };
      return session;
    },
  };
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}
