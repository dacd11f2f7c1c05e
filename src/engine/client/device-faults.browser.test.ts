import { describe, expect, it, vi } from 'vitest';
import { createEngine } from '#engine/client/engine.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import type { MemberResult, RunEvent, RunHandle, RunOutcome, RunRequest } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Fault } from '#testing/faults.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 300_000 }); // a software adapter takes long to compile where the machine is busy

/** Four members that train together, unless that is too many. */
const PLAN = tinyPlan({ steps: 40, levels: tinyPlan().levels.slice(1, 2) });
const DATA = tinyData(192);
/** The widest array of two members fits, that of four does not. */
const MOST_BYTES = { webgpu: 150_000, webgl: 50_000 };

interface Watched {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly workers: number;
  /** By name; without the time that it took. */
  readonly members: ReadonlyMap<string, MemberResult>;
}

/** Runs the plan in real workers. `before` may do something to a worker that is about to be given a job, `heard` whenever the run says something. */
async function run(
  backend: BackendName,
  {
    before,
    heard,
    ...changes
  }: Partial<RunRequest> & {
    readonly before?: (hurt: (fault: Fault) => void) => void;
    readonly heard?: (event: RunEvent, handle: RunHandle, worker: Worker) => void;
  } = {},
): Promise<Watched> {
  const workers: Worker[] = [];
  const events: RunEvent[] = [];
  const engine = createEngine({
    spawn: () => {
      const worker = new Worker(new URL('../../testing/faulty-worker.ts', import.meta.url), { type: 'module' });
      workers.push(worker);
      return {
        postMessage: (message, transfer) => {
          if ((message as { readonly method?: string }).method === 'run')
            before?.((fault) => {
              worker.postMessage(fault);
            });
          worker.postMessage(message, transfer);
        },
        addEventListener: worker.addEventListener.bind(worker),
        removeEventListener: worker.removeEventListener.bind(worker),
        terminate: () => {
          worker.terminate();
        },
      };
    },
    cores: 1,
    hidden: () => false,
    onVisibility: () => () => undefined,
    now: () => performance.now(),
  });
  const handle = engine.start({ plan: PLAN, data: DATA, done: [], backend, ...changes }, (event) => {
    events.push(event);
    heard?.(event, handle, workers.at(-1)!);
  });
  const outcome = await handle.finished;
  const members = new Map<string, MemberResult>();
  for (const event of events) {
    if (event.kind !== 'member') continue;
    members.set(keyText(event.result.key), { ...event.result, durationMs: 0 });
  }
  return { outcome, events, workers: workers.length, members };
}

const runs = new Map<BackendName, Promise<Watched>>();
const undisturbed = (backend: BackendName): Promise<Watched> => {
  const known = runs.get(backend) ?? run(backend);
  runs.set(backend, known);
  return known;
};
const noticesOf = ({ events }: Watched): string =>
  events.flatMap((event) => (event.kind === 'notice' ? [event.message] : [])).join(' ');

/** Calls back once the first checkpoint is there, and tells where the members went on afterwards. */
function afterCheckpoint(then: (worker: Worker) => void) {
  let saved: number | null = null;
  let finished = false;
  const steps: number[] = [];
  return {
    saved: () => saved,
    steps,
    heard: (event: RunEvent, handle: RunHandle, worker: Worker): void => {
      const first = event.kind === 'progress' ? event.training[0] : undefined;
      finished ||= event.kind === 'member';
      if (first !== undefined && saved !== null && !finished) steps.push(first.step);
      if (first !== undefined && saved === null && first.step > 0) handle.pause();
      if (event.kind !== 'checkpoint' || saved !== null) return;
      saved = event.checkpoint.step;
      handle.resume();
      then(worker);
    },
  };
}

describe.each(['webgpu', 'webgl', 'simd'] as const)('a %s worker', (backend) => {
  it('that is lost in mid-training is replaced, and its members go on from their checkpoint, bitwise', async () => {
    const watch = afterCheckpoint((worker) => {
      if (backend === 'simd') worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
      else worker.postMessage({ kind: 'lose' } satisfies Fault);
    });
    const plan = backend === 'simd' ? { plan: { ...PLAN, steps: 30_000 } } : {};
    const lost = await run(backend, { ...plan, heard: watch.heard });
    expect(lost.outcome).toEqual({ kind: 'done' });
    expect(lost.workers).toBe(2);
    expect(noticesOf(lost)).toMatch(/A worker was lost \(.+\)\. Another one starts/);
    expect(watch.saved()).toBeGreaterThan(0);
    expect(Math.min(...watch.steps)).toBeGreaterThanOrEqual(watch.saved()!);
    expect(lost.members).toEqual((await (backend === 'simd' ? run(backend, plan) : undisturbed(backend))).members);
  });
});

describe.each(['webgpu', 'webgl'] as const)('a device of %s', (backend) => {
  it('that refuses a command ends the run with a message, and no member comes of it', async () => {
    const watch = afterCheckpoint((worker) => {
      worker.postMessage({ kind: 'refuse' } satisfies Fault);
    });
    const refused = await run(backend, { heard: watch.heard });
    expect(refused.outcome).toMatchObject({ kind: 'failed', problem: { code: 'gpu-invalid' } });
    expect(refused.workers).toBe(1);
    expect(refused.members.size).toBe(0);
  });

  it('that has no memory for all members trains half of them at once, bitwise the same', async () => {
    const before = (hurt: (fault: Fault) => void): void => {
      hurt({ kind: 'fill', mostBytes: MOST_BYTES[backend] });
    };
    const full = await run(backend, { before });
    expect(full.outcome).toEqual({ kind: 'done' });
    expect(noticesOf(full)).toContain('no memory for 4 members at once. They are trained again, 2 at once.');
    expect(full.members).toEqual((await undisturbed(backend)).members);
    expect(full.events).toContainEqual(expect.objectContaining({ kind: 'limit' }));
  });
});
