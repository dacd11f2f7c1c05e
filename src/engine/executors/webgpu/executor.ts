import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Executor } from '#engine/executors/executor.ts';
import { createGpuExecutor } from '#engine/executors/gpu/executor.ts';
import { createDeviceFailure } from '#engine/executors/gpu/failure.ts';
import { membersThatFit } from '#engine/executors/gpu/limits.ts';
import { layoutOf } from '#engine/executors/gpu/layout.ts';
import { isSoftware } from '#engine/executors/gpu/software.ts';
import { gradientBlocks, webgpuKernels } from '#engine/executors/webgpu/kernels.ts';
import { pixelBlocks } from '#engine/executors/webgpu/kernels/pixel-blocks.ts';
import { fail, ok, type Result } from '#lib/result.ts';

/** Memory that a chunk may take: a judgement, as browsers do not tell how much there is. */
const BUDGET_BYTES = 512 * 2 ** 20;
const BYTES_PER_QUAD = 16;

/**
 * The executor on tfjs's WebGPU backend. Fails with a sentence where the browser has no WebGPU, finds no adapter or tfjs
 * cannot start on it. Works in a page and in a worker.
 */
export async function createWebgpuExecutor(): Promise<Result<Executor>> {
  // Typed as always there, but missing in older browsers and in insecure contexts.
  const gpu = (navigator as { readonly gpu?: GPU }).gpu;
  if (!gpu) return fail('no-webgpu', 'This browser has no WebGPU.');
  let adapter: GPUAdapter | null;
  let started: boolean;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return fail('no-adapter', 'WebGPU found no graphics adapter.');
    started = await tf.setBackend('webgpu');
  } catch (error) {
    return fail(
      'webgpu-failed',
      `WebGPU could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const backend = tf.backend();
  if (!started || !(backend instanceof WebGPUBackend))
    return fail('webgpu-failed', 'WebGPU is there, but tfjs could not start its backend on it.');

  const failure = createDeviceFailure();
  const { device } = backend;
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event;
    if (error instanceof GPUOutOfMemoryError)
      failure.report('gpu-memory', `The GPU ran out of memory: ${error.message}`);
    else if (error instanceof GPUValidationError)
      failure.report('gpu-invalid', `The GPU refused a command: ${error.message}`);
    else failure.report('gpu-lost', `The GPU failed: ${error.message}`);
  });
  void device.lost.then((info) => {
    failure.report('gpu-lost', `The GPU was lost (${info.reason}): ${info.message}`);
  });

  const { variants, current } = pixelBlocks();
  const { info } = adapter;
  const names = [info.vendor, info.architecture, info.device, info.description].filter((name) => name !== '');
  const detail = names.length > 0 ? names.join(' ') : 'unnamed adapter';
  return ok(
    createGpuExecutor({
      backend: 'webgpu',
      detail,
      software: isSoftware(detail) || info.isFallbackAdapter,
      variants,
      kernels: webgpuKernels(backend, failure, current),
      maxMembers: (program, batchSize) =>
        membersThatFit(program, batchSize, gradientBlocks(layoutOf(program).blocks, batchSize).quads, {
          arrayQuads: device.limits.maxStorageBufferBindingSize / BYTES_PER_QUAD,
          budgetBytes: BUDGET_BYTES,
        }),
      allocated: () => tf.memory().numTensors + backend.numDataIds(),
      trim: () => {
        destroyFreeBuffers(backend);
      },
    }),
  );
}

/**
 * tfjs keeps the buffers it no longer uses, by exact size and for ever, so that chunks of different sizes would pile up. Its
 * list of them is private; taking a buffer from it and giving it back not to be kept is not.
 */
function destroyFreeBuffers(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue(); // work in the queue still names them
  const manager = backend.bufferManager;
  const { freeBuffers } = manager as unknown as { readonly freeBuffers: ReadonlyMap<string, readonly GPUBuffer[]> };
  for (const { size, usage } of [...freeBuffers.values()].flat())
    manager.releaseBuffer(manager.acquireBuffer(size, usage), false);
}
