import { describe, expect, it, vi } from 'vitest';
import type { Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { programText, winnerOf } from '#engine/protocol/race.ts';
import type { RaceCourse } from '#engine/protocol/race.ts';
import { deviceText, runRace } from '#engine/worker/race.ts';
import { tinyPlan } from '#testing/tiny-run.ts';

const course: RaceCourse = {
  plan: tinyPlan(),
  input: [8, 8, 1],
  inputs: 'bytes',
  classes: 2,
  gpuMembers: 8,
  cpuWorkers: 2,
  known: [],
};

/** A real executor whose member-step takes `ms` on a clock of its own. */
function timed(
  executor: Executor,
  ms: number,
  advance: (ms: number) => void,
): Executor & { readonly steps: () => number } {
  let steps = 0;
  return {
    ...executor,
    steps: () => steps,
    createChunk: (spec) => {
      const chunk = executor.createChunk(spec);
      return {
        ...chunk,
        step: (...given) => {
          chunk.step(...given);
          steps += 1;
          advance(ms * spec.members);
        },
      };
    },
  };
}
function clock() {
  let time = 0;
  return { now: () => time, advance: (ms: number) => (time += ms) };
}

describe('a race', () => {
  it('takes the faster of two executors, workers counted, within two seconds', async () => {
    const { now, advance } = clock();
    const gpu = timed({ ...createReferenceExecutor(), backend: 'webgpu' }, 5, advance);
    const cpu = timed(await createSimdExecutor(), 8, advance);
    const before = [gpu.allocated(), cpu.allocated()];
    const starters = [
      { executor: gpu, members: 8, workers: 1 },
      { executor: cpu, members: 1, workers: 2 },
    ];
    const race = await runRace(starters, course, 'device', now);
    expect(race.racers).toEqual([
      { backend: 'webgpu', memberStepsPerSecond: 200 },
      { backend: 'simd', memberStepsPerSecond: 250 },
    ]);
    expect(winnerOf(race)?.backend).toBe('simd');
    expect(now()).toBeLessThanOrEqual(2000);
    expect(now()).toBeGreaterThan(1000); // it makes use of its time
    expect(cpu.steps()).toBe(1 + 1 + 2 + 4 + 8 + 16 + 32);
    expect([gpu.allocated() - before[0]!, cpu.allocated() - before[1]!].every((left) => left < 10_000)).toBe(true);
  });

  it('runs an executor once in each of its ways, within the same two seconds', async () => {
    const { now, advance } = clock();
    const paces = new Map([
      ['four', 20],
      ['eight', 5],
    ]);
    let ms = 20;
    const plain = createReferenceExecutor();
    const gpu: Executor = {
      ...timed({ ...plain, backend: 'webgpu' }, 0, () => advance(ms * 2)),
      variants: {
        names: [...paces.keys()],
        use: (name) => {
          ms = paces.get(name)!;
        },
      },
    };
    const cpu = timed(await createSimdExecutor(), 10, advance);
    const starters = [
      { executor: gpu, members: 2, workers: 1 },
      { executor: cpu, members: 1, workers: 1 },
    ];
    const race = await runRace(starters, course, 'device', now);
    expect(race.racers).toEqual([
      { backend: 'webgpu', variant: 'four', memberStepsPerSecond: 50 },
      { backend: 'webgpu', variant: 'eight', memberStepsPerSecond: 200 },
      { backend: 'simd', memberStepsPerSecond: 100 },
    ]);
    expect(winnerOf(race)?.variant).toBe('eight');
    expect(now()).toBeLessThanOrEqual(2000);
  });

  it('does not count what the first step compiles, and is content with one more where that takes long', async () => {
    const { now, advance } = clock();
    const slow = timed(createReferenceExecutor(), 3000, advance);
    const race = await runRace([{ executor: slow, members: 1, workers: 1 }], course, 'device', now);
    expect(slow.steps()).toBe(2);
    expect(race.racers[0]!.memberStepsPerSecond).toBeCloseTo(1 / 3);
    const compiling = timed(createReferenceExecutor(), 4, advance);
    let compiled = false;
    const createChunk: Executor['createChunk'] = (spec) => {
      const chunk = compiling.createChunk(spec);
      const step: typeof chunk.step = (...given) => {
        if (!compiled) advance(1500);
        compiled = true;
        chunk.step(...given);
      };
      return { ...chunk, step };
    };
    const late = await runRace([{ executor: { ...compiling, createChunk }, members: 1, workers: 1 }], course, 'd', now);
    expect(late.racers[0]!.memberStepsPerSecond).toBe(250);
  });

  it('leaves out one that throws or never answers, and says so', async () => {
    const broken = createReferenceExecutor();
    const starter = (change: Partial<Executor>) => ({ executor: { ...broken, ...change }, members: 2, workers: 1 });
    const throws = starter({
      backend: 'webgl',
      createChunk: () => {
        throw new Error('out of memory');
      },
    });
    vi.useFakeTimers();
    try {
      const silent = starter({
        backend: 'webgpu',
        createChunk: (spec) => ({ ...broken.createChunk(spec), loss: () => new Promise(() => undefined) }),
      });
      const racing = runRace([throws, silent], course, 'device', () => 0);
      await vi.advanceTimersByTimeAsync(10_000);
      const race = await racing;
      expect(race.racers).toEqual([
        { backend: 'webgl', memberStepsPerSecond: null },
        { backend: 'webgpu', memberStepsPerSecond: null },
      ]);
      expect(winnerOf(race)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it('runs on tables and with every option of a plan', async () => {
    const plan = tinyPlan({ model: { kind: 'mlp', hidden: [4] }, loss: 'logistic' });
    const { now, advance } = clock();
    const executor = timed(await createSimdExecutor(), 100, advance);
    const table: RaceCourse = { ...course, plan, input: [1, 1, 5], inputs: 'floats' };
    const race = await runRace([{ executor, members: 1, workers: 1 }], table, 'device', now);
    expect(race.racers[0]!.memberStepsPerSecond).toBe(10);
  });

  it('holds for its program and its device', () => {
    const same = { ...course, plan: tinyPlan({ members: 30, steps: 9, seed: 9, levels: [], learningRate: 1 }) };
    expect(programText(same)).toBe(programText(course));
    const others: RaceCourse[] = [
      { ...course, input: [16, 16, 1] },
      { ...course, classes: 3 },
      { ...course, plan: tinyPlan({ batchSize: 16 }) },
      { ...course, plan: tinyPlan({ augmentation: { flip: true, shift: 0 } }) },
    ];
    expect(new Set([course, ...others].map(programText)).size).toBe(5);
    const devices = [
      deviceText('webgpu', 'GeForce', course),
      deviceText('webgl', 'GeForce', course),
      deviceText('webgpu', 'GeForce', { ...course, cpuWorkers: 3 }),
      deviceText('webgpu', 'Radeon', course),
    ];
    expect(new Set(devices).size).toBe(4);
  });
});
