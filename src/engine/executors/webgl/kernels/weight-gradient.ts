import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/**
 * Gradient of a layer's kernel and bias, [slice, member, layer quad], each slice summed over its share of the batch's output
 * rows. delta: the gradient before the layer's relu, [member, example, y, x, out quad]. A fragment makes one row's 4 filters.
 */
export function weightGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  layer: WeightedLayer,
  input: TensorInfo,
  delta: TensorInfo,
  slices: number,
): TensorInfo {
  const { geometry: g, quads } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  return draw(backend, {
    name: 'weightGradient',
    inputs: { Input: input, Delta: delta },
    ints: { examples: extent.examples, members: extent.members, slices },
    quads: slices * extent.members * quads,
    code: `
      int q = i % ${quads}; int block = i / ${quads}; int slice = block / members; int p = block - slice * members;
      int o = q % ${outQuads}; int kernelRow = q / ${outQuads};
      int rows = examples * ${g.outHeight}; int rowsPerSlice = (rows + slices - 1) / slices;
      int start = slice * rowsPerSlice; int end = min(rows, start + rowsPerSlice);
      if (kernelRow == ${kernelRows(g)}) {
        int from = p * rows * ${g.outWidth * outQuads} + o;
        for (int k = start * ${g.outWidth}; k < end * ${g.outWidth}; k++) {
          result += quad(Delta, from + k * ${outQuads});
        }
      } else {
        int tap = kernelRow / ${g.channels}; int c = kernelRow - tap * ${g.channels};
        int ky = tap / ${g.kernelWidth} - ${g.padTop}; int kx = tap % ${g.kernelWidth} - ${g.padLeft};
        vec4 pick = vec4(equal(ivec4(c % 4), ivec4(0, 1, 2, 3)));
        int firstX = kx < 0 ? (${g.stride - 1} - kx) / ${g.stride} : 0;
        int room = ${g.width - 1} - kx;
        int lastX = room < 0 ? -1 : min(${g.outWidth - 1}, room / ${g.stride});
        for (int row = start; row < end; row++) {
          int b = row / ${g.outHeight}; int iy = (row - b * ${g.outHeight}) * ${g.stride} + ky;
          if (iy < 0 || iy >= ${g.height} || lastX < firstX) continue;
          int from = ((p * rows + row) * ${g.outWidth} + firstX) * ${outQuads} + o;
          int pixel = (((p * examples + b) * ${g.height} + iy) * ${g.width} + firstX * ${g.stride} + kx) * ${inQuads} + c / 4;
          for (int ox = firstX; ox <= lastX; ox++) {
            result += dot(quad(Input, pixel), pick) * quad(Delta, from);
            from += ${outQuads}; pixel += ${g.stride * inQuads};
          }
        }
      }`,
  });
}
