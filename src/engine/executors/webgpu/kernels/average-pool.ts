import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type PoolLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgpu/kernels/arrival.ts';
import { dispatch, quads } from '#engine/executors/webgpu/runner.ts';

const poolKey = ({ op, windowHeight, windowWidth }: PoolLayer): string =>
  [...op.in, windowHeight, windowWidth].join('_');

/** Mean of each window, [member, example, y, x, channel quad]. A thread makes one quad. */
export function averagePool(backend: WebGPUBackend, extent: Extent, layer: PoolLayer, input: TensorInfo): TensorInfo {
  const { op, windowHeight, windowWidth } = layer;
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return dispatch(backend, {
    key: `averagePool_${poolKey(layer)}`,
    inputs: { Input: quads(input) },
    ints: { examples: extent.examples },
    threads: extent.examples * shapeQuads(op.out),
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.out),
    code: () => `
      if (i >= uniforms.examples * ${shapeQuads(op.out)}) { return; }
      let c = i % ${depth}; let pixel = i / ${depth};
      let ox = pixel % ${outWidth}; let oy = (pixel / ${outWidth}) % ${outHeight}; let b = pixel / ${outWidth * outHeight};
      let first = (((p * uniforms.examples + b) * ${height} + oy * ${windowHeight}) * ${width} + ox * ${windowWidth}) * ${depth} + c;
      var sum = vec4<f32>(0.0);
      for (var y = 0; y < ${windowHeight}; y++) { for (var x = 0; x < ${windowWidth}; x++) {
        sum += Input[first + (y * ${width} + x) * ${depth}];
      } }
      result[p * uniforms.examples * ${shapeQuads(op.out)} + i] = sum / ${windowHeight * windowWidth}.0;`,
  });
}

/** Every pixel of a window gets its share of the window's gradient; what no window holds gets zero. A thread makes one quad. */
export function averagePoolGradient(
  backend: WebGPUBackend,
  extent: Extent,
  layer: PoolLayer,
  delta: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const { op, windowHeight, windowWidth } = layer;
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  const arrive = arriving(arrival);
  return dispatch(backend, {
    key: `averagePoolGradient_${poolKey(layer)}_${arrive.key}`,
    inputs: { Delta: quads(delta), ...arrive.inputs },
    ints: { examples: extent.examples, ...arrive.ints },
    threads: extent.examples * shapeQuads(op.in),
    rows: extent.members,
    output: extent.members * extent.examples * shapeQuads(op.in),
    functions: () => arrive.functions,
    code: () => `
      if (i >= uniforms.examples * ${shapeQuads(op.in)}) { return; }
      let c = i % ${depth}; let pixel = i / ${depth};
      let ox = (pixel % ${width}) / ${windowWidth}; let oy = ((pixel / ${width}) % ${height}) / ${windowHeight};
      let image = p * uniforms.examples + pixel / ${width * height};
      let at = p * uniforms.examples * ${shapeQuads(op.in)} + i;
      let inside = (oy < ${outHeight}) & (ox < ${outWidth});
      let source = select(0, ((image * ${outHeight} + oy) * ${outWidth} + ox) * ${depth} + c, inside);
      var d = select(vec4<f32>(0.0), Delta[source] / ${windowHeight * windowWidth}.0, inside);
      ${arrive.apply('d', 'at', 'p')}
      result[at] = d;`,
  });
}
