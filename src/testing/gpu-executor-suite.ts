import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Result } from '#lib/result.ts';
import { expectClose } from '#testing/expect-close.ts';
import { describeGpuPrediction } from '#testing/gpu-prediction-suite.ts';
import { ADAM, askAndDispose, BATCH, chunkOf, EXAMPLES, MOMENTUM, randomIndices } from '#testing/gpu-suite-chunks.ts';
import { describeGpuTraining } from '#testing/gpu-training-suite.ts';
import { expectAgreement } from '#testing/pytorch/agreement.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';
import { countUpTo, randomData, randomParameters } from '#testing/small-gpu-nets.ts';
import { logisticProgram } from '#testing/small-nets.ts';

const PROGRAM = logisticProgram();
const DATA = randomData(PROGRAM, EXAMPLES, 5);

/**
 * What every executor on a GPU must do, checked against the float64 reference. Few and tiny programs: compiling shaders is what
 * takes time. `gpuBytes` gives the bytes that the backend holds on the device, those it keeps for reuse among them.
 */
export function describeGpuExecutor(
  name: string,
  create: () => Promise<Result<Executor>>,
  gpuBytes: () => number,
): void {
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

    it('says what it runs on', () => {
      expect(executor.backend).toBe(name);
      expect(executor.detail).not.toBe('');
      expect(executor.software).toBe(true); // the tests run on a software adapter
    });

    describeGpuTraining({ executor: () => executor, reference });
    describeGpuPrediction({ executor: () => executor, reference });

    // Two of them, as every geometry has shaders of its own: the rest is checked against the reference, which is checked against all.
    for (const fixture of PYTORCH_FIXTURES.filter(({ name }) => name === 'cnn-adam' || name === 'resnet-sgd'))
      it(`agrees with PyTorch: ${fixture.name}`, async () => {
        await expectAgreement(executor, fixture, { loss: 1e-5, gradients: 1e-4, steps: 1e-4 });
      });

    it('keeps the raw value of a masked weight, and lets it revive', async () => {
      const chunk = chunkOf(executor, PROGRAM, DATA, [3], { optimizer: ADAM });
      const before = await chunk.parameters();
      chunk.setMask(new Float32Array(PROGRAM.parameterCount));
      chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
      expect(await chunk.parameters()).toEqual(before);
      expect(new Set(await chunk.logits(Int32Array.of(0, 1), { kind: 'none' }))).toEqual(new Set([0]));
      chunk.setMask(new Float32Array(PROGRAM.parameterCount).fill(1));
      const logits = await chunk.logits(Int32Array.of(0), { kind: 'none' });
      expect(logits.every((x) => x !== 0)).toBe(true);
      chunk.dispose();
    });

    it('continues bit for bit from a saved state, ranges among it', async () => {
      const fake = {
        points: PROGRAM.ops.map((_, i) => i === 2).concat(false),
        ranges: new Float32Array(2 * (PROGRAM.ops.length + 1)).fill(1),
        decay: 0.5,
      };
      const [chunk, other] = [1, 2].map((member) => chunkOf(executor, PROGRAM, DATA, [member], { optimizer: ADAM }));
      const rate = Float32Array.of(0.02);
      for (const each of [chunk!, other!]) each.setFakeQuantization(fake);
      chunk!.step(randomIndices(1, BATCH, 1), rate);
      other!.restore(await chunk!.save());
      for (const each of [chunk!, other!]) each.step(randomIndices(1, BATCH, 2), rate);
      const [wanted, got] = await askAndDispose([chunk!, other!], async (each) => [
        await each.parameters(),
        await each.fakeRanges(),
      ]);
      expect(got).toEqual(wanted);
    });

    it('replaces parameters and keeps the optimizer state', async () => {
      const chunks = [executor, reference].map((on) => chunkOf(on, PROGRAM, DATA, [1], { optimizer: MOMENTUM }));
      for (const chunk of chunks) {
        chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
        chunk.setParameters(Float32Array.from(randomParameters(PROGRAM, 9)));
        chunk.step(randomIndices(1, BATCH, 2), Float32Array.of(0.1));
      }
      const [got, wanted] = await askAndDispose(chunks, (chunk) => chunk.parameters());
      expectClose(got!, wanted!, 1e-5, PROGRAM);
    });

    it('holds the same number of arrays after every step, and none of a chunk that is gone', async () => {
      executor.load(DATA);
      const before = executor.allocated();
      const chunk = chunkOf(executor, PROGRAM, DATA, [1, 2], { optimizer: MOMENTUM });
      chunk.setFakeQuantization({
        points: PROGRAM.ops.map(() => true).concat(true),
        ranges: new Float32Array(4 * (PROGRAM.ops.length + 1)).fill(1),
        decay: 0.9,
      });
      const counts = new Set<number>();
      for (let step = 0; step < 20; step++) {
        chunk.step(randomIndices(2, BATCH, step), Float32Array.of(0.01, 0.01));
        if (step % 5 === 4) await chunk.loss();
        if (step % 10 === 9)
          await chunk.logits(countUpTo(7), { kind: 'dynamic', ops: PROGRAM.ops.map((op) => op.kind !== 'maxpool') });
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

    it('takes no more memory for many chunks of two sizes than for one of each', async () => {
      const bytes: number[] = [];
      for (let round = 0; round < 12; round++)
        for (const members of [4, 3]) {
          const chunk = chunkOf(executor, PROGRAM, DATA, [...countUpTo(members)], { optimizer: ADAM });
          for (let step = 0; step < 2; step++)
            chunk.step(randomIndices(members, BATCH, step), new Float32Array(members).fill(0.01));
          await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' });
          chunk.dispose();
          bytes.push(gpuBytes());
        }
      expect(Math.max(...bytes.slice(2))).toBeLessThanOrEqual(Math.max(...bytes.slice(0, 2)));
    });

    it('has room for a population of a small program, and fewer members of larger batches', () => {
      const small = buildProgram({ kind: 'cnn-small', filters: [4, 8], dense: [8] }, [8, 8, 1], 2);
      const room = executor.maxMembers(small, 64);
      expect(room).toBeGreaterThan(30);
      expect(executor.maxMembers(small, 64_000)).toBeLessThan(room);
      const resnet = buildProgram({ kind: 'resnet-8', filters: [16, 32, 64], blocks: 1 }, [32, 32, 3], 2);
      expect(executor.maxMembers(resnet, 64)).toBeGreaterThan(0);
    });

    it('refuses a step of too many examples, and arrays of the wrong length', () => {
      const chunk = chunkOf(executor, PROGRAM, DATA, [1]);
      expect(() => {
        chunk.step(new Int32Array(BATCH + 1), Float32Array.of(1));
      }).toThrow(/1 to 6 examples/);
      expect(() => {
        chunk.step(new Int32Array(BATCH), Float32Array.of(1), new Int32Array(1));
      }).toThrow(/views/);
      expect(() => {
        chunk.setParameters(new Float32Array(3));
      }).toThrow(/parameters/);
      expect(() => {
        chunk.setFakeQuantization({ points: [true], ranges: new Float32Array(2), decay: 0 });
      }).toThrow(/points/);
      chunk.dispose();
    });
  });
}

/** A chunk of one small member that has made one step, for tests of what happens when its device fails. */
export async function startedChunk(create: () => Promise<Result<Executor>>): Promise<Chunk> {
  const created = await create();
  if (!created.ok) throw new Error(created.problem.message);
  const chunk = chunkOf(created.value, PROGRAM, DATA, [1]);
  chunk.step(randomIndices(1, BATCH, 1), Float32Array.of(0.1));
  return chunk;
}
