import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenFrom, siteServer } from './site.ts';

const HOST = '127.0.0.1';
let folder = '';
let server: Server;
let port = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  mkdirSync(join(folder, 'dist-secret'));
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'dist-secret', 'a.txt'), 'secret');
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'dist', 'assets', 'main-1234.js'), '1;');
  writeFileSync(join(folder, 'dist', 'kernel.wasm'), new Uint8Array([0, 97, 115, 109]));
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist', 'link.txt'));
  server = siteServer(join(folder, 'dist'));
  port = await listenFrom(server, 20_000 + (process.pid % 20_000), HOST);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** node:http sends a path as it is given; fetch would tidy it. */
function ask(path: string, method = 'GET'): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((done, failed) => {
    const sent = request({ host: HOST, port, path, method, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      response.on('end', () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on('error', failed).end();
  });
}

describe('the site', () => {
  it('serves the page at / with a query, under a policy that allows nothing from elsewhere', async () => {
    const { status, headers, text } = await ask('/?demo=faces');
    expect([status, headers['content-type'], text]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html>']);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('names the types that browsers insist on, and keeps hashed assets', async () => {
    const script = await ask('/assets/main-1234.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await ask('/kernel.wasm')).headers['content-type']).toBe('application/wasm');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '/../dist-secret/a.txt',
    '/link.txt',
    '/%00',
    '/%zz',
    '/assets',
    '/assets/',
    '/nothing.js',
  ])('does not find %s', async (path) => {
    const { status, text, headers } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toContain('secret');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('answers HEAD without a body and refuses POST', async () => {
    expect(await ask('/', 'HEAD')).toMatchObject({ status: 200, text: '' });
    expect((await ask('/', 'POST')).status).toBe(405);
  });

  it('takes the next port where one is in use', async () => {
    const second = siteServer(join(folder, 'dist'));
    expect(await listenFrom(second, port, HOST)).toBeGreaterThan(port);
    second.close();
  });
});
