import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { TrainingData } from '#engine/executors/executor.ts';
import type { DeviceFailure } from '#engine/executors/gpu/failure.ts';
import {
  gradientSlices,
  type Extent,
  type Gradients,
  type Kernels,
  type ResidentData,
} from '#engine/executors/gpu/kernels.ts';
import { quadsFor, type BatchNormLayer, type BlockLayer } from '#engine/executors/gpu/layout.ts';
import { averagePool, averagePoolGradient } from '#engine/executors/webgpu/kernels/average-pool.ts';
import {
  batchNorm,
  batchNormInputGradient,
  batchNormSums,
  measure,
  type KeptRows,
} from '#engine/executors/webgpu/kernels/batch-norm.ts';
import { convInputGradient } from '#engine/executors/webgpu/kernels/conv-input-gradient.ts';
import { conv } from '#engine/executors/webgpu/kernels/conv.ts';
import { add, passGradient } from '#engine/executors/webgpu/kernels/elementwise.ts';
import { gather } from '#engine/executors/webgpu/kernels/gather.ts';
import { lossGradient, meanLoss } from '#engine/executors/webgpu/kernels/loss.ts';
import { maxPool, maxPoolGradient } from '#engine/executors/webgpu/kernels/max-pool.ts';
import type { PixelBlock } from '#engine/executors/webgpu/kernels/pixel-blocks.ts';
import { quantizeWeights } from '#engine/executors/webgpu/kernels/quantize-weights.ts';
import { fakeQuantize, quantizeDynamic, quantizeFixed } from '#engine/executors/webgpu/kernels/quantize.ts';
import { moveRanges, range } from '#engine/executors/webgpu/kernels/range.ts';
import { rebase, update, type GradientBlock } from '#engine/executors/webgpu/kernels/update.ts';
import { weightGradient, weightGradientThreads } from '#engine/executors/webgpu/kernels/weight-gradient.ts';

/** Threads that one member's weight gradient should at least keep busy. */
const WANTED_THREADS = 4096;

/** The kernels on tfjs's WebGPU backend. */
export function webgpuKernels(backend: WebGPUBackend, failure: DeviceFailure, pixels: () => PixelBlock): Kernels {
  const release = (array: TensorInfo): void => {
    backend.disposeData(array.dataId);
  };
  const upload = (values: Float32Array): TensorInfo => {
    const padded = new Float32Array(Math.max(1, quadsFor(values.length)) * 4);
    padded.set(values);
    return backend.makeTensorInfo([padded.length], 'float32', padded);
  };
  return {
    upload,
    release,
    read: async (array) => {
      const values = await failure.guard(() => backend.read(array.dataId));
      if (!(values instanceof Float32Array)) throw new TypeError('The GPU gave back something other than floats.');
      return values;
    },
    loadData: (data) => loadData(backend, data, upload),
    gather: (...args) => gather(backend, ...args),
    conv: (...args) => conv(backend, pixels(), ...args),
    convInputGradient: (...args) => convInputGradient(backend, pixels(), ...args),
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
    createGradients: (extent, layers) => createGradients(backend, extent, layers),
    rebase: (...args) => rebase(backend, ...args),
    range: (...args) => range(backend, ...args),
    quantizeFixed: (...args) => quantizeFixed(backend, ...args),
    quantizeDynamic: (...args) => quantizeDynamic(backend, ...args),
    quantizeWeights: (...args) => quantizeWeights(backend, ...args),
    fakeQuantize: (...args) => fakeQuantize(backend, ...args),
    moveRanges: (...args) => moveRanges(backend, ...args),
  };
}

function loadData(backend: WebGPUBackend, { inputs, labels }: TrainingData, upload: Kernels['upload']): ResidentData {
  const bytes = inputs.data.byteLength;
  if (bytes > backend.device.limits.maxStorageBufferBindingSize)
    throw new RangeError(
      `The dataset takes ${String(bytes)} bytes; this GPU holds at most ${String(backend.device.limits.maxStorageBufferBindingSize)} in one piece.`,
    );
  const resident = { labels: upload(Float32Array.from(labels)), encoding: inputs.kind, examples: labels.length };
  if (inputs.kind === 'floats') return { ...resident, inputs: upload(inputs.data) };
  const words = new Int32Array(Math.max(1, quadsFor(bytes)));
  new Uint8Array(words.buffer).set(inputs.data); // WebGPU machines are little-endian, as the kernel assumes
  return { ...resident, inputs: backend.makeTensorInfo([words.length], 'int32', words) };
}

/** Blocks of all layers' gradients in one array: an update may bind eight arrays at most. */
export function gradientBlocks(
  layers: readonly BlockLayer[],
  examples: number,
): { readonly blocks: readonly GradientBlock[]; readonly quads: number } {
  let first = 0;
  const blocks = layers.map((layer) => {
    const slices =
      layer.kind === 'weighted' ? gradientSlices(layer, examples, weightGradientThreads(layer), WANTED_THREADS) : 1;
    const block = { layer, slices, first };
    first += slices * layer.quads;
    return block;
  });
  return { blocks, quads: first };
}

function createGradients(
  backend: WebGPUBackend,
  { members, examples }: Extent,
  layers: readonly BlockLayer[],
): Gradients {
  const { blocks, quads } = gradientBlocks(layers, examples);
  const array = backend.makeTensorInfo([members * quads * 4], 'float32');
  const blockOf = (layer: BlockLayer): GradientBlock => blocks.find((block) => block.layer === layer)!;
  const kept = (layer: BatchNormLayer): KeptRows => ({ array, first: blockOf(layer).first });
  return {
    compute: (extent, layer, input, delta) => {
      const { slices, first } = blockOf(layer);
      weightGradient(backend, extent, layer, input, delta, slices, first * members, array);
    },
    measure: (extent, layer, input) => {
      measure(backend, extent, layer, input, kept(layer));
    },
    batchNorm: (extent, layer, input, state, residual) =>
      batchNorm(backend, extent, layer, input, state, kept(layer), residual),
    batchNormGradient: (extent, layer, input, delta, state, arrival) => {
      batchNormSums(backend, extent, layer, input, delta, kept(layer));
      return arrival && batchNormInputGradient(backend, extent, layer, input, delta, state, kept(layer), arrival);
    },
    update: (extent, spec, state) => update(backend, extent, spec, blocks, array, state),
    dispose: () => {
      backend.disposeData(array.dataId);
    },
  };
}
