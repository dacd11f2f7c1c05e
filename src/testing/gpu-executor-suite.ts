import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivationQuantization, Chunk, Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import type { Result } from '#lib/result.ts';
import {
  countUpTo,
  oddConvProgram,
  randomBytes,
  randomData,
  randomMask,
  randomParameters,
} from '#testing/small-gpu-nets.ts';

const EXAMPLES = 23;
const BATCH = 6;
const SGD: OptimizerSpec = { kind: 'sgd', momentum: 0 };
const MOMENTUM: OptimizerSpec = { kind: 'sgd', momentum: 0.9 };
const ADAM: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** What every executor on a GPU must do, checked against the float64 reference. Few and tiny programs: compiling shaders is what takes time. */
export function describeGpuExecutor(name: string, create: () => Promise<Result<Executor>>): void {
  const odd = oddConvProgram();
  const small = buildProgram({ kind: 'cnn-small', filters: [4, 8], dense: [8] }, [8, 8, 1], 2);
  const mlp = buildProgram({ kind: 'mlp', hidden: [6, 8] }, [1, 1, 5], 3);
  const oddData = randomBytes(odd, EXAMPLES, 1);
  const smallData = randomBytes(small, EXAMPLES, 2);
  const mlpData = randomData(mlp, EXAMPLES, 3);

  describe(`the ${name} executor`, () => {
    let executor: Executor;
    const reference = createReferenceExecutor();
    beforeAll(async () => {
      const created = await create();
      if (!created.ok) throw new Error(created.problem.message);
      executor = created.value;
    });
    afterAll(() => {
      executor.dispose();
    });

    function chunkOf(
      on: Executor,
      program: StepProgram,
      data: TrainingData,
      optimizer: OptimizerSpec,
      members: readonly number[],
    ): Chunk {
      on.load(data);
      return on.createChunk({
        program,
        members: members.length,
        batchSize: BATCH,
        optimizer,
        parameters: parametersOf(program, members),
      });
    }

    it('says what it runs on', () => {
      expect(executor.backend).toBe(name);
      expect(executor.detail).not.toBe('');
      expect(executor.software).toBe(true); // the tests run on a software adapter
    });

    for (const [title, program, data] of [
      ['odd sizes, an even kernel, stride 2 and a pool that drops a row', odd, oddData],
      ['a small convolutional network', small, smallData],
      ['a small perceptron on floats', mlp, mlpData],
    ] as const)
      it(`has the reference's loss and gradients on ${title}`, async () => {
        const members = [4, 5];
        const chunk = chunkOf(executor, program, data, SGD, members);
        const indices = randomIndices(members.length, BATCH - 1, 6); // fewer than a full batch
        chunk.step(indices, Float32Array.of(1, 1));
        const losses = await chunk.loss();
        const after = await chunk.parameters();
        members.forEach((member, at) => {
          const before = randomParameters(program, member);
          const expected = lossAndGradients(
            program,
            Float32Array.from(before),
            data.inputs,
            data.labels,
            indices.subarray(at * (BATCH - 1), (at + 1) * (BATCH - 1)),
          );
          expect(losses[at]!).toBeCloseTo(expected.loss, 5);
          for (const slot of program.tensors) {
            const gradient = expected.gradients.subarray(slot.offset, slot.offset + slot.size);
            const got = Float64Array.from(
              gradient,
              (_, i) => Math.fround(before[slot.offset + i]!) - after[at * program.parameterCount + slot.offset + i]!,
            );
            expect(relativeError(got, gradient), slot.name).toBeLessThan(1e-4);
          }
        });
        chunk.dispose();
      });

    for (const [optimizer, title] of [
      [MOMENTUM, 'momentum'],
      [ADAM, 'Adam'],
    ] as const)
      it(`follows the reference through steps with ${title}, a mask and its own learning rates`, async () => {
        const chunks = [executor, reference].map((on) => chunkOf(on, mlp, mlpData, optimizer, [1, 2]));
        const mask = randomMask(mlp, 2, 7);
        const rates = Float32Array.of(0.01, 0.03);
        for (const chunk of chunks) {
          chunk.step(randomIndices(2, BATCH, 0), rates);
          chunk.setMask(mask);
          for (let step = 1; step < 4; step++) chunk.step(randomIndices(2, BATCH, step), rates);
        }
        const [got, expected] = await Promise.all(chunks.map((chunk) => chunk.parameters()));
        expect(largestDifference(got!, expected!)).toBeLessThan(2e-5);
        const [gotLogits, expectedLogits] = await Promise.all(
          chunks.map((chunk) => chunk.logits(countUpTo(EXAMPLES), { kind: 'none' })),
        );
        expect(largestDifference(gotLogits!, expectedLogits!)).toBeLessThan(1e-4);
        chunks.forEach((chunk) => {
          chunk.dispose();
        });
      });

    it('keeps the raw value of a masked weight, and lets it revive', async () => {
      const chunk = chunkOf(executor, mlp, mlpData, ADAM, [3]);
      const before = await chunk.parameters();
      chunk.setMask(new Float32Array(mlp.parameterCount));
      chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
      expect(await chunk.parameters()).toEqual(before);
      expect(new Set(await chunk.logits(Int32Array.of(0, 1), { kind: 'none' }))).toEqual(new Set([0]));
      chunk.setMask(new Float32Array(mlp.parameterCount).fill(1));
      const logits = await chunk.logits(Int32Array.of(0), { kind: 'none' });
      expect(logits.every((x) => x !== 0)).toBe(true);
      chunk.dispose();
    });

    it('gives a member in a population bit for bit what it gives it alone', async () => {
      const rates = Float32Array.of(0.05, 0.01, 0.02);
      const run = async (members: readonly number[]): Promise<Float32Array> => {
        const chunk = chunkOf(executor, small, smallData, ADAM, members);
        for (let step = 0; step < 3; step++)
          chunk.step(
            Int32Array.from(members.flatMap((m) => [...randomIndices(1, BATCH, step * 10 + m)])),
            Float32Array.from(members, (m) => rates[m]!),
          );
        const parameters = await chunk.parameters();
        chunk.dispose();
        return parameters;
      };
      const population = await run([0, 1, 2]);
      expect(await run([2])).toEqual(population.slice(2 * small.parameterCount));
    });

    it('gives logits of more examples than a batch, in order', async () => {
      const chunks = [executor, reference].map((on) => chunkOf(on, odd, oddData, SGD, [1, 2]));
      const indices = countUpTo(EXAMPLES).reverse();
      const [got, expected] = await Promise.all(chunks.map((chunk) => chunk.logits(indices, { kind: 'none' })));
      expect(got!).toHaveLength(2 * EXAMPLES * odd.classes);
      expect(largestDifference(got!, expected!)).toBeLessThan(1e-5);
      expect(await chunks[0]!.logits(new Int32Array(0), { kind: 'none' })).toHaveLength(0);
      chunks.forEach((chunk) => {
        chunk.dispose();
      });
    });

    it("finds the reference's activation ranges", async () => {
      const chunks = [executor, reference].map((on) => chunkOf(on, odd, oddData, SGD, [1, 2]));
      const [got, expected] = await Promise.all(chunks.map((chunk) => chunk.activationRanges(countUpTo(EXAMPLES - 2))));
      expect(largestDifference(got!, expected!)).toBeLessThan(1e-5);
      chunks.forEach((chunk) => {
        chunk.dispose();
      });
    });

    const points = (scale: number): ({ scale: number; zeroPoint: number } | null)[] =>
      odd.ops.map((_, i) => (i === 2 ? null : { scale, zeroPoint: i - 3 }));
    const quantizations: [string, ActivationQuantization][] = [
      [
        'fixed points',
        {
          kind: 'fixed',
          points: [
            [{ scale: 1 / 127, zeroPoint: 0 }, ...points(0.05)],
            [null, ...points(0.1)],
          ],
        },
      ],
      ['dynamic ranges', { kind: 'dynamic', ops: odd.ops.map((op) => op.kind !== 'maxpool') }],
    ];
    for (const [title, quantization] of quantizations)
      it(`quantizes activations with ${title} as the reference does`, async () => {
        const chunks = [executor, reference].map((on) => chunkOf(on, odd, oddData, SGD, [1, 2]));
        const [got, expected] = await Promise.all(
          chunks.map((chunk) => chunk.logits(countUpTo(EXAMPLES), quantization)),
        );
        const [exact] = await Promise.all([chunks[1]!.logits(countUpTo(EXAMPLES), { kind: 'none' })]);
        // A value on the edge between two steps may fall to either side in float32; all but a few logits are the same.
        const same = got!.filter((x, i) => Math.abs(x - expected![i]!) < 1e-4).length;
        expect(same / got!.length).toBeGreaterThan(0.95);
        expect(largestDifference(expected!, exact!)).toBeGreaterThan(1e-3);
        chunks.forEach((chunk) => {
          chunk.dispose();
        });
      });

    it('continues bit for bit from a saved state', async () => {
      const chunk = chunkOf(executor, mlp, mlpData, ADAM, [1]);
      const other = chunkOf(executor, mlp, mlpData, ADAM, [2]);
      const rate = Float32Array.of(0.02);
      chunk.step(randomIndices(1, BATCH, 1), rate);
      other.restore(await chunk.save());
      for (const each of [chunk, other]) each.step(randomIndices(1, BATCH, 2), rate);
      expect(await other.parameters()).toEqual(await chunk.parameters());
      chunk.dispose();
      other.dispose();
    });

    it('replaces parameters and keeps the optimizer state', async () => {
      const chunks = [executor, reference].map((on) => chunkOf(on, mlp, mlpData, MOMENTUM, [1]));
      for (const chunk of chunks) {
        chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
        chunk.setParameters(Float32Array.from(randomParameters(mlp, 9)));
        chunk.step(randomIndices(1, BATCH, 2), Float32Array.of(0.1));
      }
      const [got, expected] = await Promise.all(chunks.map((chunk) => chunk.parameters()));
      expect(largestDifference(got!, expected!)).toBeLessThan(1e-5);
      chunks.forEach((chunk) => {
        chunk.dispose();
      });
    });

    it('holds the same number of arrays after every step, and none of a chunk that is gone', async () => {
      executor.load(smallData);
      const before = executor.allocated();
      const chunk = chunkOf(executor, small, smallData, ADAM, [1, 2]);
      const counts = new Set<number>();
      for (let step = 0; step < 20; step++) {
        chunk.step(randomIndices(2, BATCH, step), Float32Array.of(0.01, 0.01));
        if (step % 5 === 4) await chunk.loss();
        if (step % 10 === 9)
          await chunk.logits(
            countUpTo(7),
            quantizations[1]![1].kind === 'dynamic'
              ? { kind: 'dynamic', ops: small.ops.map(() => true) }
              : { kind: 'none' },
          );
        counts.add(executor.allocated());
      }
      await chunk.activationRanges(countUpTo(7));
      await chunk.save();
      counts.add(executor.allocated());
      expect(counts.size).toBe(1);
      chunk.dispose();
      await Promise.resolve();
      expect(executor.allocated()).toBe(before);
    });

    it('has room for a population of a small program, and fewer members of larger batches', () => {
      const room = executor.maxMembers(small, 64);
      expect(room).toBeGreaterThan(30);
      expect(executor.maxMembers(small, 64_000)).toBeLessThan(room);
    });

    it('refuses a step of too many examples, and parameters of the wrong length', () => {
      const chunk = chunkOf(executor, mlp, mlpData, SGD, [1]);
      expect(() => {
        chunk.step(new Int32Array(BATCH + 1), Float32Array.of(1));
      }).toThrow(/1 to 6 examples/);
      expect(() => {
        chunk.setParameters(new Float32Array(3));
      }).toThrow(/parameters/);
      chunk.dispose();
    });
  });
}

/** A chunk of one small member that has made one step, for tests of what happens when its device fails. */
export async function startedChunk(create: () => Promise<Result<Executor>>): Promise<Chunk> {
  const created = await create();
  if (!created.ok) throw new Error(created.problem.message);
  const program = buildProgram({ kind: 'mlp', hidden: [6, 8] }, [1, 1, 5], 3);
  created.value.load(randomData(program, EXAMPLES, 3));
  const parameters = Float32Array.from(randomParameters(program, 1));
  const chunk = created.value.createChunk({ program, members: 1, batchSize: BATCH, optimizer: SGD, parameters });
  chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
  return chunk;
}

function parametersOf(program: StepProgram, members: readonly number[]): Float32Array {
  return Float32Array.from(members.flatMap((member) => [...randomParameters(program, member)]));
}

/** [member, batch] indices; the same seed gives the same. */
function randomIndices(members: number, batch: number, seed: number): Int32Array {
  const random = stream(seed, 'indices');
  return Int32Array.from({ length: members * batch }, () => random.int(EXAMPLES));
}

function largestDifference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(got[i]! - expected[i]!);
    if (!(difference <= largest)) largest = difference; // NaN stays
  }
  return largest;
}

function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Array.from(expected).reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  return largestDifference(got, expected) / scale;
}
