import { describe, expect, it } from 'vitest';
import type { Machine } from '../report/report.ts';
import { benchGpu } from './gpu.ts';
import type { Host, Session, Task } from './host.ts';
import { timeInTurns, type Entry } from './rounds.ts';
import { benchTrain } from './train.ts';
import { CNN, CNN_ADAM, CNN_GRAY, CNN_LARGE_BATCH, imageOf, MLP, nameOf, RESNET } from './workload.ts';

const MACHINE: Machine = {
  cpu: 'Some CPU',
  cores: 2,
  system: 'Linux',
  browser: 'Some browser',
  node: null,
  torch: null,
  adapters: { webgpu: { name: 'SwiftShader', software: true }, webgl: null },
};
const PACE = { rounds: 2, sliceMs: 1, budgetMs: 1000 };
const quiet = { say: () => undefined };

/** A host whose steps take as many milliseconds as `stepMs` says; it throws what `stepMs` throws. */
function scriptedHost(
  where: Host['where'],
  stepMs: (task: Task) => number,
  log: string[] = [],
): Host & { readonly log: readonly string[] } {
  return {
    where,
    log,
    open: (task) => {
      const name = [where, task.trainer, task.variant ?? ''].join(' ').trim();
      log.push(`open ${name}`);
      const ms = stepMs(task);
      const session: Session = {
        opened: { detail: name, software: true, firstStepMs: 10 * ms, bytesPerMember: 1000 },
        slice: () => {
          log.push(name);
          return Promise.resolve([ms, ms, 4 * ms]);
        },
        count: () => {
          const dispatches = task.trainer === 'tfjs-stock' ? 90 : 17;
          return Promise.resolve({ step: { dispatches, bytes: 300 }, loss: { dispatches: 1, bytes: 4 } });
        },
        close: () => {
          log.push(`close ${name}`);
          return Promise.resolve();
        },
      };
      return Promise.resolve(session);
    },
  };
}

describe('rounds', () => {
  const entry = (host: Host, variant: 'relaxed' | 'plain', workers = 1): Entry => ({
    host,
    workers,
    task: { trainer: 'simd', variant, workload: CNN, members: 1 },
  });

  it('go through the entries in turns, backwards every other time, and close them all', async () => {
    const host = scriptedHost('node', () => 2);
    await timeInTurns([entry(host, 'relaxed'), entry(host, 'plain')], PACE, quiet);
    const [a, b] = ['node simd relaxed', 'node simd plain'];
    expect(host.log).toEqual([`open ${a}`, `open ${b}`, a, b, b, a, `close ${a}`, `close ${b}`]);
  });

  it('give the readings of all workers and the median throughput of each round together', async () => {
    const [outcome] = await timeInTurns(
      [
        entry(
          scriptedHost('node', () => 2),
          'relaxed',
          2,
        ),
      ],
      PACE,
      quiet,
    );
    expect(outcome).toMatchObject({
      ok: true,
      value: { msPerStep: [2, 2, 8, 2, 2, 8, 2, 2, 8, 2, 2, 8], rounds: [1000, 1000] },
    });
  });

  it('leave out what does not start or fails, with its reason, and time the others', async () => {
    const refusing: Host = { where: 'node', open: () => Promise.reject(new Error('no batch norm\nat line 3')) };
    const good = scriptedHost('chromium', () => 1);
    const breaking: Host = {
      where: 'native',
      open: async (task) => ({
        ...(await good.open(task)),
        slice: () => Promise.reject(new Error('the GPU was lost')),
      }),
    };
    const entries = [entry(refusing, 'plain'), entry(good, 'plain'), entry(breaking, 'plain')];
    const outcomes = await timeInTurns(entries, PACE, quiet);
    expect(outcomes.map((outcome) => (outcome.ok ? 'timed' : outcome.reason))).toEqual([
      'no batch norm',
      'timed',
      'the GPU was lost',
    ]);
    expect(good.log.filter((line) => line.startsWith('close'))).toHaveLength(2);
  });

  it('end where they are stopped, and close what is open', async () => {
    const controller = new AbortController();
    const host = scriptedHost('node', () => {
      controller.abort();
      return 1;
    });
    const progress = { ...quiet, signal: controller.signal };
    await expect(timeInTurns([entry(host, 'plain')], PACE, progress)).rejects.toThrow(/abort/i);
    expect(host.log).toEqual(['open node simd plain', 'close node simd plain']);
  });
});

describe('the training benchmark', () => {
  const speeds: Partial<Record<Task['trainer'], number>> = { simd: 5, pytorch: 10, 'tfjs-stock': 1000 };
  const stepMs = (task: Task): number => {
    if (task.workload.spec.kind === 'resnet-8' && task.trainer === 'simd') throw new Error('no batch norm');
    return (speeds[task.trainer] ?? 100) * (task.variant === 'plain' ? 1.5 : 1) * task.members;
  };
  const host = (where: Host['where']): Host => {
    const scripted = scriptedHost(where, stepMs);
    return { ...scripted, open: async (task) => scripted.open(task) };
  };

  it('has a row for every trainer, in the shape that is promised', async () => {
    const own = [host('chromium'), host('node')];
    const report = await benchTrain(MACHINE, { own, python: host('native') }, { quick: true, progress: quiet });
    expect(Object.keys(report)).toEqual(['machine', 'rows', 'ratios']);
    const row = report.rows.find(({ trainer, workers }) => trainer === 'simd' && workers === 2);
    expect(row).toEqual({
      trainer: 'simd',
      where: 'chromium',
      variant: 'relaxed',
      model: 'cnn-small',
      image: '32x32x3',
      batch: 64,
      optimizer: 'sgd',
      workers: 2,
      members: 1,
      msPerStep: 5,
      msPerStepQuartiles: [5, 20],
      memberStepsPerSecond: 400,
      // 3 x (32 x 32 x 27 x 16 + 16 x 16 x 144 x 32 + 2048 x 64 + 64 x 2) - 32 x 32 x 27 x 16, 64 images, 2 operations, 400 a second
      gflops: expect.closeTo((64 * 2 * 400 * (3 * 1_753_216 - 442_368)) / 1e9, 6) as number,
      rounds: 3,
      detail: 'chromium simd relaxed',
    });
    const population = report.rows.filter(({ trainer }) => trainer === 'webgpu');
    expect(population.map(({ members, memberStepsPerSecond }) => [members, memberStepsPerSecond])).toEqual([[1, 10]]);
    const refused = report.rows.filter(({ notAvailable }) => notAvailable !== undefined);
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({
      model: 'resnet-8',
      msPerStep: null,
      gflops: null,
      notAvailable: 'no batch norm',
    });
  });

  it('holds the ratios of the targets against them', async () => {
    const own = [host('chromium'), host('node')];
    const { ratios } = await benchTrain(MACHINE, { own, python: host('native') }, { quick: true, progress: quiet });
    const met = Object.entries(ratios).filter(([, ratio]) => ratio.target !== null);
    expect(met.map(([name, { value, met }]) => [name, value, met])).toEqual([
      ['simd/pytorch cnn-small 1 worker', 2, true],
      ['plain/relaxed time cnn-small', 1.5, false],
      ['simd/pytorch cnn-small 1 worker, node', 2, true],
      ['plain/relaxed time cnn-small, node', 1.5, false],
      ['simd/pytorch cnn-small 2 workers', 2, false],
      ['simd/pytorch cnn-small 2 workers, node', 2, false],
      ['simd/pytorch mlp 1 worker', 2, false],
      ['simd/pytorch mlp 1 worker, node', 2, false],
      ['simd/pytorch resnet-8 1 worker', null, null],
      ['simd/pytorch resnet-8 1 worker, node', null, null],
      ['simd/tfjs-stock webgl cnn-small', 200, true],
    ]);
  });

  it('gives ratios without a value where there is no PyTorch', async () => {
    const hosts = { own: [host('browser')], python: null };
    const { rows, ratios } = await benchTrain(MACHINE, hosts, { quick: true, progress: quiet });
    expect(rows.some(({ trainer }) => trainer === 'pytorch')).toBe(false);
    expect(ratios['simd/pytorch cnn-small 1 worker']).toMatchObject({ value: null, target: 1.6, met: null });
  });
});

describe('the benchmark of graphics devices', () => {
  it('counts a member-step, the loss read once in ten steps, beside stock tfjs', async () => {
    const host = scriptedHost('chromium', ({ trainer, members }) => (trainer === 'tfjs-stock' ? 300 : 40 * members));
    const report = await benchGpu(MACHINE, host, { quick: false, progress: quiet });
    expect(Object.keys(report)).toEqual(['machine', 'adapter', 'rows', 'ratios']);
    expect(report.adapter).toBe('WebGPU: SwiftShader (software); WebGL: none');
    expect(new Set(report.rows.map(({ backend }) => backend))).toEqual(new Set(['webgpu']));
    expect(report.rows.map(({ model, members }) => `${model} ${String(members)}`)).toEqual([
      ...['cnn-small 1', 'cnn-small 8', 'cnn-small 30', 'resnet-8 1', 'resnet-8 8', 'resnet-8 30'],
    ]);
    const costs = { batch: 64, bytesPerMember: 1000, memberStepsPerSecond: 25, firstStepMs: 3200 };
    expect(report.rows[1]).toEqual({
      ...costs,
      ...{ backend: 'webgpu', model: 'cnn-small', members: 8, adapter: 'SwiftShader', software: true },
      dispatchesPerMemberStep: 17.1 / 8,
      bytesPerMemberStep: 300.4 / 8,
      stock: {
        ...costs,
        dispatchesPerMemberStep: 90.1,
        bytesPerMemberStep: 300.4,
        memberStepsPerSecond: 1000 / 300,
        firstStepMs: 3000,
      },
    });
    const targets = Object.entries(report.ratios).filter(([, { target }]) => target !== null);
    expect(targets.map(([name, { target, met }]) => [name, target, met])).toEqual([
      ['webgpu/tfjs-stock speed cnn-small 8 members', 7, true],
      ['tfjs-stock/webgpu dispatches cnn-small 30 members', 150, true],
      ['tfjs-stock/webgpu dispatches resnet-8 30 members', 100, true],
    ]);
  });
});

describe('the names of workloads', () => {
  it('say what differs from the first of their kind', () => {
    expect([CNN, CNN_GRAY, CNN_LARGE_BATCH, CNN_ADAM, MLP, RESNET].map(nameOf)).toEqual([
      ...['cnn-small', 'cnn-small 28x28x1', 'cnn-small batch 256', 'cnn-small adam', 'mlp', 'resnet-8'],
    ]);
    expect([CNN, CNN_GRAY, MLP].map(imageOf)).toEqual(['32x32x3', '28x28x1', '20']);
  });
});
