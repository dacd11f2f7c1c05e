import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads, type PoolLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgl/kernels/arrival.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/** Max pool without padding, [member, example, y, x, channel quad]. */
export function maxPool(
  backend: MathBackendWebGL,
  extent: Extent,
  { op, windowHeight: size }: PoolLayer,
  input: TensorInfo,
): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  return draw(backend, {
    name: 'maxPool',
    inputs: { Input: input },
    ints: {},
    quads: extent.members * extent.examples * shapeQuads(op.out),
    code: `
      int c = i % ${depth}; int t = i / ${depth}; int ox = t % ${outWidth}; t /= ${outWidth}; int oy = t % ${outHeight}; int image = t / ${outHeight};
      int first = ((image * ${height} + oy * ${size}) * ${width} + ox * ${size}) * ${depth} + c;
      result = quad(Input, first);
      for (int y = 0; y < ${size}; y++) for (int x = 0; x < ${size}; x++) result = max(result, quad(Input, first + (y * ${width} + x) * ${depth}));`,
  });
}

/**
 * Gradient of a pool's input. A fragment looks through its pixel's window and takes the gradient where the pixel is the first
 * maximum; what no window holds gets zero.
 */
export function maxPoolGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  { op, windowHeight: size }: PoolLayer,
  input: TensorInfo,
  delta: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const depth = quadsFor(channels);
  const arrive = arriving(arrival);
  return draw(backend, {
    name: 'maxPoolGradient',
    inputs: { Input: input, Delta: delta, ...arrive.inputs },
    ints: { examples: extent.examples, ...arrive.ints },
    quads: extent.members * extent.examples * shapeQuads(op.in),
    functions: arrive.functions,
    code: `
      int c = i % ${depth}; int t = i / ${depth}; int x = t % ${width}; t /= ${width}; int y = t % ${height}; int image = t / ${height};
      int oy = y / ${size}; int ox = x / ${size};
      if (oy < ${outHeight} && ox < ${outWidth}) {
        vec4 own = quad(Input, i);
        vec4 loses = vec4(0.);
        for (int wy = oy * ${size}; wy < (oy + 1) * ${size}; wy++) for (int wx = ox * ${size}; wx < (ox + 1) * ${size}; wx++) {
          vec4 other = quad(Input, ((image * ${height} + wy) * ${width} + wx) * ${depth} + c);
          bool earlier = wy < y || (wy == y && wx < x);
          loses += earlier ? vec4(greaterThanEqual(other, own)) : vec4(greaterThan(other, own));
        }
        vec4 d = quad(Delta, ((image * ${outHeight} + oy) * ${outWidth} + ox) * ${depth} + c);
        result = mix(d, vec4(0.), greaterThan(loses, vec4(0.)));
      }
      ${arrive.apply('image / examples')}`,
  });
}
