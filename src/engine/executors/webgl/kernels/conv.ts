import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { draw, each, LANES, RELU } from '#engine/executors/webgl/runner.ts';

/**
 * Convolution, then bias and relu if the layer has them: [member, example, y, x, in quad] to [member, example, y, x, out quad].
 * A fragment makes one pixel's 4 filters.
 */
export function conv(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: WeightedLayer,
  input: TensorInfo,
  state: TensorInfo,
): TensorInfo {
  const { geometry: g, relu, bias, offset } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  /** One quad of input channels times its rows of weights; the last quad may have fewer channels. */
  const multiply = (lanes: number): string => `
    vec4 v = quad(Input, from); from++;
    ${each(lanes, (k) => `result += v.${LANES[k]!} * quad(State, row + ${k * outQuads});`)}
    row += ${lanes * outQuads};`;
  const fullQuads = Math.floor(g.channels / 4);
  const tail = g.channels % 4;
  return draw(backend, {
    name: 'conv',
    inputs: { Input: input, State: state },
    ints: { examples: extent.examples, memberQuads: extent.quads, offset },
    quads: extent.members * extent.examples * g.outHeight * g.outWidth * outQuads,
    code: `
      int o = i % ${outQuads}; int t = i / ${outQuads}; int ox = t % ${g.outWidth}; t /= ${g.outWidth};
      int oy = t % ${g.outHeight}; int image = t / ${g.outHeight}; int p = image / examples;
      int weights = p * memberQuads + offset + o;
      for (int ky = 0; ky < ${g.kernelHeight}; ky++) {
        int iy = oy * ${g.stride} + ky - ${g.padTop};
        if (iy < 0 || iy >= ${g.height}) continue;
        for (int kx = 0; kx < ${g.kernelWidth}; kx++) {
          int ix = ox * ${g.stride} + kx - ${g.padLeft};
          if (ix < 0 || ix >= ${g.width}) continue;
          int from = ((image * ${g.height} + iy) * ${g.width} + ix) * ${inQuads};
          int row = weights + (ky * ${g.kernelWidth} + kx) * ${g.channels * outQuads};
          ${fullQuads > 0 ? `for (int c = 0; c < ${fullQuads}; c++) { ${multiply(4)} }` : ''}
          ${tail > 0 ? multiply(tail) : ''}
        }
      }
      ${bias ? `result += quad(State, weights + ${kernelRows(g) * outQuads});` : ''}
      ${relu ? RELU : ''}`,
  });
}
