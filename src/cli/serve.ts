import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listenFrom, siteServer } from './site.ts';

const DEFAULT_PORT = 4173;
const HOST = '127.0.0.1'; // this machine only: nothing is offered to a network

const root = fileURLToPath(new URL('../../dist/', import.meta.url));
const wanted = process.env['PORT'] ?? String(DEFAULT_PORT);
if (!/^\d{1,5}$/u.test(wanted) || Number(wanted) < 1 || Number(wanted) > 65_535) {
  process.stderr.write(`PORT is ${JSON.stringify(wanted)}, expected a number from 1 to 65535\n`);
  process.exitCode = 2;
} else if (!existsSync(`${root}index.html`)) {
  process.stderr.write('dist/ holds no index.html: run "npm run build" first\n');
  process.exitCode = 1;
} else {
  const port = await listenFrom(siteServer(root), Number(wanted), HOST);
  const address = `http://${HOST}:${String(port)}`;
  process.stdout.write(`Longtail is at ${address}/\nStart the built-in audit: ${address}/?demo=faces\n`);
}
