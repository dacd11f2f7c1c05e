import { backend } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { expect, it, vi } from 'vitest';
import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { describeGpuExecutor, startedChunk } from '#testing/gpu-executor-suite.ts';
import { SGD } from '#testing/gpu-suite-chunks.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';
import { randomData, randomParameters } from '#testing/small-gpu-nets.ts';

describeGpuExecutor('webgpu', createWebgpuExecutor, () => webgpu().bufferManager.numBytesAllocated);

it.each([
  // gather, 4 layers, 2 pools, loss, 4 weight gradients, 3 input gradients, 2 pool gradients, update
  ['cnn-adam', 18],
  // Forward: gather, 9 convolutions, 9 times statistics and 9 norms (3 with the addition behind them), pool, dense.
  // Backward: loss, 10 weight gradients, 9 input gradients, pool, 9 times sums and 9 norms; update.
  ['resnet-sgd', 70],
])('queues as many dispatches for three members as for one: %s', async (fixture, expected) => {
  const { program, data, optimizer } = PYTORCH_FIXTURES.find(({ name }) => name === fixture)!;
  const created = await createWebgpuExecutor();
  if (!created.ok) throw new Error(created.problem.message);
  created.value.load(data);
  const dispatchWorkgroups = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  const createComputePipeline = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
  const counts = [1, 3].map((members) => {
    const parameters = new Float32Array(members * program.parameterCount);
    const chunk = created.value.createChunk({ program, members, batchSize: 4, optimizer, parameters });
    dispatchWorkgroups.mockClear();
    createComputePipeline.mockClear();
    chunk.step(new Int32Array(members * 4), new Float32Array(members));
    const { length } = dispatchWorkgroups.mock.calls;
    chunk.dispose();
    return length;
  });
  expect(counts).toEqual([expected, expected]);
  expect(createComputePipeline).not.toHaveBeenCalled(); // three members run what was compiled for one
  dispatchWorkgroups.mockRestore();
  createComputePipeline.mockRestore();
  created.value.dispose();
});

it('trains bitwise the same in each of its ways to share out the work', async () => {
  const created = await createWebgpuExecutor();
  if (!created.ok) throw new Error(created.problem.message);
  const { value: executor } = created;
  const program = buildProgram({ kind: 'cnn-small', filters: [5], dense: [] }, [6, 6, 1], 2);
  executor.load(randomData(program, 3, 7));
  const parameters = Float32Array.from(randomParameters(program, 1));
  const trained: Float32Array[] = [];
  for (const name of executor.variants!.names) {
    executor.variants!.use(name);
    const chunk = executor.createChunk({ program, members: 1, batchSize: 3, optimizer: SGD, parameters });
    for (let step = 0; step < 2; step++) chunk.step(Int32Array.of(0, 2, 1), Float32Array.of(0.1));
    trained.push(await chunk.parameters());
    chunk.dispose();
  }
  expect(trained).toHaveLength(3);
  expect(trained[0]).not.toEqual(parameters);
  for (const other of trained) expect(other).toEqual(trained[0]);
  expect(() => {
    executor.variants!.use('another');
  }).toThrow(RangeError);
  executor.dispose();
});

// Both end the executor's life, and the second the device's: they stand last.
it('rejects what is awaited after the device reported an error', async () => {
  const chunk = await startedChunk(createWebgpuExecutor);
  const { device } = webgpu();
  device.createBuffer({ size: 4, usage: 0xffff }); // not a usage
  await expect(chunk.parameters()).rejects.toMatchObject({ problem: { code: 'gpu-invalid' } });
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
