import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackendName, DeviceProblem } from '#engine/executors/executor.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { ProblemError } from '#lib/result.ts';
import { referenceAs } from '#testing/channel-worker.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';
import { ALL, LEVELS, Page, startWatched, weightsOf } from '#testing/watched-run.ts';
import type { WatchedRun } from '#testing/watched-run.ts';

const data = tinyData();

// Every worker takes the real admission test, which is slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => {
  vi.useRealTimers();
});

describe('the number of workers', () => {
  it('grows when the page is hidden; one too many finishes its job when the page is back, and rests', async () => {
    const page = new Page();
    let given = 0;
    const run = startWatched(
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
    const before = startWatched({ allCores: true }, { cores: 3 });
    await before.handle.finished;
    expect(before.workers).toHaveLength(3);
    const later = startWatched(
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
    const run = startWatched(
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
    const undisturbed = startWatched();
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('are replaced by ones that go on from the last checkpoint, bitwise', async () => {
    let time = 0;
    const workerNow = (): number => (time += 4000); // a checkpoint every few steps
    const plan = tinyPlan({ members: 1, steps: 60, augmentation: { flip: true, shift: 1 } });
    const steps: number[] = [];
    let saved = 0;
    const run = startWatched(
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
    const undisturbed = startWatched({ plan }, { cores: 1 });
    await undisturbed.handle.finished;
    const lasting = (of: WatchedRun) => of.members().map(({ durationMs: _, ...rest }) => rest);
    expect(lasting(run)).toEqual(lasting(undisturbed));
  });

  it('of a GPU are replaced with all the members of their chunk', async () => {
    let time = 0;
    let saved: readonly string[] = [];
    const run = startWatched(
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
    const undisturbed = startWatched({}, { candidates: [referenceAs('webgpu')] });
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('give a member up after three failures, with the levels that need it, and the run goes on', async () => {
    const dataOfOne = data.trainIndices.slice(0, 4); // fewer than a batch: every training fails
    const run = startWatched({ data: { ...data, trainIndices: dataOfOne }, plan: tinyPlan({ members: 1 }) });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    const failed = run.events.filter((event) => event.kind === 'member-failed');
    expect(failed.map(({ key }) => key.level).sort()).toEqual([...LEVELS].sort());
    expect(failed[0]!.problem.message).toContain('A batch of 8 is larger than the 4 training examples.');
  });

  it('of a GPU lead to the next backend at the second time, and the record says so', async () => {
    let deaths = 0;
    const run = startWatched(
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
    expect(run.notices().join()).toContain('WebGPU was lost twice');
    expect(run.names().sort()).toEqual(ALL);
  });

  it('of a GPU that a kept run ran on lead to the next backend at the second time too', async () => {
    const run = startWatched(
      { preferred: 'webgl' },
      {
        candidates: [referenceAs('webgpu'), referenceAs('webgl'), referenceAs('simd')],
        heard: (event, { workers }) => {
          if (event.kind === 'progress' && event.training.length > 0 && workers.length < 3)
            workers.at(-1)!.die('context lost');
        },
      },
    );
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    const admitted = run.events.filter((event) => event.kind === 'admitted').map(({ admission }) => admission);
    expect(admitted.map(({ backend }) => backend)).toEqual(['webgl', 'webgpu']);
    expect(admitted[1]!.reason).toContain('WebGL failed earlier in this run.');
    expect(run.notices().join()).toContain('WebGL was lost twice');
    expect(run.names().sort()).toEqual(ALL);
  });

  it('of a backend that a kept run ran on and that is not there any more lead to another, which is said', async () => {
    const done = [{ key: { level: 'pruned-0.5', index: 0 }, weights: null }];
    const run = startWatched({ preferred: 'webgpu', done }, { candidates: [referenceAs('simd')] });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.notices()).toEqual([
      expect.stringMatching(/did not start.+The next backend is tried\. Backends round differently/),
    ]);
    expect(run.names().sort()).toEqual(ALL.filter((name) => name !== 'pruned-0.5 0'));
  });

  it('end the run with the problem where no backend is left', async () => {
    const run = startWatched({ backend: 'webgl' });
    const outcome = await run.handle.finished;
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'no-backend' } });
  });
});

describe('a GPU', () => {
  const code = (problem: DeviceProblem) => new ProblemError({ code: problem, message: 'The device said so.' });
  /** Has memory for `most` members in the run; the admission test takes less. */
  const small = (most: number): Candidate =>
    referenceAs('webgpu', (executor) => ({
      createChunk: (spec) => {
        if (spec.members > most) throw code('gpu-memory');
        return executor.createChunk(spec);
      },
    }));
  const together = (run: WatchedRun): number =>
    Math.max(...run.events.map((event) => (event.kind === 'progress' ? event.training.length : 0)));

  it('without memory for all members gets half of them, the next run from the start', async () => {
    const run = startWatched({}, { candidates: [small(2)] });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.notices()).toEqual([
      expect.stringContaining('no memory for 6 members at once. They are trained again, 3 at once.'),
      expect.stringContaining('no memory for 3 members at once. They are trained again, 1 at once.'),
    ]);
    expect(run.names().sort()).toEqual(ALL);
    const limits = run.events.flatMap((event) => (event.kind === 'limit' ? [event.limit] : []));
    expect(limits.map(({ members }) => members)).toEqual([3, 1]);
    const next = startWatched({ limits: limits.slice(1) }, { candidates: [small(2)] });
    await next.handle.finished;
    expect(next.notices()).toEqual([]);
    expect(next.workers).toHaveLength(1);
    const elsewhere = limits.slice(1).map((limit) => ({ ...limit, device: 'webgpu, another' }));
    const other = startWatched({ limits: elsewhere }, { candidates: [small(6)] });
    await other.handle.finished;
    expect(together(other)).toBe(6);
  });

  it('that is lost before it computed a step gets half of the members; afterwards as many as before', async () => {
    for (const [computed, most] of [
      [false, 3],
      [true, 6],
    ] as const) {
      let died = false;
      const after: number[] = [];
      const run = startWatched(
        {},
        {
          candidates: [referenceAs('webgpu')],
          workerNow: (() => {
            let time = 0;
            return () => (time += 40); // every step is reported
          })(),
          heard: (event, { workers }) => {
            if (event.kind !== 'progress' || event.training.length === 0) return;
            if (died) after.push(event.training.length);
            if (died || (event.training[0]!.loss !== null) !== computed) return;
            died = true;
            workers[0]!.die('device lost');
          },
        },
      );
      expect(await run.handle.finished).toEqual({ kind: 'done' });
      expect(Math.max(...after)).toBe(most);
    }
  });

  it('that refuses a command ends the run at once', async () => {
    let chunks = 0;
    const refusing = referenceAs('webgpu', (executor) => ({
      createChunk: (spec) => {
        const chunk = executor.createChunk(spec);
        if (spec.members < 6) return chunk;
        chunks += 1;
        return { ...chunk, loss: () => Promise.reject(code('gpu-invalid')) };
      },
    }));
    const run = startWatched({}, { candidates: [refusing, referenceAs('simd')] });
    expect(await run.handle.finished).toMatchObject({
      kind: 'failed',
      problem: { code: 'gpu-invalid', message: 'The device said so.' },
    });
    expect(chunks).toBe(1);
    expect(run.members()).toEqual([]);
  });
});

describe('the watchdog', () => {
  const silent = async (
    backend: BackendName,
    advance: (seconds: number) => Promise<void>,
    setup: (run: WatchedRun) => void,
  ) => {
    let muted = false;
    const run = startWatched(
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
