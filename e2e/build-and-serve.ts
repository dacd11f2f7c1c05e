import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the production build under test. */
    address: string;
  }
}

let server: ChildProcess | null = null;

/** Builds the app as `npm start` does and serves it for the time of the tests. */
export async function setup(project: TestProject): Promise<void> {
  // Vitest's own NODE_ENV would build React for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { stdio: 'inherit', env });
  server = spawn(process.execPath, ['--import', 'tsx', 'src/cli/serve.ts'], {
    env: { ...process.env, PORT: '4300' },
  });
  project.provide('address', await addressOf(server));
}

export function teardown(): void {
  server?.kill();
}

/** The address that the server prints. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
      const address = /http:\/\/[^\s/]+/.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (code) => {
      reject(new Error(`The server ended with ${String(code)}: ${said}`));
    });
  });
}
