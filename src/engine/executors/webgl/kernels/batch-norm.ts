import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Arrival, Extent, Residual } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type BatchNormLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgl/kernels/arrival.ts';
import { draw, RELU, type Draw } from '#engine/executors/webgl/runner.ts';
import { BATCH_NORM_EPSILON } from '#engine/model/program.ts';

/**
 * A layer's sizes are uniforms, as its kernels are bound by memory: one program serves all layers. Sums over the batch are
 * made in slices, of the square root of the `count` values of a channel each, and then over the slices.
 */
function sizes(extent: Extent, { op, offset }: BatchNormLayer) {
  const count = extent.examples * op.out[0] * op.out[1];
  const perSlice = Math.ceil(Math.sqrt(count));
  const slices = Math.ceil(count / perSlice);
  const depth = quadsFor(op.out[2]);
  return {
    ints: { depth, count, perSlice, slices, members: extent.members, memberQuads: extent.quads, offset },
    floats: { share: 1 / count, biased: (count - 1) / count }, // of a variance that is unbiased
  };
}

/** Mean and 1 / sqrt(variance + epsilon) of channel quad c of member p from statistics as `measure` gives them. */
const STANDARDIZE = `
  int means = p * 2 * depth + c;
  vec4 mean = quad(Statistics, means);
  vec4 inverse = 1. / sqrt(quad(Statistics, means + depth) * biased + ${BATCH_NORM_EPSILON});`;

/** Draws that reduce a layer: each fragment makes one of two rows, of channel quad c of member p, over `n` values from quad `start` on, `depth` apart. */
function sliced(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: BatchNormLayer,
  run: Pick<Draw, 'name' | 'inputs' | 'code'>,
): TensorInfo {
  const { ints } = sizes(extent, layer);
  return draw(backend, {
    ...run,
    ...sizes(extent, layer),
    quads: ints.slices * extent.members * 2 * ints.depth,
    code: `
      int c = i % depth; int t = i / depth; int row = t % 2; t /= 2; int s = t / members; int p = t - s * members;
      int n = min(perSlice, count - s * perSlice); int start = (p * count + s * perSlice) * depth + c;
      ${run.code}`,
  });
}

/**
 * Mean and unbiased variance of every channel over the batch, [member, 2, channel quad] (biased where there is only one value).
 * The first draw finds mean and sum of squared distances from it of each slice, so that nothing cancels; the second puts
 * the slices together (Chan et al. 1979). Means are counted from a first value, so that one value is its own mean exactly.
 */
export function measure(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
): TensorInfo {
  const parts = sliced(backend, extent, layer, {
    name: 'batchNormMeasureSlices',
    inputs: { Input: input },
    code: `
      vec4 first = quad(Input, start); vec4 sum = vec4(0.);
      for (int k = 1; k < n; k++) sum += quad(Input, start + k * depth) - first;
      vec4 mean = first + sum / float(n);
      result = mean;
      if (row == 1) {
        result = vec4(0.);
        for (int k = 0; k < n; k++) { vec4 d = quad(Input, start + k * depth) - mean; result += d * d; }
      }`,
  });
  const { ints } = sizes(extent, layer);
  const statistics = draw(backend, {
    name: 'batchNormMeasure',
    inputs: { Parts: parts },
    ints,
    quads: extent.members * 2 * ints.depth,
    code: `
      int c = i % depth; int t = i / depth; int row = t % 2; int p = t / 2; int means = p * 2 * depth + c;
      int slice = members * 2 * depth; vec4 first = quad(Parts, means);
      for (int s = 1; s < slices; s++)
        result += float(min(perSlice, count - s * perSlice)) * (quad(Parts, s * slice + means) - first);
      result = first + result / float(count);
      if (row == 1) {
        vec4 mean = result; result = vec4(0.);
        for (int s = 0; s < slices; s++) {
          vec4 d = quad(Parts, s * slice + means) - mean;
          result += quad(Parts, s * slice + i) + float(min(perSlice, count - s * perSlice)) * d * d;
        }
        result /= float(max(count - 1, 1));
      }`,
  });
  backend.disposeData(parts.dataId);
  return statistics;
}

/** Batch norm with the given statistics, or the running ones of the state where they are null; then the residual and the relu. A fragment makes one quad. */
export function batchNorm(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  state: TensorInfo,
  statistics: TensorInfo | null,
  residual: Residual | null,
): TensorInfo {
  const relu = residual ? residual.relu : layer.op.relu;
  return draw(backend, {
    name: 'batchNorm',
    inputs: {
      Input: input,
      State: state,
      ...(statistics ? { Statistics: statistics } : {}),
      ...(residual ? { Residual: residual.values } : {}),
    },
    ...sizes(extent, layer),
    quads: extent.members * extent.examples * shapeQuads(layer.op.out),
    code: `
      int c = i % depth; int p = i / (depth * count); int parameters = p * memberQuads + offset + c;
      ${
        statistics
          ? STANDARDIZE
          : `vec4 mean = quad(State, parameters + 2 * depth);
             vec4 inverse = 1. / sqrt(quad(State, parameters + 3 * depth) + ${BATCH_NORM_EPSILON});`
      }
      result = quad(State, parameters) * ((quad(Input, i) - mean) * inverse) + quad(State, parameters + depth);
      ${residual ? 'result += quad(Residual, i);' : ''}
      ${relu ? RELU : ''}`,
  });
}

/** Gradients of scale and shift, [member, 2, channel quad], from the gradient behind the norm. */
export function batchNormSums(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  delta: TensorInfo,
  statistics: TensorInfo,
): TensorInfo {
  const parts = sliced(backend, extent, layer, {
    name: 'batchNormSumSlices',
    inputs: { Input: input, Delta: delta, Statistics: statistics },
    code: `
      ${STANDARDIZE}
      for (int k = 0; k < n; k++) {
        vec4 d = quad(Delta, start + k * depth);
        if (row == 0) d *= (quad(Input, start + k * depth) - mean) * inverse;
        result += d;
      }`,
  });
  const { slices, depth } = sizes(extent, layer).ints;
  const sums = draw(backend, {
    name: 'batchNormSums',
    inputs: { Parts: parts },
    ints: { slices },
    quads: extent.members * 2 * depth,
    code: 'for (int s = 0; s < slices; s++) result += quad(Parts, s * outputQuads + i);',
  });
  backend.disposeData(parts.dataId);
  return sums;
}

/** Gradient of the norm's input from the sums: scale / deviation x (delta - mean of delta - x^ mean of (delta x^)). */
export function batchNormInputGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  delta: TensorInfo,
  state: TensorInfo,
  statistics: TensorInfo,
  sums: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const arrive = arriving(arrival);
  const { ints, floats } = sizes(extent, layer);
  return draw(backend, {
    name: 'batchNormInputGradient',
    inputs: { Input: input, Delta: delta, State: state, Statistics: statistics, Sums: sums, ...arrive.inputs },
    ints: { ...ints, ...arrive.ints },
    floats,
    quads: extent.members * extent.examples * shapeQuads(layer.op.out),
    functions: arrive.functions,
    code: `
      int c = i % depth; int p = i / (depth * count);
      ${STANDARDIZE}
      vec4 standard = (quad(Input, i) - mean) * inverse;
      vec4 ofMeans = (quad(Sums, means + depth) + standard * quad(Sums, means)) * share;
      result = quad(State, p * memberQuads + offset + c) * inverse * (quad(Delta, i) - ofMeans);
      ${arrive.apply('p')}`,
  });
}
