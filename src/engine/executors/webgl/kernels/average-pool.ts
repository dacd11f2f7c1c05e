import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type PoolLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgl/kernels/arrival.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/** Mean of each window, [member, example, y, x, channel quad]. A fragment makes one quad. */
export function averagePool(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: PoolLayer,
  input: TensorInfo,
): TensorInfo {
  const { op, windowHeight, windowWidth } = layer;
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return draw(backend, {
    name: 'averagePool',
    inputs: { Input: input },
    ints: {},
    quads: extent.members * extent.examples * shapeQuads(op.out),
    code: `
      int c = i % ${depth}; int t = i / ${depth}; int ox = t % ${outWidth}; t /= ${outWidth}; int oy = t % ${outHeight}; int image = t / ${outHeight};
      for (int y = 0; y < ${windowHeight}; y++) {
        int from = ((image * ${height} + oy * ${windowHeight} + y) * ${width} + ox * ${windowWidth}) * ${depth} + c;
        for (int x = 0; x < ${windowWidth}; x++) result += quad(Input, from + x * ${depth});
      }
      result /= ${windowHeight * windowWidth}.;`,
  });
}

/** Every pixel of a window gets its share of the window's gradient; what no window holds gets zero. A fragment makes one quad. */
export function averagePoolGradient(
  backend: MathBackendWebGL,
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
  return draw(backend, {
    name: 'averagePoolGradient',
    inputs: { Delta: delta, ...arrive.inputs },
    ints: { examples: extent.examples, ...arrive.ints },
    quads: extent.members * extent.examples * shapeQuads(op.in),
    functions: arrive.functions,
    code: `
      int c = i % ${depth}; int t = i / ${depth}; int ox = (t % ${width}) / ${windowWidth}; t /= ${width};
      int oy = (t % ${height}) / ${windowHeight}; int image = t / ${height};
      if (oy < ${outHeight} && ox < ${outWidth})
        result = quad(Delta, ((image * ${outHeight} + oy) * ${outWidth} + ox) * ${depth} + c) / ${windowHeight * windowWidth}.;
      ${arrive.apply('image / examples')}`,
  });
}
