import { backend, memory } from '@tensorflow/tfjs-core';
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { expect, it } from 'vitest';
import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { describeGpuExecutor, startedChunk } from '#testing/gpu-executor-suite.ts';

describeGpuExecutor('webgl', createWebglExecutor, () =>
  Number((memory() as { numBytesInGPUAllocated?: number }).numBytesInGPUAllocated),
);

// Ends the context's life: stands last.
it('rejects what is awaited when the context is lost, and then cannot be made again', async () => {
  const chunk = await startedChunk(createWebglExecutor);
  const reading = chunk.loss();
  const current = backend();
  if (!(current instanceof MathBackendWebGL)) throw new Error('The WebGL backend is not the current one.');
  current.gpgpu.gl.getExtension('WEBGL_lose_context')?.loseContext();
  await expect(reading).rejects.toThrow(/context was lost/);
  await expect(chunk.parameters()).rejects.toThrow(/context was lost/);
  const again = await createWebglExecutor();
  expect(again).toMatchObject({ ok: false, problem: { code: 'context-lost' } });
});
