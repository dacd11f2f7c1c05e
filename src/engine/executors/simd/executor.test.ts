import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, Executor } from '#engine/executors/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { packView } from '#engine/model/augmentation.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { stream } from '#lib/random.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { countUpTo, randomData } from '#testing/small-nets.ts';

beforeAll(ensureSimdKernels, 60_000);

const program = buildProgram({ kind: 'cnn-small', filters: [8, 12], dense: [10] }, [13, 12, 3], 3);
const data = randomData(program, 40, 1);
const count = program.parameterCount;
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

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
  return executor.createChunk({ program, members: members.length, batchSize: 20, optimizer: adam, parameters });
}

const batch = (step: number): Int32Array => Int32Array.from({ length: 20 }, (_, i) => (i * 3 + step * 7) % 40);

describe('the simd executor', () => {
  it('says what runs', async () => {
    const executor = await createSimdExecutor({ variant: 'plain' });
    expect([executor.backend, executor.detail, executor.software]).toEqual(['simd', 'WebAssembly SIMD, plain', false]);
  });

  it('gives the same bits twice, alone or in a chunk, and after other work in the same memory', async () => {
    const executor = await loaded();
    const train = async (chunk: Chunk, steps: number): Promise<Float32Array> => {
      for (let step = 0; step < steps; step++) {
        const indices = new Int32Array(chunk.members * 20);
        for (let member = 0; member < chunk.members; member++) indices.set(batch(step), member * 20);
        chunk.step(indices, new Float32Array(chunk.members).fill(0.01));
      }
      return chunk.parameters();
    };
    const alone = chunkOf(executor, [1]);
    const first = await train(alone, 5);
    alone.dispose();
    expect(await train(chunkOf(executor, [1]), 5)).toEqual(first);
    expect((await train(chunkOf(executor, [0, 1, 2]), 5)).slice(count, 2 * count)).toEqual(first);
    expect(await train(chunkOf(await loaded(), [1]), 5)).toEqual(first);
  });

  it('goes on after a restore as if it had never stopped, to the bit', async () => {
    const chunk = chunkOf(await loaded(), [3, 4]);
    const step = (of: Chunk, number: number): void => {
      of.step(Int32Array.of(...batch(number), ...batch(number + 1)), Float32Array.of(0.02, 0.01));
    };
    for (let i = 0; i < 3; i++) step(chunk, i);
    const state = await chunk.save();
    for (let i = 3; i < 6; i++) step(chunk, i);
    const resumed = chunkOf(await loaded(), [0, 1]);
    step(resumed, 9);
    resumed.restore(state);
    for (let i = 3; i < 6; i++) step(resumed, i);
    expect(await resumed.parameters()).toEqual(await chunk.parameters());
    expect(await resumed.save()).toEqual(await chunk.save());
  });

  it('predicts with the remaining weights, keeps the raw value of masked ones, and lets them revive', async () => {
    const executor = await loaded();
    const chunk = chunkOf(executor, [0]);
    const raw = await chunk.parameters();
    const random = stream(2, 'mask');
    const mask = raw.map(() => (random.next() < 0.7 ? 0 : 1));
    chunk.setMask(mask);
    const zeroed = chunkOf(executor, [0]);
    zeroed.setParameters(raw.map((w, i) => w * mask[i]!));
    const all = countUpTo(40);
    const masked = await chunk.logits(all, { kind: 'none' });
    expect(masked).toEqual(await zeroed.logits(all, { kind: 'none' }));
    chunk.step(batch(0), Float32Array.of(0.1));
    const after = await chunk.parameters();
    expect(after.filter((w, i) => mask[i] === 0 && w !== raw[i])).toHaveLength(0);
    expect(after.some((w, i) => mask[i] === 1 && w !== raw[i])).toBe(true);
    expect(await chunk.logits(all, { kind: 'none' })).not.toEqual(masked);
    chunk.setParameters(raw);
    chunk.setMask(mask.fill(1));
    expect(await chunk.logits(all, { kind: 'none' })).toEqual(
      await chunkOf(executor, [0]).logits(all, { kind: 'none' }),
    );
  });

  it('lowers the loss', async () => {
    const chunk = chunkOf(await loaded(), [0]);
    chunk.step(batch(0), Float32Array.of(0.01));
    const [before] = await chunk.loss();
    for (let step = 0; step < 60; step++) chunk.step(batch(0), Float32Array.of(0.01));
    expect((await chunk.loss())[0]).toBeLessThan(before! / 4);
  });

  it('counts the bytes in use: constant over 300 steps and predictions, and given back by dispose', async () => {
    const executor = await loaded();
    const before = executor.allocated();
    expect(before).toBeGreaterThanOrEqual(data.inputs.data.byteLength + data.labels.byteLength);
    const chunk = chunkOf(executor, [0]);
    const during = executor.allocated();
    expect(during).toBeGreaterThan(before + 5 * 4 * count);
    const points = [true, ...program.ops.map((_, i) => program.ops[i + 1]?.kind !== 'maxpool')];
    const ranges = Float32Array.from({ length: 2 * points.length }, (_, i) => (i % 2 === 0 ? -3 : 3));
    const views = new Int32Array(20).fill(packView({ flip: true, down: 1, right: -2 }));
    for (let step = 0; step < 300; step++) {
      if (step === 200) chunk.setFakeQuantization({ points, ranges, decay: 0.9 });
      chunk.step(batch(step), Float32Array.of(0.001), step < 100 ? null : views);
    }
    await chunk.embeddings(countUpTo(40));
    await chunk.logits(countUpTo(40), { kind: 'dynamic', ops: program.ops.map(() => true) });
    await chunk.activationRanges(countUpTo(40));
    expect(executor.allocated()).toBe(during);
    chunk.dispose();
    chunk.dispose();
    expect(executor.allocated()).toBe(before);
    for (let member = 0; member < 100; member++) chunkOf(executor, [member]).dispose();
    expect(executor.allocated()).toBe(before);
  });

  it('goes on with new, larger data under a living chunk', async () => {
    const executor = await loaded();
    const chunk = chunkOf(executor, [0]);
    const larger = randomData(program, 400, 8);
    executor.load(larger);
    const fresh = await createSimdExecutor();
    fresh.load(larger);
    const other = chunkOf(fresh, [0]);
    for (const each of [chunk, other]) each.step(Int32Array.of(399, 12), Float32Array.of(0.01));
    expect(await chunk.parameters()).toEqual(await other.parameters());
  });

  it('predicts more examples than one call takes, and none', async () => {
    const chunk = chunkOf(await loaded(), [0, 1]);
    const many = Int32Array.from({ length: 700 }, (_, i) => (i * 13) % 40);
    const logits = await chunk.logits(many, { kind: 'none' });
    const some = await chunk.logits(countUpTo(40), { kind: 'none' });
    many.forEach((example, i) => {
      expect(logits.slice((700 + i) * 3, (700 + i) * 3 + 3)).toEqual(
        some.slice((40 + example) * 3, (40 + example) * 3 + 3),
      );
    });
    expect(await chunk.logits(Int32Array.of(), { kind: 'none' })).toHaveLength(0);
  });

  it('refuses sizes over the memory limit before it starts, and says how many members fit', async () => {
    const executor = await createSimdExecutor({ memoryLimitBytes: 2 ** 20 });
    const large = { kind: 'bytes', data: new Uint8Array(2 ** 21) } as const;
    expect(() => executor.load({ inputs: large, labels: new Uint16Array(1), examples: 1 })).toThrow(
      /data need 3 MB, more than/,
    );
    const most = executor.maxMembers(program, 20);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(64);
    expect(() => chunkOf(executor, [...countUpTo(most + 1)])).toThrow(/members need 1 MB/);
    expect(executor.allocated()).toBe(0);
    chunkOf(executor, [...countUpTo(most)]).dispose();
  });

  it('reckons with teachers, decay and outputs in the limit', async () => {
    const executor = await createSimdExecutor({ memoryLimitBytes: 2 ** 20 });
    executor.load(data);
    const before = executor.allocated();
    const most = executor.maxMembers(program, 20);
    const spec = { program, members: most, batchSize: 20, parameters: new Float32Array(most * count) };
    const optimizer = { ...adam, weightDecay: 0.1 };
    const distillation = { temperature: 2, weight: 0.5, teacher: new Float32Array(most * 40 * 3) };
    executor.createChunk({ ...spec, optimizer, distillation }).dispose();
    const large = { ...distillation, teacher: new Float32Array(most * 3 * 10_000) };
    expect(() => executor.createChunk({ ...spec, optimizer, distillation: large })).toThrow(/members need \d MB/);
    expect(executor.allocated()).toBe(before);
    const wide = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 3], 1000); // 256 x 1000 logits
    expect(executor.maxMembers(wide, 20)).toBe(0);
    const members = { members: 1, batchSize: 20, optimizer, parameters: new Float32Array(wide.parameterCount) };
    expect(() => executor.createChunk({ program: wide, ...members })).toThrow(/members need 2 MB/);
  });

  it('refuses what the kernels would read or write outside of', async () => {
    const executor = await createSimdExecutor();
    const chunk = chunkOf(executor, [0, 1]);
    const rates = Float32Array.of(1, 1);
    expect(() => chunk.step(countUpTo(2), rates)).toThrow(/no data/);
    executor.load(data);
    expect(() => chunk.step(countUpTo(3), rates)).toThrow(/1 to 20 examples/);
    expect(() => chunk.step(countUpTo(42), rates)).toThrow(/1 to 20 examples/);
    expect(() => chunk.step(countUpTo(2), Float32Array.of(1))).toThrow(/learningRate must have 2/);
    expect(() => chunk.step(Int32Array.of(0, 40), rates)).toThrow(/no example 40/);
    expect(() => chunk.step(Int32Array.of(-1, 0), rates)).toThrow(/no example -1/);
    expect(() => chunk.step(countUpTo(2), rates, countUpTo(1))).toThrow(/views must have 2/);
    expect(() => chunk.setMask(new Float32Array(3))).toThrow(/mask must have/);
    expect(() => chunk.embeddings(Int32Array.of(40))).toThrow(/no example 40/);
    const spec = { program, members: 1, batchSize: 20, optimizer: adam, parameters: new Float32Array(count) };
    const taught = (length: number): Chunk =>
      executor.createChunk({
        ...spec,
        distillation: { temperature: 1, weight: 1, teacher: new Float32Array(length) },
      });
    expect(() => taught(100)).toThrow(/do not divide/);
    expect(() => taught(99).step(countUpTo(1), Float32Array.of(1))).toThrow(/teacher's logits must have 120/);
    executor.load({ ...data, labels: new Uint16Array(40).fill(3) });
    expect(() => chunk.step(countUpTo(2), rates)).toThrow(/label 3/);
    executor.load({ inputs: { kind: 'bytes', data: new Uint8Array(40) }, labels: new Uint16Array(40), examples: 40 });
    expect(() => chunk.step(countUpTo(2), rates)).toThrow(/takes 468 numbers/);
    chunk.dispose();
    expect(() => chunk.step(countUpTo(2), rates)).toThrow(/disposed/);
  });
});
