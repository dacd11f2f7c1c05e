import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { TrainingData } from '#engine/executors/executor.ts';
import type { DeviceFailure } from '#engine/executors/gpu/failure.ts';
import type { Kernels, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { createGradients } from '#engine/executors/webgl/gradients.ts';
import { averagePool, averagePoolGradient } from '#engine/executors/webgl/kernels/average-pool.ts';
import { batchNorm } from '#engine/executors/webgl/kernels/batch-norm.ts';
import { convInputGradient } from '#engine/executors/webgl/kernels/conv-input-gradient.ts';
import { conv } from '#engine/executors/webgl/kernels/conv.ts';
import { add, passGradient } from '#engine/executors/webgl/kernels/elementwise.ts';
import { gather, packBytes } from '#engine/executors/webgl/kernels/gather.ts';
import { lossGradient, meanLoss } from '#engine/executors/webgl/kernels/loss.ts';
import { maxPool, maxPoolGradient } from '#engine/executors/webgl/kernels/max-pool.ts';
import { quantizeWeights } from '#engine/executors/webgl/kernels/quantize-weights.ts';
import { fakeQuantize, quantizeDynamic, quantizeFixed } from '#engine/executors/webgl/kernels/quantize.ts';
import { moveRanges, range } from '#engine/executors/webgl/kernels/range.ts';
import { rebase } from '#engine/executors/webgl/kernels/update.ts';
import { ROW_QUADS, upload } from '#engine/executors/webgl/runner.ts';

/** The kernels on tfjs's WebGL backend. */
export function webglKernels(backend: MathBackendWebGL, failure: DeviceFailure): Kernels {
  return {
    upload: (values) => upload(backend, values),
    release: (array) => {
      backend.disposeData(array.dataId);
    },
    read: async (array) => {
      const values = await failure.guard(() => backend.read(array.dataId));
      if (!(values instanceof Float32Array)) throw new TypeError('The GPU gave back something other than floats.');
      return values;
    },
    loadData: (data) => loadData(backend, data),
    gather: (...args) => gather(backend, ...args),
    conv: (...args) => conv(backend, ...args),
    convInputGradient: (...args) => convInputGradient(backend, ...args),
    maxPool: (...args) => maxPool(backend, ...args),
    maxPoolGradient: (...args) => maxPoolGradient(backend, ...args),
    averagePool: (...args) => averagePool(backend, ...args),
    averagePoolGradient: (...args) => averagePoolGradient(backend, ...args),
    batchNorm: (extent, layer, input, state, residual) =>
      batchNorm(backend, extent, layer, input, state, null, residual),
    add: (...args) => add(backend, ...args),
    passGradient: (...args) => passGradient(backend, ...args),
    lossGradient: (...args) => lossGradient(backend, ...args),
    meanLoss: (...args) => meanLoss(backend, ...args),
    createGradients: (extent) => createGradients(backend, extent),
    rebase: (...args) => rebase(backend, ...args),
    range: (...args) => range(backend, ...args),
    quantizeFixed: (...args) => quantizeFixed(backend, ...args),
    quantizeDynamic: (...args) => quantizeDynamic(backend, ...args),
    quantizeWeights: (...args) => quantizeWeights(backend, ...args),
    fakeQuantize: (...args) => fakeQuantize(backend, ...args),
    moveRanges: (...args) => moveRanges(backend, ...args),
  };
}

function loadData(backend: MathBackendWebGL, { inputs, labels }: TrainingData): ResidentData {
  const { gl } = backend.gpgpu;
  const room = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)) * ROW_QUADS * 4; // floats
  const floats = inputs.kind === 'bytes' ? packBytes(inputs.data) : inputs.data;
  if (floats.length > room)
    throw new RangeError(
      `The dataset takes ${String(floats.byteLength)} bytes; this GPU holds at most ${String(room * 4)} in one piece.`,
    );
  return {
    encoding: inputs.kind,
    inputs: upload(backend, floats),
    labels: upload(backend, Float32Array.from(labels)),
    examples: labels.length,
  };
}
