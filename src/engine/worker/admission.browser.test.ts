import { describe, expect, it, vi } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import { admit } from '#engine/worker/admission.ts';
import { tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 300_000 }); // a software adapter takes long to compile where the machine is busy

const RESIDUAL = tinyPlan({
  model: { kind: 'resnet-8', filters: [4, 8], blocks: 1 },
  loss: 'logistic',
  levels: [
    { kind: 'qat-int8', begin: 2, calibration: 5 },
    { kind: 'distilled', student: { kind: 'mlp', hidden: [2] }, temperature: 4, weight: 0.5 },
  ],
});

describe.each([
  ['webgpu', createWebgpuExecutor],
  ['webgl', createWebglExecutor],
] as const)('the admission test on %s', (_, create) => {
  it.each([
    ['of what most plans need', tinyPlan()],
    ['with all that only some plans need', RESIDUAL],
  ])('is passed: %s', async (_name, plan) => {
    const created = await create();
    if (!created.ok) throw new Error(created.problem.message);
    expect(await admit(created.value, createReferenceExecutor(), plan)).toEqual({ ok: true, value: null });
    created.value.dispose();
  });
});
