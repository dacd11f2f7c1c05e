import { createReadStream, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** What the page may do: scripts, styles and data of this very site, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.md', 'text/markdown; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.zip', 'application/zip'],
  ['.gz', 'application/gzip'],
]);

/**
 * A server of the files below `root`, for GET and HEAD: `/` is `index.html`, a path that leads out of `root` (also by a link
 * in the file system) or to no file is not found. Every answer carries the content security policy. Not yet listening.
 */
export function siteServer(root: string): Server {
  const base = realpathSync(resolve(root));
  return createServer((request, response) => {
    answer(base, request, response);
  });
}

function answer(base: string, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    sayOnly(response, 405, 'Only GET and HEAD are answered here.');
    return;
  }
  const file = fileAt(base, request.url ?? '/');
  if (file === null) {
    sayOnly(response, 404, 'There is no such file.');
    return;
  }
  response.setHeader('Content-Type', TYPES.get(extname(file.path).toLowerCase()) ?? 'application/octet-stream');
  response.setHeader('Content-Length', file.sizeBytes);
  // Built assets have their content's hash in their name; everything else is asked for again.
  response.setHeader('Cache-Control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

function fileAt(base: string, url: string): { path: string; sizeBytes: number; isHashed: boolean } | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/u)[0]!);
    if (!path.startsWith('/') || path.includes('\0')) return null;
    const real = realpathSync(join(base, path.endsWith('/') ? `${path}index.html` : path));
    if (!real.startsWith(base + sep)) return null;
    const found = statSync(real);
    if (!found.isFile()) return null;
    return { path: real, sizeBytes: found.size, isHashed: path.startsWith('/assets/') };
  } catch {
    return null; // not there, or not a path at all
  }
}

function sayOnly(response: ServerResponse, status: number, sentence: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${sentence}\n`);
}

/** Starts to listen at `port`, or at the next one that is free; the value is the port. Gives up after 100 ports. */
export async function listenFrom(server: Server, port: number, host: string): Promise<number> {
  for (let candidate = port; candidate < port + 100 && candidate < 65_536; candidate++) {
    if (await listens(server, candidate, host)) return candidate;
  }
  throw new Error(`no port from ${String(port)} on is free`);
}

function listens(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((done, failed) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(false);
      else failed(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      done(true);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}
