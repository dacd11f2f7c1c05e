import { webglAdapter, webgpuAdapter } from '#engine/worker/adapters.ts';
import type { Host, Opened, Session, Task } from '../run/host.ts';
import type { Machine } from '../report/report.ts';
import { reasonOf } from '../run/rounds.ts';

/** An answer as plain data: what was thrown would lose its words on the way out of the page. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The page's host for the command line, by plain data. */
export interface RemoteHost {
  adapters(): Promise<Machine['adapters']>;
  open(task: Task): Promise<Answer<{ readonly id: number; readonly opened: Opened }>>;
  slice(request: { readonly id: number; readonly ms: number }): Promise<Answer<readonly number[]>>;
  count(id: number): Promise<Answer<Awaited<ReturnType<Session['count']>>>>;
  close(id: number): Promise<void>;
}

declare global {
  interface Window {
    longtailBench?: RemoteHost;
  }
}

export function remoteHost(host: Host): RemoteHost {
  const sessions = new Map<number, Session>();
  let nextId = 1;
  const session = (id: number): Session => {
    const found = sessions.get(id);
    if (found === undefined) throw new Error(`There is no session ${String(id)}.`);
    return found;
  };
  return {
    adapters: findAdapters,
    open: (task) =>
      answer(async () => {
        const opened = await host.open(task);
        sessions.set(nextId, opened);
        return { id: nextId++, opened: opened.opened };
      }),
    slice: ({ id, ms }) => answer(() => session(id).slice(ms)),
    count: (id) => answer(() => session(id).count()),
    close: async (id) => {
      await sessions.get(id)?.close();
      sessions.delete(id);
    },
  };
}

/** The graphics adapters of this browser. */
export async function findAdapters(): Promise<Machine['adapters']> {
  const [webgpu, webgl] = [await webgpuAdapter(), webglAdapter()];
  return { webgpu: webgpu.ok ? webgpu.value : null, webgl: webgl.ok ? webgl.value : null };
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}
