import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { gradientSlices, type Extent, type Gradients } from '#engine/executors/gpu/kernels.ts';
import {
  kernelRows,
  quadsFor,
  type BatchNormLayer,
  type BlockLayer,
  type WeightedLayer,
} from '#engine/executors/gpu/layout.ts';
import {
  batchNorm,
  batchNormInputGradient,
  batchNormSums,
  measure,
} from '#engine/executors/webgl/kernels/batch-norm.ts';
import { collect, MOST_SOURCES, update, type GradientSource } from '#engine/executors/webgl/kernels/update.ts';
import { SAMPLERS } from '#engine/executors/webgl/runner.ts';
import { weightGradient } from '#engine/executors/webgl/kernels/weight-gradient.ts';

/** Fragments that one member's weight gradient should at least keep busy. */
const WANTED_FRAGMENTS = 16384;

const layerSlices = (layer: WeightedLayer, examples: number): number =>
  gradientSlices(layer, examples, layer.quads, WANTED_FRAGMENTS);

/** Quads of one member that a step leaves behind until its update. */
export const gradientQuads = (layers: readonly BlockLayer[], examples: number): number =>
  layers.reduce((sum, layer) => sum + layer.quads * (layer.kind === 'weighted' ? layerSlices(layer, examples) : 1), 0);

/**
 * What a step leaves behind: WebGL has no draw that adds to an array, so that every gradient is an array of its own, and an
 * update may sample only so many of them; what goes beyond is collected first.
 */
export function createGradients(backend: MathBackendWebGL, { examples }: Extent): Gradients {
  let sources: GradientSource[] = [];
  const statistics = new Map<BatchNormLayer, TensorInfo>();
  const release = (given: readonly GradientSource[]): void => {
    for (const { array } of given) backend.disposeData(array.dataId);
  };
  const forget = (): void => {
    release(sources);
    sources = [];
    statistics.clear();
  };
  return {
    compute: (extent, layer, input, delta) => {
      const slices = layerSlices(layer, examples);
      const kernelQuads = kernelRows(layer.geometry) * quadsFor(layer.geometry.filters);
      const { offset } = layer;
      sources.push({
        array: weightGradient(backend, extent, layer, input, delta, slices),
        slices,
        parts: [
          { offset, quads: kernelQuads, role: 'kernel' },
          { offset: offset + kernelQuads, quads: layer.quads - kernelQuads, role: 'vector' },
        ],
      });
    },
    measure: (extent, layer, input) => {
      const quads = layer.quads / 2;
      const array = measure(backend, extent, layer, input);
      statistics.set(layer, array);
      sources.push({ array, slices: 1, parts: [{ offset: layer.offset + quads, quads, role: 'statistics' }] });
    },
    batchNorm: (extent, layer, input, state, residual) =>
      batchNorm(backend, extent, layer, input, state, statistics.get(layer)!, residual),
    batchNormGradient: (extent, layer, input, delta, state, arrival) => {
      const measured = statistics.get(layer)!;
      const array = batchNormSums(backend, extent, layer, input, delta, measured);
      sources.push({ array, slices: 1, parts: [{ offset: layer.offset, quads: layer.quads / 2, role: 'vector' }] });
      return arrival && batchNormInputGradient(backend, extent, layer, input, delta, state, measured, array, arrival);
    },
    update: (extent, spec, state) => {
      while (sources.length > MOST_SOURCES) {
        const some = sources.slice(0, SAMPLERS);
        const collected = collect(backend, extent, some);
        release(some);
        sources = [...sources.slice(SAMPLERS), collected];
      }
      const next = update(backend, extent, spec, sources, state);
      forget();
      return next;
    },
    dispose: forget,
  };
}
