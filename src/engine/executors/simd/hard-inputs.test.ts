import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingData } from '#engine/executors/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';

beforeAll(ensureSimdKernels, 60_000);

const cnn = (filters: readonly number[], dense: readonly number[]) => ({ kind: 'cnn-small', filters, dense }) as const;

/** One step of plain descent at rate 1 on all examples has the reference's gradient and loss, relative to each tensor's greatest. */
async function expectGradient(
  net: StepProgram,
  data: TrainingData,
  parameters: Float32Array,
  tolerance: number,
): Promise<Float64Array> {
  const executor = await createSimdExecutor();
  executor.load(data);
  const all = countUpTo(data.examples);
  const optimizer = { kind: 'sgd', momentum: 0 } as const;
  const chunk = executor.createChunk({ program: net, members: 1, batchSize: data.examples, optimizer, parameters });
  chunk.step(all, Float32Array.of(1));
  const after = await chunk.parameters();
  const wanted = lossAndGradients(net, parameters, data.inputs, data.labels, all);
  expect((await chunk.loss())[0]).toBeCloseTo(wanted.loss, 4);
  expectClose(
    after.map((w, i) => parameters[i]! - w),
    wanted.gradients,
    tolerance,
    net,
  );
  return wanted.gradients;
}

describe('inputs that are hard on a step of the simd executor', () => {
  const net = buildProgram(cnn([8, 16], [10]), [12, 10, 3], 3);

  it('takes denormal inputs', async () => {
    const data = randomData(net, 9, 1);
    for (const scale of [1e-38, 1e-41]) {
      const inputs = { kind: 'floats', data: (data.inputs.data as Float32Array).map((x) => x * scale) } as const;
      await expectGradient(net, { ...data, inputs }, Float32Array.from(randomParameters(net, 2)), 1e-4);
    }
  });

  it.each([true, false])('takes windows in which every value is negative, relu %s', async (relu) => {
    const ops = net.ops.map((op) => (op.kind === 'conv' ? { ...op, relu } : op));
    const signed = { ...net, ops };
    const parameters = Float32Array.from(randomParameters(net, 2));
    const [first] = net.ops;
    if (first?.kind !== 'conv') throw new Error('The first operation is a convolution.');
    // so far below 0 that no window of the first layer has a positive value
    parameters.fill(-30, first.offset + first.kernelSize, first.offset + first.kernelSize + 8);
    const gradients = await expectGradient(signed, randomData(net, 9, 1), parameters, 1e-4);
    expect(gradients.slice(0, first.kernelSize).some((g) => g !== 0)).toBe(!relu);
  });

  it('gives the gradient of tied windows to the first place in scan order', async () => {
    // only the middle tap is not zero, so that outputs are pixels; pixels are 0 or 1, so that most windows are tied
    const tied = buildProgram(cnn([1], []), [12, 10, 1], 2);
    const random = stream(4, 'ties');
    const inputs = { kind: 'floats', data: Float32Array.from({ length: 8 * 120 }, () => random.int(2)) } as const;
    const parameters = Float32Array.from(randomParameters(tied, 3));
    parameters.fill(0, 0, 9)[4] = 1;
    parameters[9] = 0.25; // bias
    await expectGradient(tied, { ...randomData(tied, 8, 2), inputs }, parameters, 1e-5);
  });

  it('agrees on cnn-small of any filters, gray or colour, of 16 to 64 pixels', async () => {
    const model = fc.record({
      first: fc.integer({ min: 1, max: 10 }),
      more: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      dense: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
      channels: fc.constantFrom(1, 3),
      height: fc.integer({ min: 16, max: 64 }),
      width: fc.integer({ min: 16, max: 64 }),
      loss: fc.constantFrom('softmax', 'logistic'),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(model, async ({ first, more, dense, channels, height, width, loss, seed }) => {
        const filters = [first, ...more.map((quarter) => 4 * quarter)];
        const any = buildProgram(cnn(filters, dense), [height, width, channels], 2, loss);
        // float32 may find another winner in a window that is all but tied, which moves a gradient
        await expectGradient(any, randomData(any, 3, seed), Float32Array.from(randomParameters(any, seed)), 0.005);
      }),
      { numRuns: 12 },
    );
  });
});
