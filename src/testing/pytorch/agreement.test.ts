import { describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { expectAgreement } from '#testing/pytorch/agreement.ts';
import type { PyTorchFixture } from '#testing/pytorch/fixtures.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';

const TOLERANCES = { loss: 1e-4, gradients: 1e-3, steps: 1e-3 };

/** The fixture with one number a percent larger than the executor will find it. */
function wrong(fixture: PyTorchFixture, of: 'losses' | 'gradients' | 'after' | 'logits'): PyTorchFixture {
  const values = fixture[of];
  const at = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best), 0);
  return { ...fixture, [of]: values.map((value, i) => (i === at ? 1.01 * value : value)) };
}

describe.each(PYTORCH_FIXTURES)('the check against $name', (fixture) => {
  it.each(['losses', 'gradients', 'after', 'logits'] as const)('notices wrong %s', async (what) => {
    await expect(expectAgreement(createReferenceExecutor(), wrong(fixture, what), TOLERANCES)).rejects.toThrow();
  });

  it('notices another optimizer', async () => {
    const optimizer = { kind: 'sgd', momentum: 0.3 } as const;
    await expect(expectAgreement(createReferenceExecutor(), { ...fixture, optimizer }, TOLERANCES)).rejects.toThrow();
  });
});
