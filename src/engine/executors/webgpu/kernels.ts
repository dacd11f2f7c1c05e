import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { TrainingData } from '#engine/executors/executor.ts';
import type { DeviceFailure } from '#engine/executors/gpu/failure.ts';
import {
  gradientSlices,
  type Arrival,
  type LossSpec,
  type UpdateSpec,
  type Extent,
  type Gradients,
  type Kernels,
  type ResidentData,
} from '#engine/executors/gpu/kernels.ts';
import { quadsFor, type BlockLayer, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { convInputGradient } from '#engine/executors/webgpu/kernels/conv-input-gradient.ts';
import { conv } from '#engine/executors/webgpu/kernels/conv.ts';
import { gather } from '#engine/executors/webgpu/kernels/gather.ts';
import { maxPool, maxPoolGradient } from '#engine/executors/webgpu/kernels/max-pool.ts';
import { quantizeDynamic, quantizeFixed } from '#engine/executors/webgpu/kernels/quantize.ts';
import { range } from '#engine/executors/webgpu/kernels/range.ts';
import { meanLoss, softmaxGradient } from '#engine/executors/webgpu/kernels/softmax.ts';
import { rebase, update, type GradientBlock } from '#engine/executors/webgpu/kernels/update.ts';
import { weightGradient, weightGradientThreads } from '#engine/executors/webgpu/kernels/weight-gradient.ts';

/** Threads that one member's weight gradient should at least keep busy. */
const WANTED_THREADS = 4096;

/** The kernels on tfjs's WebGPU backend. */
export function webgpuKernels(backend: WebGPUBackend, failure: DeviceFailure): Kernels {
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
    gather: (extent, resident, indices, shape) => {
      if (indices.views !== null) throw missing('views of examples');
      return gather(backend, extent, resident, indices, shape);
    },
    conv: (extent, layer, ...args) => {
      if (!layer.bias) throw missing('convolutions without bias');
      return conv(backend, extent, layer, ...args);
    },
    convInputGradient: (extent, layer, delta, state, arrival) =>
      convInputGradient(backend, extent, layer, delta, state, plainRelu(arrival)),
    maxPoolGradient: (extent, layer, input, delta, arrival) =>
      maxPoolGradient(backend, extent, layer, input, delta, plainRelu(arrival) !== null),
    averagePool: () => {
      throw missing('average pools');
    },
    averagePoolGradient: () => {
      throw missing('average pools');
    },
    batchNorm: () => {
      throw missing('batch norm');
    },
    add: () => {
      throw missing('residual additions');
    },
    passGradient: () => {
      throw missing('residual additions');
    },
    lossGradient: (extent, loss, logits, resident, indices) =>
      softmaxGradient(backend, extent, plainClasses(loss), logits, resident.labels, indices),
    meanLoss: (extent, loss, logits, resident, indices) =>
      meanLoss(backend, extent, plainClasses(loss), logits, resident.labels, indices),
    quantizeWeights: () => {
      throw missing('fake quantization');
    },
    fakeQuantize: () => {
      throw missing('fake quantization');
    },
    moveRanges: () => {
      throw missing('fake quantization');
    },
    createGradients: (extent, layers) => createGradients(backend, extent, layers.map(weighted)),
    maxPool: (...args) => maxPool(backend, ...args),
    rebase: (...args) => rebase(backend, ...args),
    range: (...args) => range(backend, ...args),
    quantizeFixed: (...args) => quantizeFixed(backend, ...args),
    quantizeDynamic: (...args) => quantizeDynamic(backend, ...args),
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
  layers: readonly WeightedLayer[],
  examples: number,
): { readonly blocks: readonly GradientBlock[]; readonly quads: number } {
  let first = 0;
  const blocks = layers.map((layer) => {
    const slices = gradientSlices(layer, examples, weightGradientThreads(layer.geometry), WANTED_THREADS);
    const block = { layer, slices, first };
    first += slices * layer.quads;
    return block;
  });
  return { blocks, quads: first };
}

function createGradients(
  backend: WebGPUBackend,
  { members, examples }: Extent,
  layers: readonly WeightedLayer[],
): Gradients {
  const { blocks, quads } = gradientBlocks(layers, examples);
  const array = backend.makeTensorInfo([members * quads * 4], 'float32');
  return {
    compute: (extent, layer, input, delta) => {
      const block = blocks.find((candidate) => candidate.layer === layer)!;
      weightGradient(backend, extent, layer, input, delta, block.slices, block.first * members, array);
    },
    update: (extent, spec, state) => (plainUpdate(spec), update(backend, extent, spec, blocks, array, state)),
    measure: () => {
      throw missing('batch norm');
    },
    batchNorm: () => {
      throw missing('batch norm');
    },
    batchNormGradient: () => {
      throw missing('batch norm');
    },
    dispose: () => {
      backend.disposeData(array.dataId);
    },
  };
}

const missing = (what: string): Error => new Error(`The WebGPU executor cannot do ${what} yet.`);

function plainRelu({ addend, gate }: Arrival): TensorInfo | null {
  if (addend) throw missing('residual additions');
  if (gate?.range) throw missing('fake quantization');
  return gate?.relu === true ? gate.values : null;
}

function plainClasses({ kind, distillation, outputs }: LossSpec): number {
  if (kind !== 'softmax') throw missing('the logistic loss');
  if (distillation) throw missing('distillation');
  return outputs;
}

function weighted(layer: BlockLayer): WeightedLayer {
  if (layer.kind !== 'weighted') throw missing('batch norm');
  return layer;
}

function plainUpdate({ optimizer, maskedWeights }: UpdateSpec): void {
  if ((optimizer.weightDecay ?? 0) !== 0) throw missing('weight decay');
  if (maskedWeights !== 'kept') throw missing('masks that zero their weights');
}
