import { backend } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { expect, it, vi } from 'vitest';
import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { describeGpuExecutor, startedChunk } from '#testing/gpu-executor-suite.ts';
import { randomBytes } from '#testing/small-gpu-nets.ts';

describeGpuExecutor('webgpu', createWebgpuExecutor, () => webgpu().bufferManager.numBytesAllocated);

// gather, 4 layers, 2 pools, loss, 4 weight gradients, 3 input gradients, 2 pool gradients, update
const CNN_SMALL = buildProgram({ kind: 'cnn-small', filters: [4, 8], dense: [8] }, [8, 8, 1], 2);
// Forward: gather, 9 convolutions, 9 times statistics and 9 norms (3 with the addition behind them), pool, dense. Backward:
// loss, 10 weight gradients, 9 input gradients, pool, 9 times sums and 9 norms; update.
const RESNET_8 = buildProgram({ kind: 'resnet-8', filters: [4, 8, 8], blocks: 1 }, [8, 8, 3], 2);

it.each([
  ['cnn-small', CNN_SMALL, 18],
  ['resnet-8', RESNET_8, 70],
])('queues as many dispatches for three members as for one: %s', async (_, program, expected) => {
  const created = await createWebgpuExecutor();
  if (!created.ok) throw new Error(created.problem.message);
  created.value.load(randomBytes(program, 4, 1));
  const dispatchWorkgroups = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  const counts = [1, 3].map((members) => {
    const parameters = new Float32Array(members * program.parameterCount);
    const optimizer = { kind: 'sgd', momentum: 0.9 } as const;
    const chunk = created.value.createChunk({ program, members, batchSize: 4, optimizer, parameters });
    dispatchWorkgroups.mockClear();
    chunk.step(new Int32Array(members * 4), new Float32Array(members));
    const { length } = dispatchWorkgroups.mock.calls;
    chunk.dispose();
    return length;
  });
  expect(counts).toEqual([expected, expected]);
  dispatchWorkgroups.mockRestore();
  created.value.dispose();
});

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
