import { backend } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { expect, it } from 'vitest';
import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import { describeGpuExecutor, startedChunk } from '#testing/gpu-executor-suite.ts';

describeGpuExecutor('webgpu', createWebgpuExecutor);

// Both end the executor's life, and the second the device's: they stand last.
it('rejects what is awaited after the device reported an error', async () => {
  const chunk = await startedChunk(createWebgpuExecutor);
  const { device } = webgpu();
  device.createBuffer({ size: 4, usage: 0xffff }); // not a usage
  await expect(chunk.parameters()).rejects.toThrow(/GPU reported an error/);
});

it('rejects what is awaited when the device is lost', async () => {
  const chunk = await startedChunk(createWebgpuExecutor);
  const reading = chunk.loss();
  webgpu().device.destroy();
  await expect(reading).rejects.toThrow(/GPU (was lost|did not give its results back)/);
  await expect(chunk.parameters()).rejects.toThrow(/GPU (was lost|did not give its results back)/);
});

function webgpu(): WebGPUBackend {
  const current = backend();
  if (!(current instanceof WebGPUBackend)) throw new Error('The WebGPU backend is not the current one.');
  return current;
}
