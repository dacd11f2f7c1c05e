import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Arrival, Extent, Residual } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type BatchNormLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgpu/kernels/arrival.ts';
import { reduction } from '#engine/executors/webgpu/kernels/reduction.ts';
import { dispatch, quads, relued, TEAM } from '#engine/executors/webgpu/runner.ts';
import { BATCH_NORM_EPSILON } from '#engine/model/program.ts';

/**
 * Where a step keeps a layer's rows, each [channel quad]: gradient of scale, gradient of shift, batch mean, batch variance
 * (unbiased); those of member p from quad `first` x members + p x layer.quads of the array on.
 */
export interface KeptRows {
  readonly array: TensorInfo;
  readonly first: number;
}

/** A layer's sizes are uniforms, as its kernels are bound by memory: one pipeline serves all layers. */
const sizes = (extent: Extent, { op, offset }: BatchNormLayer, first: number): Record<string, number> => ({
  depth: quadsFor(op.out[2]),
  count: extent.examples * op.out[0] * op.out[1], // values of a channel
  members: extent.members,
  memberQuads: extent.quads,
  offset,
  first,
});
const SIZES = `let depth = uniforms.depth; let count = uniforms.count;`;

/** Mean and 1 / sqrt(variance + epsilon) of channel quad c from the kept rows in `array`. */
const standardize = (array: string): string => `
  let block = uniforms.first * uniforms.members + p * 4 * depth + c;
  let mean = ${array}[block + 2 * depth];
  let biased = ${array}[block + 3 * depth] * (f32(count - 1) / f32(count));
  let inverse = 1.0 / sqrt(biased + ${BATCH_NORM_EPSILON});`;

/** Mean and variance of every channel over the batch, in place: two rounds through the values by a team a channel quad, so that nothing cancels. */
export function measure(
  backend: WebGPUBackend,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  kept: KeptRows,
): void {
  dispatch(backend, {
    key: 'batchMeasure',
    inputs: { Input: quads(input) },
    ints: sizes(extent, layer, kept.first),
    team: true,
    threads: quadsFor(layer.op.out[2]) * TEAM,
    rows: extent.members,
    output: kept.array,
    functions: () => reduction('total', 'a + b'),
    code: () => `
      ${SIZES} let c = group; let start = p * count * depth + c;
      var sum = vec4<f32>(0.0);
      for (var k = lane; k < count; k += ${TEAM}) { sum += Input[start + k * depth]; }
      let mean = total(lane, sum) / f32(count);
      sum = vec4<f32>(0.0);
      for (var k = lane; k < count; k += ${TEAM}) { let d = Input[start + k * depth] - mean; sum += d * d; }
      let variance = total(lane, sum) / f32(max(count - 1, 1));
      let block = uniforms.first * uniforms.members + p * 4 * depth + c;
      if (leads) { result[block + 2 * depth] = mean; result[block + 3 * depth] = variance; }`,
  });
}

/** Batch norm with the kept statistics, or the running ones of the state where `kept` is null; then the residual and the relu. A thread makes one quad. */
export function batchNorm(
  backend: WebGPUBackend,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  state: TensorInfo,
  kept: KeptRows | null,
  residual: Residual | null,
): TensorInfo {
  const perMember = extent.examples * shapeQuads(layer.op.out);
  const relu = residual ? residual.relu : layer.op.relu;
  return dispatch(backend, {
    key: `batchNorm_${kept !== null}_${residual !== null}_${relu}`,
    inputs: {
      Input: quads(input),
      State: quads(state),
      ...(kept ? { Kept: quads(kept.array) } : {}),
      ...(residual ? { Residual: quads(residual.values) } : {}),
    },
    ints: sizes(extent, layer, kept?.first ?? 0),
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    code: () => `
      ${SIZES} if (i >= count * depth) { return; }
      let c = i % depth; let at = p * count * depth + i;
      let parameters = p * uniforms.memberQuads + uniforms.offset + c;
      ${
        kept
          ? standardize('Kept')
          : `let mean = State[parameters + 2 * depth]; let inverse = 1.0 / sqrt(State[parameters + 3 * depth] + ${BATCH_NORM_EPSILON});`
      }
      var y = State[parameters] * ((Input[at] - mean) * inverse) + State[parameters + depth];
      ${residual ? 'y += Residual[at];' : ''}
      result[at] = ${relu ? relued('y') : 'y'};`,
  });
}

/** Gradients of scale and shift, in place, from the gradient behind the norm: a team sums a channel quad. */
export function batchNormSums(
  backend: WebGPUBackend,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  delta: TensorInfo,
  kept: KeptRows,
): void {
  dispatch(backend, {
    key: 'batchNormSums',
    inputs: { Input: quads(input), Delta: quads(delta) },
    ints: sizes(extent, layer, kept.first),
    team: true,
    threads: quadsFor(layer.op.out[2]) * TEAM,
    rows: extent.members,
    output: kept.array,
    functions: () => reduction('total', 'a + b', 'mat2x4<f32>'),
    code: () => `
      ${SIZES} let c = group; let start = p * count * depth + c;
      ${standardize('result')}
      var scale = vec4<f32>(0.0); var shift = vec4<f32>(0.0);
      for (var k = lane; k < count; k += ${TEAM}) {
        let at = start + k * depth; let d = Delta[at];
        scale += d * ((Input[at] - mean) * inverse); shift += d;
      }
      let sums = total(lane, mat2x4<f32>(scale, shift));
      if (leads) { result[block] = sums[0]; result[block + depth] = sums[1]; }`,
  });
}

/** Gradient of the norm's input from the kept sums: scale / deviation x (delta - mean of delta - x^ mean of (delta x^)). */
export function batchNormInputGradient(
  backend: WebGPUBackend,
  extent: Extent,
  layer: BatchNormLayer,
  input: TensorInfo,
  delta: TensorInfo,
  state: TensorInfo,
  kept: KeptRows,
  arrival: Arrival,
): TensorInfo {
  const perMember = extent.examples * shapeQuads(layer.op.out);
  const arrive = arriving(arrival);
  return dispatch(backend, {
    key: `batchNormInputGradient_${arrive.key}`,
    inputs: {
      Input: quads(input),
      Delta: quads(delta),
      State: quads(state),
      Kept: quads(kept.array),
      ...arrive.inputs,
    },
    ints: { ...sizes(extent, layer, kept.first), ...arrive.ints },
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    functions: () => arrive.functions,
    code: () => `
      ${SIZES} if (i >= count * depth) { return; }
      let c = i % depth; let at = p * count * depth + i;
      ${standardize('Kept')}
      let standard = (Input[at] - mean) * inverse;
      var d = State[p * uniforms.memberQuads + uniforms.offset + c] * inverse
        * (Delta[at] - (Kept[block + depth] + standard * Kept[block]) / f32(count));
      ${arrive.apply('d', 'at', 'p')}
      result[at] = d;`,
  });
}
