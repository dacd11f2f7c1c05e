import { expect, it } from 'vitest';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { countUpTo, randomData } from '#testing/small-nets.ts';

it.each(['plain', 'relaxed'] as const)(
  'loads in a browser and computes the reference gradient (%s)',
  async (variant) => {
    const program = buildProgram({ kind: 'cnn-small', filters: [8, 8], dense: [6] }, [12, 11, 3], 2);
    const data = randomData(program, 20, 1);
    const parameters = initialParameters(program, 1, 0);
    const executor = await createSimdExecutor({ variant });
    expect(executor.detail).toBe(`WebAssembly SIMD, ${variant}`);
    executor.load(data);
    const optimizer = { kind: 'sgd', momentum: 0 } as const;
    const chunk = executor.createChunk({ program, members: 1, batchSize: 20, optimizer, parameters });
    chunk.step(countUpTo(20), Float32Array.of(1));
    const wanted = lossAndGradients(program, parameters, data.inputs, data.labels, countUpTo(20));
    expect((await chunk.loss())[0]).toBeCloseTo(wanted.loss, 5);
    (await chunk.parameters()).forEach((w, i) => {
      expect(parameters[i]! - w).toBeCloseTo(wanted.gradients[i]!, 4);
    });
  },
);

it('takes the relaxed kernels where the browser has them', async () => {
  const executor = await createSimdExecutor();
  expect(executor.detail).toBe('WebAssembly SIMD, relaxed');
});
