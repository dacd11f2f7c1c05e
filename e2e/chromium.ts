import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Give both WebGL and WebGPU on a software adapter, and keep the browser from talking to anybody. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-angle=swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Without any GPU, also a pretended one: pages are drawn by the processor, as on a machine that has none, and much quicker. */
export const FLAGS_WITHOUT_GPU: readonly string[] = CHROMIUM_FLAGS.filter((flag) => !/gpu|swiftshader/u.test(flag));

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of a Chrome or Chromium. Where there is none, tries to install Debian's package; where that fails, throws one
 * sentence that says what to install.
 */
export function findChromium(): string {
  const found = CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found !== undefined) return found;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    try {
      execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
      execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore' });
    } catch {
      // said below
    }
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  }
  throw new Error(
    'No Chrome or Chromium was found: install one, or set CHROMIUM to its path, to run the browser tests.',
  );
}
