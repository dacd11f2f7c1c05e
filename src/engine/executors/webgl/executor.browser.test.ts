import { backend, memory } from '@tensorflow/tfjs-core';
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { expect, it, vi } from 'vitest';
import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { describeGpuExecutor, startedChunk } from '#testing/gpu-executor-suite.ts';
import { randomBytes } from '#testing/small-gpu-nets.ts';

describeGpuExecutor('webgl', createWebglExecutor, () =>
  Number((memory() as { numBytesInGPUAllocated?: number }).numBytesInGPUAllocated),
);

// gather, 4 layers, 2 pools, loss, 4 weight gradients, 3 input gradients, 2 pool gradients, update
const CNN_SMALL = buildProgram({ kind: 'cnn-small', filters: [4, 8], dense: [8] }, [8, 8, 1], 2);
// Forward: gather, 9 convolutions, 9 times statistics in two draws and 9 norms (3 with the addition behind them),
// pool, dense. Backward: loss, 10 weight gradients, 9 input gradients, pool, 9 times sums in two draws and 9 norms; collecting
// 16 of 28 gradients and statistics, update.
const RESNET_8 = buildProgram({ kind: 'resnet-8', filters: [4, 8, 8], blocks: 1 }, [8, 8, 3], 2);

it.each([
  ['cnn-small', CNN_SMALL, 18],
  ['resnet-8', RESNET_8, 89],
])('draws as often for three members as for one, with the same shaders: %s', async (_, program, expected) => {
  const created = await createWebglExecutor();
  if (!created.ok) throw new Error(created.problem.message);
  created.value.load(randomBytes(program, 4, 1));
  const drawElements = vi.spyOn(WebGL2RenderingContext.prototype, 'drawElements');
  const linkProgram = vi.spyOn(WebGL2RenderingContext.prototype, 'linkProgram');
  const counts = [1, 3].map((members) => {
    const parameters = new Float32Array(members * program.parameterCount);
    const optimizer = { kind: 'sgd', momentum: 0.9 } as const;
    const chunk = created.value.createChunk({ program, members, batchSize: 4, optimizer, parameters });
    const step = (): void => {
      chunk.step(new Int32Array(members * 4), new Float32Array(members));
    };
    drawElements.mockClear();
    step();
    const { length } = drawElements.mock.calls;
    chunk.dispose();
    if (members === 1) linkProgram.mockClear();
    return length;
  });
  expect(counts).toEqual([expected, expected]);
  expect(linkProgram).not.toHaveBeenCalled();
  drawElements.mockRestore();
  linkProgram.mockRestore();
  created.value.dispose();
});

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
