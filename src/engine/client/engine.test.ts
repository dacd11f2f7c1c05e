import { describe, expect, it, vi } from 'vitest';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { referenceAs } from '#testing/channel-worker.ts';
import { tinyPlan } from '#testing/tiny-run.ts';
import { ALL, LEVELS, startWatched, weightsOf } from '#testing/watched-run.ts';
import type { WatchedRun } from '#testing/watched-run.ts';

// Every worker takes the real admission test, which is slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

describe('a run', () => {
  it('makes every member once on two workers, the first of every level before the second', async () => {
    const run = startWatched({ plan: tinyPlan({ members: 4 }) });
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
      startWatched({}, { cores: 1 }),
      startWatched({}, { cores: 4 }),
      startWatched({}, { candidates: [referenceAs('webgpu')] }),
    ];
    await Promise.all([one.handle.finished, three.handle.finished, gpu.handle.finished]);
    expect([one.workers.length, three.workers.length, gpu.workers.length]).toEqual([1, 3, 1]);
    expect(weightsOf(three)).toEqual(weightsOf(one));
    const predictions = (run: WatchedRun) => new Map(run.members().map(({ key, predictions: p }) => [keyText(key), p]));
    for (const [name, predicted] of predictions(gpu)) expect(predicted).toEqual(predictions(one).get(name));
    expect(gpu.names().slice().sort()).toEqual(ALL);
  });
});

describe('a resumed run', () => {
  it('makes only what is missing, quantizes from the given weights, and equals the uninterrupted one', async () => {
    const whole = startWatched();
    await whole.handle.finished;
    const weights = weightsOf(whole);
    const done = ['baseline 0', 'pruned-0.5 0', 'baseline 1', 'hybrid-int8 1'].map((name) => {
      const [level, index] = name.split(' ');
      return { key: { level: level!, index: Number(index) }, weights: weights.get(name)! };
    });
    const rest = startWatched({ done });
    expect(await rest.handle.finished).toEqual({ kind: 'done' });
    expect(rest.names().sort()).toEqual(ALL.filter((name) => !done.some(({ key }) => keyText(key) === name)));
    for (const [name, kept] of weightsOf(rest)) expect(kept).toEqual(weights.get(name));
  });

  it('makes a baseline member again, unreported, where its weights were not kept', async () => {
    const done = LEVELS.slice(0, 3).flatMap((level) =>
      [0, 1].map((index) => ({ key: { level, index }, weights: null })),
    );
    const run = startWatched({ done });
    await run.handle.finished;
    expect(run.names().sort()).toEqual(ALL.filter((name) => name.includes('int8')));
  });

  it('has nothing to do where all is done', async () => {
    const done = LEVELS.flatMap((level) => [0, 1].map((index) => ({ key: { level, index }, weights: null })));
    const run = startWatched({ done });
    expect(await run.handle.finished).toEqual({ kind: 'done' });
    expect(run.workers).toHaveLength(0);
  });
});

describe('pause, resume and stop', () => {
  it('stops with what is done, and a second run makes exactly the rest', async () => {
    const first = startWatched({}, { heard: (event, run) => event.kind === 'member' && run.handle.stop() });
    expect(await first.handle.finished).toEqual({ kind: 'stopped' });
    const done = first.members().map(({ key, weights }) => ({ key, weights }));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(ALL.length);
    const second = startWatched({ done });
    await second.handle.finished;
    expect([...first.names(), ...second.names()].sort()).toEqual(ALL);
    expect(first.workers.every((worker) => worker.terminated())).toBe(true);
  });

  it('stops in the middle of a job that would take for ever', async () => {
    const long = tinyPlan({ steps: 1_000_000, levels: [] });
    const run = startWatched(
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
    const run = startWatched({}, { spawned: (worker) => worker.mute() });
    run.handle.stop();
    expect(await run.handle.finished).toEqual({ kind: 'stopped' });
  });

  it('waits while paused and then comes to the same end', async () => {
    let pauses = 0;
    const run = startWatched(
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
    const undisturbed = startWatched();
    await undisturbed.handle.finished;
    expect(weightsOf(run)).toEqual(weightsOf(undisturbed));
  });

  it('begins no member while it is paused from the start', async () => {
    const run = startWatched();
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
    const first = startWatched(
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
    const second = startWatched(
      { plan, done, checkpoints: [...checkpoints.values()] },
      {
        heard: (event) => {
          if (event.kind === 'progress') begun.push(...event.training.slice(0, 1).map(({ step }) => step));
        },
      },
    );
    expect(await second.handle.finished).toEqual({ kind: 'done' });
    expect(begun[0]).toBeGreaterThan(0);
    const whole = startWatched({ plan });
    await whole.handle.finished;
    expect(new Map([...weightsOf(first), ...weightsOf(second)])).toEqual(weightsOf(whole));
  });
});
