import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type PoolLayer } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads } from '#engine/executors/webgpu/runner.ts';

/** Max pool without padding, [member, example, y, x, channel quad]. A thread makes one quad. */
export function maxPool(backend: WebGPUBackend, extent: Extent, { op }: PoolLayer, input: TensorInfo): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return dispatch(backend, {
    key: `maxPool_${op.in.join('_')}_${op.size}`,
    inputs: { Input: quads(input) },
    ints: { examples: extent.examples },
    threads: extent.examples * shapeQuads(op.out),
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.out),
    code: () => `
      if (i >= uniforms.examples * ${shapeQuads(op.out)}) { return; }
      let c = i % ${depth}; let pixel = i / ${depth};
      let ox = pixel % ${outWidth}; let oy = (pixel / ${outWidth}) % ${outHeight}; let b = pixel / ${outWidth * outHeight};
      let first = (((p * uniforms.examples + b) * ${height} + oy * ${op.size}) * ${width} + ox * ${op.size}) * ${depth} + c;
      var largest = Input[first];
      for (var y = 0; y < ${op.size}; y++) { for (var x = 0; x < ${op.size}; x++) {
        largest = max(largest, Input[first + (y * ${width} + x) * ${depth}]);
      } }
      result[p * uniforms.examples * ${shapeQuads(op.out)} + i] = largest;`,
  });
}

/**
 * Gradient of a pool's input, undoing the relu before the pool if there was one. A thread makes one quad of the input's
 * gradient: it looks through the window up to its own pixel and beyond, and takes the gradient if it is the first maximum.
 */
export function maxPoolGradient(
  backend: WebGPUBackend,
  extent: Extent,
  { op }: PoolLayer,
  input: TensorInfo,
  delta: TensorInfo,
  relu: boolean,
): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return dispatch(backend, {
    key: `maxPoolGradient_${op.in.join('_')}_${op.size}_${relu}`,
    inputs: { Input: quads(input), Delta: quads(delta) },
    ints: { examples: extent.examples },
    threads: extent.examples * shapeQuads(op.in),
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.in),
    code: () => `
      if (i >= uniforms.examples * ${shapeQuads(op.in)}) { return; }
      let c = i % ${depth}; let pixel = i / ${depth};
      let x = pixel % ${width}; let y = (pixel / ${width}) % ${height}; let b = pixel / ${width * height};
      let oy = y / ${op.size}; let ox = x / ${op.size};
      let to = p * uniforms.examples * ${shapeQuads(op.in)} + i;
      if (oy >= ${outHeight} || ox >= ${outWidth}) { result[to] = vec4<f32>(0.0); return; }
      let image = (p * uniforms.examples + b) * ${height};
      let own = Input[to];
      var wins = ${relu ? 'own > vec4<f32>(0.0)' : 'vec4<bool>(true)'};
      for (var wy = oy * ${op.size}; wy < (oy + 1) * ${op.size}; wy++) { for (var wx = ox * ${op.size}; wx < (ox + 1) * ${op.size}; wx++) {
        let other = Input[((image + wy) * ${width} + wx) * ${depth} + c];
        let earlier = wy < y || (wy == y && wx < x);
        wins = wins & select(own >= other, own > other, vec4<bool>(earlier));
      } }
      let d = Delta[(((p * uniforms.examples + b) * ${outHeight} + oy) * ${outWidth} + ox) * ${depth} + c];
      result[to] = select(vec4<f32>(0.0), d, wins);`,
  });
}
