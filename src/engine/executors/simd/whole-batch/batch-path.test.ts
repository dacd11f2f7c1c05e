import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, Executor } from '#engine/executors/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { countUpTo, randomData } from '#testing/small-nets.ts';

beforeAll(ensureSimdKernels, 60_000);

const program = buildProgram({ kind: 'resnet-8', filters: [8, 12], blocks: 1 }, [12, 10, 3], 3);
const count = program.parameterCount;
const data = randomData(program, 40, 1);
const optimizer = { kind: 'sgd', momentum: 0.9, weightDecay: 1e-3 } as const;

async function loaded(): Promise<Executor> {
  const executor = await createSimdExecutor();
  executor.load(data);
  return executor;
}

function chunkOf(executor: Executor, members: readonly number[]): Chunk {
  const parameters = new Float32Array(members.length * count);
  members.forEach((member, i) => {
    parameters.set(initialParameters(program, 5, member), i * count);
  });
  return executor.createChunk({ program, members: members.length, batchSize: 20, optimizer, parameters });
}

/** Full batches, and every third one partial. */
const batch = (step: number): Int32Array =>
  Int32Array.from({ length: step % 3 === 2 ? 7 : 20 }, (_, i) => (i * 3 + step * 7) % 40);

function train(chunk: Chunk, from: number, to: number): Promise<Float32Array> {
  for (let step = from; step < to; step++) {
    const indices = Array.from({ length: chunk.members }, () => [...batch(step)]).flat();
    chunk.step(Int32Array.from(indices), new Float32Array(chunk.members).fill(0.05));
  }
  return chunk.parameters();
}

describe('the whole-batch path', () => {
  it('gives the same bits twice, alone or in a chunk, after predictions and after other work in the same memory', async () => {
    const executor = await loaded();
    const alone = chunkOf(executor, [1]);
    const first = await train(alone, 0, 7);
    alone.dispose();
    const again = chunkOf(executor, [1]);
    await train(again, 0, 4);
    await again.logits(countUpTo(40), { kind: 'dynamic', ops: program.ops.map(() => true) });
    await again.activationRanges(countUpTo(33));
    expect(await train(again, 4, 7)).toEqual(first);
    expect((await train(chunkOf(executor, [0, 1, 2]), 0, 7)).slice(count, 2 * count)).toEqual(first);
    expect(await train(chunkOf(await loaded(), [1]), 0, 7)).toEqual(first);
  });

  it('goes on after a restore as if it had never stopped, to the bit', async () => {
    const chunk = chunkOf(await loaded(), [3, 4]);
    await train(chunk, 0, 3);
    const state = await chunk.save();
    const wanted = await train(chunk, 3, 6);
    const resumed = chunkOf(await loaded(), [0, 1]);
    await train(resumed, 8, 9);
    resumed.restore(state);
    expect(await train(resumed, 3, 6)).toEqual(wanted);
  });

  it('lowers the loss', async () => {
    const chunk = chunkOf(await loaded(), [0]);
    chunk.step(batch(0), Float32Array.of(0.05));
    const [before] = await chunk.loss();
    for (let step = 0; step < 40; step++) chunk.step(batch(0), Float32Array.of(0.05));
    expect((await chunk.loss())[0]).toBeLessThan(before! / 4);
  });

  it('leaves memory as it was after 300 steps and 100 members', async () => {
    const executor = await loaded();
    const before = executor.allocated();
    const chunk = chunkOf(executor, [0]);
    const during = executor.allocated();
    await train(chunk, 0, 300);
    await chunk.embeddings(countUpTo(40));
    expect(executor.allocated()).toBe(during);
    chunk.dispose();
    for (let member = 0; member < 100; member++) chunkOf(executor, [member]).dispose();
    expect(executor.allocated()).toBe(before);
  });

  it('is not disturbed by what a member that has diverged leaves in the buffers', async () => {
    const executor = await loaded();
    const wanted = await train(chunkOf(executor, [0]), 0, 3);
    const parameters = Float32Array.of(...new Float32Array(count).fill(NaN), ...initialParameters(program, 5, 0));
    const chunk = executor.createChunk({ program, members: 2, batchSize: 20, optimizer, parameters });
    expect((await train(chunk, 0, 3)).slice(count)).toEqual(wanted);
    expect((await chunk.loss())[0]).toBeNaN();
  });

  it('refuses sizes over the memory limit before it starts, and says how many members fit', async () => {
    const executor = await createSimdExecutor({ memoryLimitBytes: 3 * 2 ** 20 });
    const most = executor.maxMembers(program, 20);
    expect(most).toBeGreaterThan(0);
    expect(() =>
      executor.createChunk({ program, members: 1, batchSize: 400, optimizer, parameters: new Float32Array(count) }),
    ).toThrow(/more than fits/);
    expect(executor.maxMembers(program, 400)).toBe(0);
    expect(executor.allocated()).toBe(0);
    chunkOf(executor, [...countUpTo(most)]).dispose();
  });

  it('refuses fake quantization of a program with batch norm', async () => {
    const chunk = chunkOf(await loaded(), [0]);
    const points = Array.from({ length: program.ops.length + 1 }, () => true);
    chunk.setFakeQuantization({ points, ranges: new Float32Array(2 * points.length).fill(1), decay: 0.9 });
    expect(() => {
      chunk.step(batch(0), Float32Array.of(0.1));
    }).toThrow(/without batch norm/);
  });

  it('refuses a batch norm of the input', async () => {
    const net = netBuilder([4, 4, 3]);
    net.batchNorm();
    net.globalPool();
    const other = net.program(2);
    const executor = await createSimdExecutor();
    const parameters = new Float32Array(other.parameterCount);
    expect(() => executor.createChunk({ program: other, members: 1, batchSize: 4, optimizer, parameters })).toThrow(
      /reads the input/,
    );
  });
});
