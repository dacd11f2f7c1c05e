import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type PoolLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgpu/kernels/arrival.ts';
import { dispatch, quads } from '#engine/executors/webgpu/runner.ts';

/** Max pool without padding, [member, example, y, x, channel quad]. A thread makes one quad. */
export function maxPool(
  backend: WebGPUBackend,
  extent: Extent,
  { op, windowHeight: size }: PoolLayer,
  input: TensorInfo,
): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return dispatch(backend, {
    key: `maxPool_${op.in.join('_')}_${size}`,
    inputs: { Input: quads(input) },
    ints: { examples: extent.examples },
    threads: extent.examples * shapeQuads(op.out),
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.out),
    code: () => `
      if (i >= uniforms.examples * ${shapeQuads(op.out)}) { return; }
      let c = i % ${depth}; let pixel = i / ${depth};
      let ox = pixel % ${outWidth}; let oy = (pixel / ${outWidth}) % ${outHeight}; let b = pixel / ${outWidth * outHeight};
      let first = (((p * uniforms.examples + b) * ${height} + oy * ${size}) * ${width} + ox * ${size}) * ${depth} + c;
      var largest = Input[first];
      for (var y = 0; y < ${size}; y++) { for (var x = 0; x < ${size}; x++) {
        largest = max(largest, Input[first + (y * ${width} + x) * ${depth}]);
      } }
      result[p * uniforms.examples * ${shapeQuads(op.out)} + i] = largest;`,
  });
}

/**
 * Gradient of a pool's input. A thread looks through one window for the
 * first maximum and writes all of it; windows that the pool dropped are incomplete and get zeros.
 */
export function maxPoolGradient(
  backend: WebGPUBackend,
  extent: Extent,
  { op, windowHeight: size }: PoolLayer,
  input: TensorInfo,
  delta: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  const windowRows = Math.ceil(height / size);
  const windowColumns = Math.ceil(width / size);
  const threads = extent.examples * windowRows * windowColumns * depth;
  const arrive = arriving(arrival);
  return dispatch(backend, {
    key: `maxPoolGradient_${op.in.join('_')}_${size}_${arrive.key}`,
    inputs: { Input: quads(input), Delta: quads(delta), ...arrive.inputs },
    ints: { examples: extent.examples, ...arrive.ints },
    threads,
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.in),
    functions: () => arrive.functions,
    code: () => `
      if (i >= uniforms.examples * ${windowRows * windowColumns * depth}) { return; }
      let c = i % ${depth}; let window = i / ${depth};
      let ox = window % ${windowColumns}; let oy = (window / ${windowColumns}) % ${windowRows};
      let image = p * uniforms.examples + window / ${windowRows * windowColumns};
      let first = ((image * ${height} + oy * ${size}) * ${width} + ox * ${size}) * ${depth} + c;
      var winner = vec4<i32>(-1);
      var d = vec4<f32>(0.0);
      if ((oy < ${outHeight}) & (ox < ${outWidth})) {
        var largest = Input[first];
        winner = vec4<i32>(0);
        for (var y = 0; y < ${size}; y++) { for (var x = 0; x < ${size}; x++) {
          let v = Input[first + (y * ${width} + x) * ${depth}];
          winner = select(winner, vec4<i32>(y * ${size} + x), v > largest);
          largest = max(largest, v);
        } }
        d = Delta[((image * ${outHeight} + oy) * ${outWidth} + ox) * ${depth} + c];
      }
      for (var y = 0; y < ${size}; y++) { for (var x = 0; x < ${size}; x++) {
        if ((oy * ${size} + y < ${height}) & (ox * ${size} + x < ${width})) {
          let at = first + (y * ${width} + x) * ${depth};
          var share = select(vec4<f32>(0.0), d, winner == vec4<i32>(y * ${size} + x));
          ${arrive.apply('share', 'at', 'p')}
          result[at] = share;
        }
      } }`,
  });
}
