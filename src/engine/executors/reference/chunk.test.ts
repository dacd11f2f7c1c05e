import { describe, expect, it } from 'vitest';
import type { Chunk, ChunkSpec, FakeQuantization, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { packView, PLAIN_VIEW } from '#engine/model/augmentation.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { embeddingPoint } from '#engine/model/program.ts';
import { randomMask } from '#testing/small-gpu-nets.ts';
import {
  countUpTo,
  logisticProgram,
  oddConvProgram,
  randomData,
  randomParameters,
  residualProgram,
} from '#testing/small-nets.ts';

const EXAMPLES = 7;
const BATCH = 4;
const RATE = Float32Array.of(0.1, 0.1);
const momentum: OptimizerSpec = { kind: 'sgd', momentum: 0.9, weightDecay: 0.01 };
const adam: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weightDecay: 0.1 };
/** Of two members. */
const indices = Int32Array.of(0, 1, 2, 3, 6, 5, 4, 3);

function twoMembers(program: StepProgram): Float32Array {
  return Float32Array.from([1, 2].flatMap((seed) => [...randomParameters(program, seed)]));
}

function chunkOf(
  program: StepProgram,
  change: Partial<ChunkSpec> = {},
  data: TrainingData = randomData(program, EXAMPLES, 3),
): Chunk {
  const executor = createReferenceExecutor();
  executor.load(data);
  const parameters = twoMembers(program);
  return executor.createChunk({ program, members: 2, batchSize: BATCH, optimizer: momentum, parameters, ...change });
}

/** By hand: each pixel of the view from its own formula. */
function viewed(
  program: StepProgram,
  data: TrainingData,
  at: (y: number, x: number) => [number, number],
): TrainingData {
  const [height, width, channels] = program.input;
  const from = data.inputs.data as Float32Array;
  const pixels = from.map((_, i) => {
    const channel = i % channels;
    const place = Math.floor(i / channels) % (height * width);
    const example = Math.floor(i / (channels * height * width));
    const [y, x] = at(Math.floor(place / width), place % width);
    return from[((example * height + y) * width + x) * channels + channel]!;
  });
  return { ...data, inputs: { kind: 'floats', data: pixels } };
}

describe('views', () => {
  const program = oddConvProgram(); // 7x6
  const data = randomData(program, EXAMPLES, 3);
  it.each([
    ['mirrored', { flip: true, down: 0, right: 0 }, (y: number, x: number) => [y, 5 - x]],
    [
      'moved down and left',
      { flip: false, down: 2, right: -1 },
      (y: number, x: number) => [Math.max(0, y - 2), Math.min(5, x + 1)],
    ],
    [
      'mirrored, then moved right',
      { flip: true, down: 0, right: 2 },
      (y: number, x: number) => [y, 5 - Math.max(0, x - 2)],
    ],
    ['moved out of sight', { flip: false, down: -127, right: 127 }, () => [6, 0]],
  ] as const)('show an example %s', async (_, view, at) => {
    const chunk = chunkOf(program, {}, data);
    chunk.step(indices, RATE, new Int32Array(indices.length).fill(packView(view)));
    const expected = chunkOf(program, {}, viewed(program, data, at as (y: number, x: number) => [number, number]));
    expected.step(indices, RATE);
    expect(await chunk.parameters()).toEqual(await expected.parameters());
  });

  it('that are plain, or null, change nothing', async () => {
    const [plain, none, other] = [PLAIN_VIEW, null, packView({ flip: true, down: 1, right: 1 })].map((view) => {
      const chunk = chunkOf(program, {}, data);
      chunk.step(indices, RATE, view === null ? null : new Int32Array(indices.length).fill(view));
      return chunk.parameters();
    });
    expect(await plain).toEqual(await none);
    expect(await other).not.toEqual(await none);
  });
});

describe('masked weights', () => {
  const program = oddConvProgram();
  const count = program.parameterCount;
  const mask = randomMask(program, 2, 5);
  const raw = twoMembers(program);

  it.each([momentum, adam])(
    'that are zeroed start each step from 0 and follow their own gradient: $kind',
    async (optimizer) => {
      const chunk = chunkOf(program, { optimizer, maskedWeights: 'zeroed' });
      chunk.setMask(mask);
      const dense = chunkOf(program, { optimizer, parameters: raw.map((w, i) => w * mask[i]!) });
      chunk.step(indices, RATE);
      dense.step(indices, RATE);
      const after = await chunk.parameters();
      expect(after).toEqual(await dense.parameters());
      expect(after.filter((w, i) => mask[i] === 0 && w !== 0).length).toBeGreaterThan(count / 3);
      // The second step starts from 0 again, with the optimizer state of all weights.
      dense.setParameters(after.map((w, i) => w * mask[i]!));
      chunk.step(indices, RATE);
      dense.step(indices, RATE);
      expect(await chunk.parameters()).toEqual(await dense.parameters());
    },
  );

  it.each([momentum, adam])('that are kept neither move nor decay: $kind', async (optimizer) => {
    const chunk = chunkOf(program, { optimizer });
    chunk.step(indices, RATE);
    const before = await chunk.parameters();
    chunk.setMask(mask);
    chunk.step(indices, RATE);
    const after = await chunk.parameters();
    after.forEach((w, i) => {
      if (mask[i] === 0) expect(w).toBe(before[i]);
    });
    expect(after.filter((w, i) => mask[i] === 1 && w !== before[i]).length).toBeGreaterThan(count / 3);
  });
});

describe('batch norm', () => {
  it('moves the running statistics of each member by its own batch, and uses them at prediction', async () => {
    const program = residualProgram();
    const chunk = chunkOf(program, { optimizer: { kind: 'sgd', momentum: 0 } });
    const before = await chunk.parameters();
    const logits = await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' });
    expect((await chunk.logits(Int32Array.of(3), { kind: 'none' }))[0]).toBe(logits[3 * program.outputs]);
    chunk.step(indices, new Float32Array(2)); // at rate 0 nothing else moves
    const after = await chunk.parameters();
    const moved = program.tensors.filter(({ offset, size }) =>
      after.subarray(offset, offset + size).some((w, i) => w !== before[offset + i]),
    );
    expect(new Set(moved.map((t) => t.kind))).toEqual(new Set(['bn-mean', 'bn-variance']));
    expect(moved).toHaveLength(2 * program.ops.filter((op) => op.kind === 'batchnorm').length);
    // The stem's convolution by hand for member 1: mean and unbiased variance over its 4 examples of 35 pixels.
    const { inputs, labels } = randomData(program, EXAMPLES, 3);
    const stem = lossAndGradients(program, before.slice(program.parameterCount), inputs, labels, indices.slice(4)).pass
      .points[1]!;
    const channel = stem.filter((_, i) => i % 5 === 2);
    const mean = channel.reduce((sum, x) => sum + x, 0) / 140;
    const variance = channel.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 139;
    const slot = program.tensors.find((t) => t.name === 'batchnorm2/mean')!;
    const at = program.parameterCount + slot.offset + 2;
    expect(after[at]).toBeCloseTo(0.9 * before[at]! + 0.1 * mean, 6);
    expect(after[at + 5]).toBeCloseTo(0.9 * before[at + 5]! + 0.1 * variance, 6);
  });
});

describe('embeddings', () => {
  it('are the input of the last dense layer, of each member', async () => {
    const program = logisticProgram();
    const chunk = chunkOf(program);
    const examples = Int32Array.of(6, 0, 2);
    const embeddings = await chunk.embeddings(examples);
    expect(program.ops[embeddingPoint(program) - 1]!.name).toBe('dense3');
    expect(embeddings).toHaveLength(2 * 3 * 5);
    const parameters = await chunk.parameters();
    const logits = await chunk.logits(examples, { kind: 'none' });
    const { offset } = program.tensors.at(-2)!;
    for (let row = 0; row < 6; row++) {
      const from = Math.floor(row / 3) * program.parameterCount + offset;
      const z = [0, 1, 2, 3, 4].reduce(
        (sum, i) => sum + embeddings[row * 5 + i]! * parameters[from + i]!,
        parameters[from + 5]!,
      );
      expect(logits[row]).toBeCloseTo(z, 5);
    }
  });
});

describe('distillation', () => {
  it('takes each member towards its own teacher', async () => {
    const program = oddConvProgram();
    const teacher = Float32Array.from({ length: 2 * EXAMPLES * 3 }, (_, i) => Math.sin(i));
    const both = chunkOf(program, { distillation: { temperature: 2, weight: 0.5, teacher } });
    both.step(indices, RATE);
    const second = chunkOf(program, {
      members: 1,
      parameters: twoMembers(program).slice(program.parameterCount),
      distillation: { temperature: 2, weight: 0.5, teacher: teacher.slice(EXAMPLES * 3) },
    });
    second.step(indices.slice(4), RATE.slice(1));
    expect((await both.parameters()).slice(program.parameterCount)).toEqual(await second.parameters());
    const untaught = chunkOf(program);
    untaught.step(indices, RATE);
    expect(await untaught.parameters()).not.toEqual(await both.parameters());
    const short = chunkOf(program, { distillation: { temperature: 2, weight: 0.5, teacher: teacher.slice(1) } });
    expect(() => {
      short.step(indices, RATE);
    }).toThrow(/teacher logits must have 42/);
  });
});

describe('fake quantization', () => {
  const program = oddConvProgram();
  const points = [true, false, true, true, true, true]; // not the convolution before the pool
  const ranges = Float32Array.from({ length: 2 * 6 * 2 }, (_, i) => (i % 2 === 0 ? -0.5 : 1.5));
  const fake: FakeQuantization = { points, ranges, decay: 0.75 };

  it('moves the range of each member by its own batch and leaves unmarked points alone', async () => {
    const data = randomData(program, EXAMPLES, 3);
    const chunk = chunkOf(program, {}, data);
    chunk.setFakeQuantization(fake);
    chunk.step(indices, RATE);
    const moved = await chunk.fakeRanges();
    const pixels = [4, 5, 6, 3].flatMap((example) => [...data.inputs.data.slice(example * 126, (example + 1) * 126)]);
    expect(moved[12]).toBeCloseTo(0.75 * -0.5 + 0.25 * Math.min(...pixels), 6);
    expect(moved[13]).toBeCloseTo(0.75 * 1.5 + 0.25 * Math.max(...pixels), 6);
    expect([...moved.slice(2, 4)]).toEqual([-0.5, 1.5]);
    expect(moved[4]).toBe(0.75 * -0.5); // behind relu nothing is below 0
    expect(ranges[12]).toBe(-0.5); // what was given stays
  });

  it('rounds in steps only, until it is turned off', async () => {
    const [plain, rounded, off] = [null, fake, 'off'].map((setting) => {
      const chunk = chunkOf(program);
      if (setting !== null) chunk.setFakeQuantization(fake);
      if (setting === 'off') chunk.setFakeQuantization(null);
      return chunk;
    });
    const all = countUpTo(EXAMPLES);
    expect(await rounded!.logits(all, { kind: 'none' })).toEqual(await plain!.logits(all, { kind: 'none' }));
    for (const chunk of [plain!, rounded!, off!]) chunk.step(indices, RATE);
    expect(await off!.parameters()).toEqual(await plain!.parameters());
    expect(await rounded!.parameters()).not.toEqual(await plain!.parameters());
    expect(await off!.fakeRanges()).toEqual(ranges);
  });

  it('goes on from a checkpoint with the ranges as they were', async () => {
    const chunk = chunkOf(program, { optimizer: adam });
    chunk.setFakeQuantization(fake);
    chunk.step(indices, RATE);
    const state = await chunk.save();
    const resumed = chunkOf(program, { optimizer: adam, parameters: new Float32Array(2 * program.parameterCount) });
    resumed.setFakeQuantization(fake);
    resumed.restore(state);
    for (const each of [chunk, resumed]) each.step(indices, RATE);
    expect(await resumed.parameters()).toEqual(await chunk.parameters());
    expect(await resumed.fakeRanges()).toEqual(await chunk.fakeRanges());
    expect(await chunk.fakeRanges()).not.toEqual(ranges);
  });

  it('takes a member that has diverged on without an error', async () => {
    const chunk = chunkOf(program);
    chunk.setFakeQuantization(fake);
    for (let step = 0; step < 5; step++) chunk.step(indices, Float32Array.of(1e30, 0.1));
    const [diverged, other] = await chunk.loss();
    expect(diverged).toBeNaN();
    expect(other).toBeLessThan(10);
  });

  it('refuses marks and ranges of another program', () => {
    const chunk = chunkOf(program);
    expect(() => {
      chunk.setFakeQuantization({ ...fake, points: [true] });
    }).toThrow(/points must have 6/);
    expect(() => {
      chunk.setFakeQuantization({ ...fake, ranges: new Float32Array(3) });
    }).toThrow(/ranges must have 24/);
  });
});
