import { describe, expect, it, vi } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { levelName } from '#compression/spec.ts';
import type { PrunedSpec } from '#compression/spec.ts';
import type { Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { TrainingTask, WorkerEvent } from '#engine/protocol/worker-methods.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import type { MemberStream } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { observed } from '#testing/observed-executor.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

const baseline = (index: number): TrainingTask => ({
  kind: 'training',
  key: { level: 'baseline', index },
  spec: { kind: 'baseline' },
});
const pruned = (index: number, changes: Partial<PrunedSpec> = {}): TrainingTask => {
  const spec: PrunedSpec = {
    kind: 'pruned',
    semantics: 'hooker',
    sparsity: 0.9,
    begin: 2,
    end: 20,
    every: 5,
    ...changes,
  };
  return { kind: 'training', key: { level: levelName(spec), index }, spec };
};
const ticking = (): (() => number) => {
  let time = 0;
  return () => (time += 10);
};
const context = (changes = {}, executor: Executor = createReferenceExecutor()) =>
  prepareRun(tinyPlan(changes), tinyData(), executor, ticking());

async function collect(members: MemberStream): Promise<{ events: WorkerEvent[]; results: MemberResult[] }> {
  const events: WorkerEvent[] = [];
  for await (const event of members) events.push(event);
  return { events, results: events.filter((event) => event.kind === 'member').map((event) => event.result) };
}

describe('training members', () => {
  it('gives each pruned member exactly the planned number of zeros in every prunable tensor', async () => {
    const { results } = await collect(trainMembers(context(), [pruned(0), pruned(1, { sparsity: 0.5 }), baseline(0)]));
    const [ninety, fifty, dense] = results;
    for (const [result, sparsity] of [
      [ninety!, 0.9],
      [fifty!, 0.5],
      [dense!, 0],
    ] as const) {
      expect(result.sparsity.planned).toBe(sparsity);
      const planned = result.tensors!.filter(({ plannedSparsity }) => plannedSparsity !== null);
      expect(planned.map(({ name }) => name)).toEqual(
        sparsity === 0 ? [] : ['conv1/kernel', 'conv2/kernel', 'dense1/kernel'],
      );
      for (const { size, plannedSparsity, achievedSparsity } of planned) {
        expect(plannedSparsity).toBe(sparsity);
        expect(achievedSparsity * size).toBeCloseTo(size - keptCount(size, sparsity), 9);
      }
    }
  });

  it('freezes the masks after the end of the schedule, with the final sparsity', async () => {
    let steps = 0;
    const updates: number[] = [];
    const executor = observed({ step: () => steps++, setMask: () => updates.push(steps) });
    await collect(trainMembers(context({}, executor), [pruned(0)]));
    expect(updates).toEqual([2, 7, 12, 17, 20]);
  });

  it('learns: the tiny task is solved far better than by guessing', async () => {
    const [result] = (await collect(trainMembers(context({ steps: 60 }), [baseline(0)]))).results;
    expect(result!.accuracy).toBeGreaterThan(0.8);
    expect(result!.diverged).toBe(false);
    const curve = result!.lossCurve;
    expect(curve.at(-1)).toBeLessThan(curve[1]!);
  });

  it('gives the same predictions and weights for the same plan', async () => {
    const run = async () => (await collect(trainMembers(context(), [baseline(0), pruned(0)]))).results;
    const [first, second] = [await run(), await run()];
    expect(second.map(({ predictions }) => predictions)).toEqual(first.map(({ predictions }) => predictions));
    expect(second.map(({ weights }) => weights)).toEqual(first.map(({ weights }) => weights));
  });

  it('gives a member the same weights alone and in a chunk of several levels', async () => {
    const together = (await collect(trainMembers(context(), [baseline(1), pruned(0), baseline(0)]))).results;
    const alone = (await collect(trainMembers(context(), [pruned(0)]))).results;
    expect(alone[0]!.weights).toEqual(together[1]!.weights);
    expect(alone[0]!.predictions).toEqual(together[1]!.predictions);
  });

  it('samples the loss at 60 evenly spaced steps, and at every step of a shorter run', async () => {
    const stepsOf = ({ lossCurve }: MemberResult): number[] => [...lossCurve].filter((_, i) => i % 2 === 0);
    const [long] = (await collect(trainMembers(context({ steps: 120 }), [baseline(0)]))).results;
    expect(stepsOf(long!)).toEqual(Array.from({ length: 60 }, (_, i) => 2 * (i + 1)));
    const [short] = (await collect(trainMembers(context({ steps: 3 }), [baseline(0)]))).results;
    expect(stepsOf(short!)).toEqual([1, 2, 3]);
  });

  it('reads weights back only to make masks and at the end', async () => {
    let reads = 0;
    const executor = observed({ parameters: () => reads++ });
    await collect(trainMembers(context({}, executor), [baseline(0)]));
    expect(reads).toBe(1);
    await collect(trainMembers(context({}, executor), [pruned(0)]));
    expect(reads).toBe(1 + 5 + 1);
  });

  it('predicts the audit split in batches of one size', async () => {
    const sizes = new Set<number>();
    const executor = observed({ logits: (indices: Int32Array) => sizes.add(indices.length) });
    const { results } = await collect(trainMembers(context({ batchSize: 7 }, executor), [baseline(0)]));
    expect([...sizes]).toEqual([7]); // 32 audit examples: the last batch is filled up
    expect(results[0]!.predictions).toHaveLength(32);
  });

  it('marks a member that diverges, leaves the loop alive, and never calls the member good', async () => {
    const { results } = await collect(trainMembers(context({ learningRate: 1e3 }), [baseline(0), pruned(1)]));
    expect(results.map(({ diverged }) => diverged)).toEqual([true, true]);
    const after = await collect(trainMembers(context(), [baseline(0)]));
    expect(after.results[0]!.diverged).toBe(false);
  });

  it('yields often enough for messages, and the state is absolute', async () => {
    const { events } = await collect(trainMembers(context(), [baseline(0)]));
    const steps = events.flatMap((event) => (event.kind === 'progress' ? event.training.map(({ step }) => step) : []));
    expect(steps.length).toBeGreaterThan(5);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('frees the chunk when it is given up and when it is done', async () => {
    const run = context();
    const before = run.executor.allocated();
    const members = trainMembers(run, [baseline(0)]);
    await members.next();
    await members.next();
    expect(run.executor.allocated()).toBeGreaterThan(before);
    await members.return();
    expect(run.executor.allocated()).toBe(before);
    await collect(trainMembers(run, [baseline(0)]));
    expect(run.executor.allocated()).toBe(before);
  });
});

describe('members made after training', () => {
  const quantize = async (changes: Partial<{ weights: Float32Array; diverged: boolean }> = {}) => {
    const run = context({ steps: 40 });
    const [made] = (await collect(trainMembers(run, [baseline(0)]))).results;
    const shared = { kind: 'post-training' as const, weights: made!.weights, diverged: false, ...changes };
    const { results } = await collect(
      quantizeMembers(run, [
        { ...shared, key: { level: 'hybrid-int8', index: 0 }, spec: { kind: 'hybrid-int8', tensors: 'all' } },
        { ...shared, key: { level: 'fixed-int8', index: 0 }, spec: { kind: 'fixed-int8', calibration: 10 } },
      ]),
    );
    return { made: made!, results };
  };

  it('stay close to their baseline member but are not the same weights', async () => {
    const { made, results } = await quantize();
    for (const result of results) {
      const agreeing = result.predictions.filter((label, i) => label === made.predictions[i]).length;
      expect(agreeing / made.predictions.length).toBeGreaterThan(0.9);
      expect(result.weights).not.toEqual(made.weights);
      const kernels = result.tensors!.filter(({ name }) => name.endsWith('/kernel'));
      expect(kernels.map(({ quantization }) => quantization?.bits)).toEqual([8, 8, 8, 8]);
      expect(result.lossCurve).toHaveLength(0);
      expect(result.diverged).toBe(false);
    }
  });

  it('count what their grids clip: nothing of the examples that set the ranges', async () => {
    const [hybrid, fixed] = (await quantize()).results;
    expect(hybrid!.activations).toEqual([]);
    expect(fixed!.activations!.map(({ name, clipped }) => [name, clipped])).toEqual(
      ['input', 'conv1', 'pool1', 'conv2', 'pool2', 'dense1', 'dense2'].map((name) => [name, 0]),
    );
  });

  it('diverged with a baseline member whose weights are not finite', async () => {
    const weights = new Float32Array(context().program.parameterCount).fill(NaN);
    const { results } = await quantize({ weights });
    expect(results.map(({ diverged }) => diverged)).toEqual([true, true]);
    expect(results.map(({ weights: kept }) => kept.length)).toEqual([weights.length, weights.length]);
  });

  it('read calibration ranges from the first training examples only', async () => {
    let seen: unknown = null;
    const run = context({}, observed({ activationRanges: (indices: Int32Array) => (seen = indices) }));
    const weights = (await collect(trainMembers(run, [baseline(0)]))).results[0]!.weights;
    const task = {
      kind: 'post-training' as const,
      key: { level: 'fixed-int8', index: 0 },
      spec: { kind: 'fixed-int8' as const, calibration: 4 },
      weights,
      diverged: false,
    };
    await collect(quantizeMembers(run, [task]));
    expect(seen).toEqual(Int32Array.of(1, 2, 4, 5));
  });
});
