import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEngine } from '#engine/client/engine.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberResult, RunEvent, RunHandle, RunRequest } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { channelWorker, referenceAs } from '#testing/channel-worker.ts';
import type { ChannelWorker } from '#testing/channel-worker.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

/** A page that can be hidden. */
class Page extends EventTarget {
  hidden = false;
  hide(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

interface Watched {
  readonly handle: RunHandle;
  readonly events: RunEvent[];
  readonly workers: ChannelWorker[];
  readonly members: () => MemberResult[];
  readonly names: () => string[];
  readonly notices: () => string[];
}

const data = tinyData();

// Every worker takes the real admission test, which is slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

function start(
  changes: Partial<RunRequest> = {},
  world: {
    readonly candidates?: readonly Candidate[];
    readonly cores?: number;
    readonly now?: () => number;
    readonly page?: Page;
    readonly workerNow?: () => number;
    readonly spawned?: (worker: ChannelWorker, index: number) => void;
    readonly heard?: (event: RunEvent, run: Watched) => void;
  } = {},
): Watched {
  const events: RunEvent[] = [];
  const workers: ChannelWorker[] = [];
  const engine = createEngine({
    spawn: () => {
      const worker = channelWorker(world.candidates ?? [referenceAs('simd')], world.workerNow);
      workers.push(worker);
      world.spawned?.(worker, workers.length - 1);
      return worker;
    },
    cores: world.cores ?? 2,
    hidden: () => world.page?.hidden ?? false,
    onVisibility: (listener) => {
      world.page?.addEventListener('visibilitychange', listener);
      return () => world.page?.removeEventListener('visibilitychange', listener);
    },
    now: world.now ?? (() => performance.now()),
  });
  const members = (): MemberResult[] => events.filter((event) => event.kind === 'member').map(({ result }) => result);
  const run: Watched = {
    handle: engine.start({ plan: tinyPlan(), data, done: [], ...changes }, (event) => {
      events.push(event);
      world.heard?.(event, run);
    }),
    events,
    workers,
    members,
    names: () => members().map(({ key }) => keyText(key)),
    notices: () => events.filter((event) => event.kind === 'notice').map(({ message }) => message),
  };
  return run;
}

const LEVELS = ['baseline', 'pruned-0.5', 'pruned-0.9', 'hybrid-int8', 'fixed-int8'];
const ALL = LEVELS.flatMap((level) => [`${level} 0`, `${level} 1`]).sort();
const weightsOf = (run: Watched): Map<string, Float32Array> =>
  new Map(run.members().map(({ key, weights }) => [keyText(key), weights]));

afterEach(() => {
  vi.useRealTimers();
});

describe('a run', () => {
  it('makes every member once on two workers, the first of every level before the second', async () => {
    const run = start({ plan: tinyPlan({ members: 4 }) });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.names().slice().sort()).toEqual(
      LEVELS.flatMap((level) => [0, 1, 2, 3].map((i) => `${level} ${String(i)}`)).sort(),
    );
    expect(
      run
        .members()
        .slice(0, 8)
        .every(({ key }) => key.index < 2),
    ).toBe(true);
    expect(run.workers).toHaveLength(2);
    expect(run.workers.every((worker) => worker.terminated())).toBe(true);
    expect(run.events[0]).toMatchObject({ kind: 'admitted', admission: { backend: 'simd', workers: 2 } });
  });

  it('gives the same members whatever the number of workers, and on a GPU in one chunk', async () => {
    const [one, three, gpu] = [
      start({}, { cores: 1 }),
      start({}, { cores: 4 }),
      start({}, { candidates: [referenceAs('webgpu')] }),
    ];
    await Promise.all([one.handle.finished, three.handle.finished, gpu.handle.finished]);
    expect([one.workers.length, three.workers.length, gpu.workers.length]).toEqual([1, 3, 1]);
    expect(weightsOf(three)).toEqual(weightsOf(one));
    const predictions = (run: Watched) => new Map(run.members().map(({ key, predictions: p }) => [keyText(key), p]));
    for (const [name, predicted] of predictions(gpu)) expect(predicted).toEqual(predictions(one).get(name));
    expect(gpu.names().slice().sort()).toEqual(ALL);
  });
});

describe('a resumed run', () => {
  it('makes only what is missing, quantizes from the given weights, and equals the uninterrupted one', async () => {
    const whole = start();
    await whole.handle.finished;
    const weights = weightsOf(whole);
    const done = ['baseline 0', 'pruned-0.5 0', 'baseline 1', 'hybrid-int8 1'].map((name) => {
      const [level, index] = name.split(' ');
      return { key: { level: level!, index: Number(index) }, weights: weights.get(name)! };
    });
    const rest = start({ done });
    expect(await rest.handle.finished).toEqual({ kind: 'done' });
    expect(rest.names().sort()).toEqual(ALL.filter((name) => !done.some(({ key }) => keyText(key) === name)));
    for (const [name, kept] of weightsOf(rest)) expect(kept).toEqual(weights.get(name));
  });

  it('makes a baseline member again, unreported, where its weights were not kept', async () => {
    const done = LEVELS.slice(0, 3).flatMap((level) =>
      [0, 1].map((index) => ({ key: { level, index }, weights: null })),
    );
    const run = start({ done });
    await run.handle.finished;
    expect(run.names().sort()).toEqual(ALL.filter((name) => name.includes('int8')));
  });

  it('has nothing to do where all is done', async () => {
    const done = LEVELS.flatMap((level) => [0, 1].map((index) => ({ key: { level, index }, weights: null })));
    const run = start({ done });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.workers).toHaveLength(0);
  });
});

describe('pause, resume and stop', () => {
  it('stops with what is done, and a second run makes exactly the rest', async () => {
    const first = start({}, { heard: (event, run) => event.kind === 'member' && run.handle.stop() });
    expect(await first.handle.finished).toEqual({ kind: 'stopped' });
    const done = first.members().map(({ key, weights }) => ({ key, weights }));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(ALL.length);
    const second = start({ done });
    await second.handle.finished;
    expect([...first.names(), ...second.names()].sort()).toEqual(ALL);
    expect(first.workers.every((worker) => worker.terminated())).toBe(true);
  });

  it('stops in the middle of a job that would take for ever', async () => {
    const long = tinyPlan({ steps: 1_000_000, levels: [] });
    const run = start(
      { plan: long },
      {
        heard: (event, watched) =>
          event.kind === 'progress' && event.training.some(({ step }) => step > 0) && watched.handle.stop(),
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'stopped' });
    expect(run.members()).toEqual([]);
  });

  it('stops also while a worker hangs in its start', async () => {
    const run = start({}, { spawned: (worker) => worker.mute() });
    run.handle.stop();
    expect(await run.handle.finished).toEqual({ kind: 'stopped' });
  });

  it('waits while paused and then comes to the same end', async () => {
    let pauses = 0;
    const run = start(
      {},
      {
        heard: (event, { handle }) => {
          if (event.kind !== 'progress' || event.training.length === 0 || pauses > 0) return;
          pauses += 1;
          handle.pause();
          setTimeout(() => {
            handle.resume();
          }, 20);
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(pauses).toBe(1);
    expect(run.names().sort()).toEqual(ALL);
    const undisturbed = start();
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('begins no member while it is paused from the start', async () => {
    const run = start();
    run.handle.pause();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (run.events.some(({ kind }) => kind === 'admitted')) {
          clearInterval(timer);
          resolve();
        }
      }, 5);
    });
    expect(run.members()).toEqual([]);
    run.handle.resume();
    expect(await run.handle.finished).toEqual({ kind: 'done' });
  });
});

describe('a run that was left', () => {
  it('goes on from its checkpoints in another one, bitwise', async () => {
    let time = 0;
    const plan = tinyPlan({ steps: 60 });
    const checkpoints = new Map<string, Checkpoint>();
    const first = start(
      { plan },
      {
        workerNow: () => (time += 4000),
        heard: (event, run) => {
          if (event.kind !== 'checkpoint') return;
          checkpoints.set(keyText(event.checkpoint.members[0]!), structuredClone(event.checkpoint));
          if (event.checkpoint.step > 30) run.handle.stop();
        },
      },
    );
    expect(await first.handle.finished).toEqual({ kind: 'stopped' });
    const done = first.members().map(({ key, weights }) => ({ key, weights }));
    const begun: number[] = [];
    const second = start(
      { plan, done, checkpoints: [...checkpoints.values()] },
      {
        heard: (event) => {
          if (event.kind === 'progress') begun.push(...event.training.slice(0, 1).map(({ step }) => step));
        },
      },
    );
    expect(await second.handle.finished).toEqual({ kind: 'done' });
    expect(begun[0]).toBeGreaterThan(0);
    const whole = start({ plan });
    await whole.handle.finished;
    expect(new Map([...weightsOf(first), ...weightsOf(second)])).toEqual(weightsOf(whole));
  });
});

describe('the number of workers', () => {
  it('grows when the page is hidden; one too many finishes its job when the page is back, and rests', async () => {
    const page = new Page();
    let given = 0;
    const run = start(
      { plan: tinyPlan({ members: 4, steps: 40 }) },
      {
        cores: 3,
        page,
        heard: (event, { workers }) => {
          if (event.kind === 'admitted') page.hide(true);
          if (given > 0 || (workers[2]?.jobs() ?? 0) < 2) return;
          given = workers[2]!.jobs();
          page.hide(false);
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.events.flatMap((event) => (event.kind === 'workers' ? [event.workers] : []))).toEqual([3, 2]);
    expect(run.workers.map((worker) => worker.jobs()).at(2)).toBe(given);
    expect(run.names()).toHaveLength(20);
  });

  it('is all cores where that is asked for, before or in the middle', async () => {
    const before = start({ allCores: true }, { cores: 3 });
    await before.handle.finished;
    expect(before.workers).toHaveLength(3);
    const later = start(
      {},
      { cores: 3, heard: (event, { handle }) => event.kind === 'admitted' && handle.useAllCores(true) },
    );
    await later.handle.finished;
    expect(later.events.slice(0, 2)).toMatchObject([
      { kind: 'admitted', admission: { workers: 2 } },
      { kind: 'workers', workers: 3 },
    ]);
  });
});

describe('lost workers', () => {
  it('are replaced, and the run equals the undisturbed one', async () => {
    let deaths = 0;
    const run = start(
      {},
      {
        heard: (event, { workers }) => {
          if (event.kind === 'progress' && event.training.length > 0 && deaths++ < 1) workers[0]!.die('out of memory');
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.notices().join()).toContain('out of memory');
    expect(run.names().sort()).toEqual(ALL);
    const undisturbed = start();
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('are replaced by ones that go on from the last checkpoint, bitwise', async () => {
    let time = 0;
    const workerNow = (): number => (time += 4000); // a checkpoint every few steps
    const plan = tinyPlan({ members: 1, steps: 60, augmentation: { flip: true, shift: 1 } });
    const steps: number[] = [];
    let saved = 0;
    const run = start(
      { plan },
      {
        cores: 1,
        workerNow,
        heard: (event, { workers }) => {
          if (event.kind === 'checkpoint' && event.checkpoint.step >= 30 && saved === 0) {
            saved = event.checkpoint.step;
            workers[0]!.die('out of memory');
          }
          const first = event.kind === 'progress' ? event.training[0] : undefined;
          if (saved > 0 && first?.key.level === 'baseline' && first.step > 0) steps.push(first.step);
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.workers).toHaveLength(2);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(saved);
    const undisturbed = start({ plan }, { cores: 1 });
    await undisturbed.handle.finished;
    const lasting = (of: Watched) => of.members().map(({ durationMs: _, ...rest }) => rest);
    expect(lasting(run)).toEqual(lasting(undisturbed));
  });

  it('of a GPU are replaced with all the members of their chunk', async () => {
    let time = 0;
    let saved: readonly string[] = [];
    const run = start(
      {},
      {
        candidates: [referenceAs('webgpu')],
        workerNow: () => (time += 4000),
        heard: (event, { workers }) => {
          if (event.kind !== 'checkpoint' || saved.length > 0) return;
          saved = event.checkpoint.members.map(keyText);
          workers[0]!.die('device lost');
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(saved).toHaveLength(6);
    expect(run.notices()).toEqual([expect.stringContaining('device lost') as string]);
    const undisturbed = start({}, { candidates: [referenceAs('webgpu')] });
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('give a member up after three failures, with the levels that need it, and the run goes on', async () => {
    const dataOfOne = data.trainIndices.slice(0, 4); // fewer than a batch: every training fails
    const run = start({ data: { ...data, trainIndices: dataOfOne }, plan: tinyPlan({ members: 1 }) });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    const failed = run.events.filter((event) => event.kind === 'member-failed');
    expect(failed.map(({ key }) => key.level).sort()).toEqual([...LEVELS].sort());
    expect(failed[0]!.problem.message).toContain('A batch of 8 is larger than the 4 training examples.');
  });

  it('of a GPU lead to the next backend at the second time, and the record says so', async () => {
    let deaths = 0;
    const run = start(
      {},
      {
        candidates: [referenceAs('webgpu'), referenceAs('simd')],
        heard: (event, { workers }) => {
          if (event.kind === 'progress' && event.training.length > 0 && deaths < 2) {
            deaths += 1;
            workers.at(-1)!.die('device lost');
          }
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    const admitted = run.events.filter((event) => event.kind === 'admitted').map(({ admission }) => admission.backend);
    expect(admitted).toEqual(['webgpu', 'simd']);
    expect(run.notices().join()).toContain('webgpu was lost twice');
    expect(run.names().sort()).toEqual(ALL);
  });

  it('end the run with the problem where no backend is left', async () => {
    const run = start({ backend: 'webgl' });
    const outcome = await run.handle.finished;
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'no-backend' } });
  });
});

describe('the watchdog', () => {
  const silent = async (
    backend: BackendName,
    advance: (seconds: number) => Promise<void>,
    setup: (run: Watched) => void,
  ) => {
    let muted = false;
    const run = start(
      {},
      {
        candidates: [referenceAs(backend)],
        now: () => Date.now(),
        heard: (event, watched) => {
          if (event.kind !== 'progress' || event.training.length === 0 || muted) return;
          muted = true;
          setup(watched);
        },
      },
    );
    for (let i = 0; i < 2000 && !muted; i++) await vi.advanceTimersByTimeAsync(1);
    await advance(1);
    return run;
  };

  it.each([
    ['webgpu', 20],
    ['simd', 60],
  ] as const)('replaces a %s worker that is silent for %i seconds', async (backend, seconds) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] });
    const run = await silent(
      backend,
      async () => {
        await vi.advanceTimersByTimeAsync((seconds + 2) * 1000);
      },
      ({ workers }) => {
        workers[0]!.mute();
      },
    );
    vi.useRealTimers();
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.notices().join()).toContain(`no sign of life for ${String(seconds)} seconds`);
    expect(run.workers).toHaveLength(backend === 'simd' ? 3 : 2);
    expect(run.names().sort()).toEqual(ALL);
  });

  it('spares a worker while the whole machine sleeps', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] });
    const run = await silent(
      'webgpu',
      async () => {
        vi.setSystemTime(Date.now() + 3_600_000); // the clock jumps, no tick comes in between
        await vi.advanceTimersByTimeAsync(3000);
      },
      () => undefined,
    );
    vi.useRealTimers();
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.notices()).toEqual([]);
    expect(run.workers).toHaveLength(1);
  });
});
