import { beforeAll, expect, it } from 'vitest';
import { isChain } from '#engine/executors/simd/chain.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { expectAgreement } from '#testing/pytorch/agreement.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';

beforeAll(ensureSimdKernels, 60_000);

const chains = PYTORCH_FIXTURES.filter((fixture) => isChain(fixture.program));

it('has fixtures', () => {
  expect(chains.length).toBeGreaterThan(2);
});

it.each(chains.flatMap((fixture) => (['plain', 'relaxed'] as const).map((variant) => ({ variant, fixture }))))(
  'agrees with PyTorch: $fixture.name ($variant)',
  async ({ variant, fixture }) => {
    await expectAgreement(await createSimdExecutor({ variant }), fixture, { loss: 1e-6, gradients: 1e-6, steps: 5e-6 });
  },
);
