import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgl/kernels/arrival.ts';
import { draw, each, LANES } from '#engine/executors/webgl/runner.ts';

/**
 * Gradient of a convolution's input: delta [member, example, y, x, out quad] to [member, example, y, x, in quad]. A fragment
 * makes one pixel's 4 channels from the taps that reach it.
 */
export function convInputGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: WeightedLayer,
  delta: TensorInfo,
  state: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const { geometry: g, offset } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  const tail = g.channels % 4;
  const arrive = arriving(arrival);
  const channel = (k: number): string => (tail > 0 ? `min(c * 4 + ${k}, ${g.channels - 1})` : `c * 4 + ${k}`);
  return draw(backend, {
    name: 'convInputGradient',
    inputs: { Delta: delta, State: state, ...arrive.inputs },
    ints: { examples: extent.examples, memberQuads: extent.quads, offset, ...arrive.ints },
    quads: extent.members * extent.examples * g.height * g.width * inQuads,
    functions: arrive.functions,
    code: `
      int c = i % ${inQuads}; int t = i / ${inQuads}; int x = t % ${g.width} + ${g.padLeft}; t /= ${g.width};
      int y = t % ${g.height} + ${g.padTop}; int image = t / ${g.height}; int p = image / examples;
      int weights = p * memberQuads + offset;
      int lastKy = min(${g.kernelHeight - 1}, y); int lastKx = min(${g.kernelWidth - 1}, x);
      for (int ky = max(y % ${g.stride}, y - ${(g.outHeight - 1) * g.stride}); ky <= lastKy; ky += ${g.stride}) {
        for (int kx = max(x % ${g.stride}, x - ${(g.outWidth - 1) * g.stride}); kx <= lastKx; kx += ${g.stride}) {
          int oy = (y - ky) / ${g.stride}; int ox = (x - kx) / ${g.stride};
          int tap = (ky * ${g.kernelWidth} + kx) * ${g.channels};
          int from = ((image * ${g.outHeight} + oy) * ${g.outWidth} + ox) * ${outQuads};
          ${each(4, (k) => `int row${k} = weights + (tap + ${channel(k)}) * ${outQuads};`)}
          for (int o = 0; o < ${outQuads}; o++) {
            vec4 d = quad(Delta, from + o);
            ${each(4, (k) => `result.${LANES[k]!} += dot(d, quad(State, row${k} + o));`)}
          }
        }
      }
      ${tail > 0 ? `if (c == ${inQuads - 1}) { ${each(4 - tail, (k) => `result.${LANES[tail + k]!} = 0.;`, ' ')} }` : ''}
      ${arrive.apply('p')}`,
  });
}
