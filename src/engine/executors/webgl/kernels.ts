import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { DeviceFailure } from '#engine/executors/gpu/failure.ts';
import {
  gradientSlices,
  type Arrival,
  type Extent,
  type Gradients,
  type Kernels,
  type LossSpec,
  type UpdateSpec,
} from '#engine/executors/gpu/kernels.ts';
import { quadsFor, type BlockLayer, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { convInputGradient } from '#engine/executors/webgl/kernels/conv-input-gradient.ts';
import { conv } from '#engine/executors/webgl/kernels/conv.ts';
import { gather, packBytes } from '#engine/executors/webgl/kernels/gather.ts';
import { maxPool, maxPoolGradient } from '#engine/executors/webgl/kernels/max-pool.ts';
import { quantizeDynamic, quantizeFixed } from '#engine/executors/webgl/kernels/quantize.ts';
import { range } from '#engine/executors/webgl/kernels/range.ts';
import { meanLoss, softmaxGradient } from '#engine/executors/webgl/kernels/softmax.ts';
import { rebase, update, type LayerGradient } from '#engine/executors/webgl/kernels/update.ts';
import { weightGradient } from '#engine/executors/webgl/kernels/weight-gradient.ts';

/** Fragments that one member's weight gradient should at least keep busy. */
const WANTED_FRAGMENTS = 16384;

/** The kernels on tfjs's WebGL backend. */
export function webglKernels(backend: MathBackendWebGL, failure: DeviceFailure): Kernels {
  const { gl } = backend.gpgpu;
  const upload = (values: Float32Array): TensorInfo => {
    const quads = Math.max(1, quadsFor(values.length));
    const padded = new Float32Array(quads * 4);
    padded.set(values);
    return backend.makeTensorInfo([quads, 2, 2], 'float32', padded);
  };
  return {
    upload,
    release: (array) => {
      backend.disposeData(array.dataId);
    },
    read: async (array) => {
      if (gl.isContextLost()) failure.report('The WebGL context was lost.');
      if (gl.getError() === gl.OUT_OF_MEMORY) failure.report('The GPU ran out of memory.');
      const values = await failure.guard(() => backend.read(array.dataId));
      if (!(values instanceof Float32Array)) throw new TypeError('The GPU gave back something other than floats.');
      return values;
    },
    loadData: ({ inputs, labels }) => ({
      encoding: inputs.kind,
      inputs: upload(inputs.kind === 'bytes' ? packBytes(inputs.data) : inputs.data),
      labels: upload(Float32Array.from(labels)),
      examples: labels.length,
    }),
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

/** Most weighted layers: an update samples every gradient, the state, the mask and the learning rates in one draw. */
export const mostLayers = (backend: MathBackendWebGL): number => {
  const { gl } = backend.gpgpu;
  return Number(gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS)) - 3;
};

/** Slices of a layer's gradient. */
export const layerSlices = (layer: WeightedLayer, examples: number): number =>
  gradientSlices(layer, examples, layer.quads, WANTED_FRAGMENTS);

function createGradients(backend: MathBackendWebGL, { examples }: Extent, layers: readonly WeightedLayer[]): Gradients {
  if (layers.length > mostLayers(backend))
    throw new RangeError(`WebGL trains at most ${String(mostLayers(backend))} layers with weights on this device.`);
  let computed: LayerGradient[] = [];
  const release = (): void => {
    for (const { array } of computed) backend.disposeData(array.dataId);
    computed = [];
  };
  return {
    compute: (extent, layer, input, delta) => {
      const slices = layerSlices(layer, examples);
      computed.push({ layer, slices, array: weightGradient(backend, extent, layer, input, delta, slices) });
    },
    update: (extent, spec, state) => {
      plainUpdate(spec);
      const next = update(backend, extent, spec, computed, state);
      release();
      return next;
    },
    measure: () => {
      throw missing('batch norm');
    },
    batchNorm: () => {
      throw missing('batch norm');
    },
    batchNormGradient: () => {
      throw missing('batch norm');
    },
    dispose: release,
  };
}

const missing = (what: string): Error => new Error(`The WebGL executor cannot do ${what} yet.`);

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
