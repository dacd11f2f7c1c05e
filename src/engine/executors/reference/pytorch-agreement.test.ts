import { describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { expectAgreement } from '#testing/pytorch/agreement.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';

describe.each(PYTORCH_FIXTURES)('PyTorch, $name', (fixture) => {
  it('has the same loss and gradients in float64', () => {
    const { program, data, parameters, batches } = fixture;
    const got = lossAndGradients(program, parameters, data.inputs, data.labels, batches[0]!);
    expect(got.loss).toBeCloseTo(fixture.losses[0]!, 9);
    got.gradients.forEach((gradient, i) => expect(gradient).toBeCloseTo(fixture.gradients[i]!, 9));
    expect(got.gradients.filter((gradient) => gradient !== 0).length).toBeGreaterThan(program.parameterCount / 2);
  });

  it('takes the same steps, moves the same running statistics and predicts the same', async () => {
    const executor = createReferenceExecutor();
    await expectAgreement(executor, fixture, { loss: 1e-6, gradients: 1e-7, steps: 2e-7 });
  });
});
