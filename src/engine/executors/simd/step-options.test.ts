import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, ChunkSpec, Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { packView } from '#engine/model/augmentation.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { averagePoolProgram, countUpTo, oddConvProgram, randomData, randomParameters } from '#testing/small-nets.ts';

/** Steps with everything that the contract has, on two members, against the reference. */

beforeAll(ensureSimdKernels, 60_000);

const EXAMPLES = 30;
const BATCH = 19;
const cnn = buildProgram({ kind: 'cnn-small', filters: [8, 12], dense: [10] }, [12, 11, 3], 3);
const logistic = buildProgram({ kind: 'cnn-small', filters: [5], dense: [6] }, [9, 8, 1], 2, 'logistic');
const table = buildProgram({ kind: 'mlp', hidden: [9, 7] }, [1, 1, 13], 4);
const NETS = [
  ['softmax', cnn],
  ['logistic', logistic],
  ['a table', table],
  ['odd sizes', oddConvProgram()],
  ['average pools', averagePoolProgram()],
] as const;

type Options = Partial<Omit<ChunkSpec, 'members'>> & { readonly optimizer: OptimizerSpec };

/** A chunk of two members of each executor, ours first. */
async function both(net: StepProgram, options: Options, data: TrainingData): Promise<readonly [Chunk, Chunk]> {
  const parameters = Float32Array.of(...randomParameters(net, 8), ...randomParameters(net, 9));
  const make = (executor: Executor): Chunk => {
    executor.load(data);
    return executor.createChunk({ program: net, members: 2, batchSize: BATCH, parameters, ...options });
  };
  return [make(await createSimdExecutor()), make(createReferenceExecutor())];
}

/** Batches of different sizes, [member, batch]. */
function batchOf(step: number): Int32Array {
  const size = [BATCH, 16, 1][step % 3]!;
  return Int32Array.from({ length: 2 * size }, (_, i) => (i * 11 + step * 5) % EXAMPLES);
}

async function expectSame(
  [ours, reference]: readonly [Chunk, Chunk],
  net: StepProgram,
  tolerance: number,
): Promise<void> {
  const [got, wanted] = await Promise.all([ours.parameters(), reference.parameters()]);
  for (const member of [0, 1]) {
    const own = (all: Float32Array): Float32Array =>
      all.slice(member * net.parameterCount, (member + 1) * net.parameterCount);
    expectClose(own(got), own(wanted), tolerance, net);
  }
  expectClose(await ours.loss(), await reference.loss(), tolerance);
}

const OPTIMIZERS = [
  ['sgd', { kind: 'sgd', momentum: 0 }, 0.05],
  ['momentum', { kind: 'sgd', momentum: 0.9 }, 0.02],
  ['sgd and decay', { kind: 'sgd', momentum: 0, weightDecay: 0.3 }, 0.05],
  ['momentum and decay', { kind: 'sgd', momentum: 0.9, weightDecay: 0.3 }, 0.02],
  ['Adam', { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, 0.003],
  ['Adam and decay', { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 5 }, 0.003],
] as const satisfies readonly (readonly [string, OptimizerSpec, number])[];

describe('a step of the simd executor against the reference', () => {
  it.each(
    OPTIMIZERS.flatMap(([name, optimizer, rate]) =>
      (['kept', 'zeroed'] as const).map((maskedWeights) => ({ name, optimizer, rate, maskedWeights })),
    ),
  )('follows $name with masked weights $maskedWeights', async ({ optimizer, rate, maskedWeights }) => {
    const chunks = await both(cnn, { optimizer, maskedWeights }, randomData(cnn, EXAMPLES, 7));
    const random = stream(9, 'mask');
    const masks = [0, 1].map(() => Float32Array.from({ length: 2 * cnn.parameterCount }, () => random.int(2)));
    for (let step = 0; step < 7; step++)
      for (const chunk of chunks) {
        if (step === 2) chunk.setMask(masks[0]!);
        if (step === 5) chunk.setMask(masks[1]!);
        chunk.step(batchOf(step), Float32Array.of(rate, rate / 2));
      }
    await expectSame(chunks, cnn, 1e-3);
  });

  it.each(NETS)('sees examples mirrored and moved: %s', async (_, net) => {
    const random = stream(4, 'views');
    const size = net.input[0] * net.input[1] * net.input[2];
    const bytes = Uint8Array.from({ length: EXAMPLES * size }, () => random.int(256));
    const floats = randomData(net, EXAMPLES, 7);
    const moves = [0, 1, -2, 5, -127, 127];
    for (const data of [floats, { ...floats, inputs: { kind: 'bytes', data: bytes } as const }]) {
      const chunks = await both(net, { optimizer: { kind: 'sgd', momentum: 0 } }, data);
      for (let step = 0; step < 3; step++) {
        const views = batchOf(step).map(() =>
          packView({ flip: random.int(2) === 1, down: moves[random.int(6)]!, right: moves[random.int(6)]! }),
        );
        for (const chunk of chunks) chunk.step(batchOf(step), Float32Array.of(0.05, 0.05), views);
      }
      await expectSame(chunks, net, 1e-4);
    }
  });

  it.each(NETS)('learns from a teacher: %s', async (_, net) => {
    const random = stream(5, 'teacher');
    const teacher = Float32Array.from({ length: 2 * EXAMPLES * net.outputs }, () => 4 * random.normal());
    for (const [temperature, weight] of [
      [3, 0.7],
      [1, 1],
      [0.5, 0],
    ] as const) {
      const distillation = { temperature, weight, teacher };
      const chunks = await both(
        net,
        { optimizer: { kind: 'sgd', momentum: 0 }, distillation },
        randomData(net, EXAMPLES, 7),
      );
      for (let step = 0; step < 3; step++)
        for (const chunk of chunks) chunk.step(batchOf(step), Float32Array.of(0.05, 0.02));
      await expectSame(chunks, net, 1e-4);
    }
  });

  it.each(NETS)('gives embeddings: %s', async (_, net) => {
    const chunks = await both(net, { optimizer: { kind: 'sgd', momentum: 0 } }, randomData(net, EXAMPLES, 7));
    const many = Int32Array.from({ length: 300 }, (__, i) => (i * 7) % EXAMPLES);
    expectClose(await chunks[0].embeddings(many), await chunks[1].embeddings(many), 1e-5);
    expect(await chunks[0].embeddings(Int32Array.of())).toHaveLength(0);
  });
});

describe('fake quantization in a step against the reference', () => {
  /** Every point but those in front of a max pool; ranges that cut off a part of the values. */
  const quantizationOf = async (net: StepProgram, chunk: Chunk, decay: number) => {
    const ranges = (await chunk.activationRanges(countUpTo(EXAMPLES))).map((x) => 0.6 * x);
    const points = [true, ...net.ops.map((_, i) => net.ops[i + 1]?.kind !== 'maxpool')];
    return { points, ranges, decay };
  };

  it.each(NETS)('rounds kernels and activations, stops clipped gradients and moves ranges: %s', async (_, net) => {
    const chunks = await both(net, { optimizer: { kind: 'sgd', momentum: 0 } }, randomData(net, EXAMPLES, 7));
    const before = await chunks[1].parameters();
    const quantization = await quantizationOf(net, chunks[1], 0.9);
    for (const chunk of chunks) {
      chunk.setFakeQuantization(quantization);
      chunk.step(batchOf(0), Float32Array.of(1, 1));
    }
    // the changes are the gradients: of the first step, before rounding of almost equal numbers can part
    const [got, wanted] = (await Promise.all(chunks.map((chunk) => chunk.parameters()))).map((after) =>
      after.map((w, i) => before[i]! - w),
    );
    expectClose(got!.slice(0, net.parameterCount), wanted!.slice(0, net.parameterCount), 1e-3, net);
    expectClose(await chunks[0].fakeRanges(), await chunks[1].fakeRanges(), 1e-5);
    expectClose(await chunks[0].loss(), await chunks[1].loss(), 1e-4);
    const unmarked = quantization.points.flatMap((marked, point) => (marked ? [] : [2 * point, 2 * point + 1]));
    const moved = await chunks[0].fakeRanges();
    for (const i of unmarked) expect(moved[i]).toBe(quantization.ranges[i]);
    expect(moved.filter((x, i) => x !== quantization.ranges[i]).length).toBeGreaterThan(4);
  });

  it('marks some points only, with views, a teacher, masks, decay and Adam, and can be switched off', async () => {
    const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 } as const;
    const teacher = Float32Array.from({ length: 2 * EXAMPLES * cnn.outputs }, (_, i) => Math.sin(i));
    const distillation = { temperature: 2, weight: 0.5, teacher };
    const chunks = await both(cnn, { optimizer, distillation, maskedWeights: 'zeroed' }, randomData(cnn, EXAMPLES, 7));
    const whole = await quantizationOf(cnn, chunks[1], 0.5);
    const quantization = { ...whole, points: whole.points.map((marked, i) => marked && i !== 0 && i !== 5) };
    const random = stream(6, 'mask');
    const mask = Float32Array.from({ length: 2 * cnn.parameterCount }, () => (random.int(4) === 0 ? 0 : 1));
    for (const chunk of chunks) {
      chunk.setMask(mask);
      chunk.setFakeQuantization(quantization);
      for (let step = 0; step < 6; step++) {
        if (step === 4) chunk.setFakeQuantization(null);
        const views = batchOf(step).map((example) => packView({ flip: example % 2 === 0, down: 1, right: -1 }));
        chunk.step(batchOf(step), Float32Array.of(0.001, 0.001), views);
      }
    }
    await expectSame(chunks, cnn, 3e-3);
    expectClose(await chunks[0].fakeRanges(), await chunks[1].fakeRanges(), 1e-3);
  });

  it('predicts unrounded, and keeps ranges in a checkpoint', async () => {
    const [chunk, reference] = await both(
      cnn,
      { optimizer: { kind: 'sgd', momentum: 0 } },
      randomData(cnn, EXAMPLES, 7),
    );
    const plain = await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' });
    const quantization = await quantizationOf(cnn, reference, 0.9);
    chunk.setFakeQuantization(quantization);
    expect(await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' })).toEqual(plain);
    chunk.step(batchOf(0), Float32Array.of(0.1, 0.1));
    const state = await chunk.save();
    chunk.step(batchOf(1), Float32Array.of(0.1, 0.1));
    const [after, ranges] = [await chunk.parameters(), await chunk.fakeRanges()];
    chunk.step(batchOf(2), Float32Array.of(0.1, 0.1));
    chunk.restore(state);
    chunk.step(batchOf(1), Float32Array.of(0.1, 0.1));
    expect(await chunk.parameters()).toEqual(after);
    expect(await chunk.fakeRanges()).toEqual(ranges);
  });

  it('refuses marks that no kernel can keep', async () => {
    const [chunk, reference] = await both(
      cnn,
      { optimizer: { kind: 'sgd', momentum: 0 } },
      randomData(cnn, EXAMPLES, 7),
    );
    const quantization = await quantizationOf(cnn, reference, 0.9);
    const marks = quantization.points.map(() => true);
    expect(() => {
      chunk.setFakeQuantization({ ...quantization, points: marks });
    }).toThrow(/in front of pool1/);
    expect(() => {
      chunk.setFakeQuantization({ ...quantization, points: [true] });
    }).toThrow(/marks of points/);
    expect(() => {
      chunk.setFakeQuantization({ ...quantization, ranges: new Float32Array(2) });
    }).toThrow(/ranges must have/);
    expect(() => {
      chunk.setFakeQuantization({ ...quantization, decay: 1 });
    }).toThrow(/in \[0,1\)/);
  });
});
