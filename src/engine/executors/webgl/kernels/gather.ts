import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent, IndexList, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads } from '#engine/executors/gpu/layout.ts';
import { draw, each } from '#engine/executors/webgl/runner.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Shape } from '#engine/model/program.ts';

/** Bytes that one float of the resident data carries: 24 bits are exact. */
const BYTES_PER_FLOAT = 3;

/** Bytes as floats of three bytes each, the first in the lowest place. */
export function packBytes(bytes: Uint8Array): Float32Array {
  const packed = new Float32Array(Math.ceil(bytes.length / BYTES_PER_FLOAT));
  for (let i = 0; i < packed.length; i++) {
    const from = i * BYTES_PER_FLOAT;
    packed[i] = (bytes[from] ?? 0) + 256 * (bytes[from + 1] ?? 0) + 65536 * (bytes[from + 2] ?? 0);
  }
  return packed;
}

/** [member, example, y, x, channel quad] from the resident data, as the views show it; bytes become x / 127.5 - 1. A fragment makes one quad. */
export function gather(
  backend: MathBackendWebGL,
  extent: Extent,
  data: ResidentData,
  indices: IndexList,
  shape: Shape,
): TensorInfo {
  const [height, width, channels] = shape;
  const pixelQuads = quadsFor(channels);
  const exampleQuads = shapeQuads(shape);
  return draw(backend, {
    name: `gather ${data.encoding}`,
    inputs: { Values: data.inputs, Indices: indices.values },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride, views: indices.views ?? -1 },
    quads: extent.members * extent.examples * exampleQuads,
    functions: `
      int seen(int view, int pixel) {
        int y = clamp(pixel / ${width} - ((view >> 8) & 255) + 128, 0, ${height - 1});
        int x = clamp(pixel % ${width} - ((view >> 16) & 255) + 128, 0, ${width - 1});
        return y * ${width} + ((view & 1) == 1 ? ${width - 1} - x : x); }
      ${
        data.encoding === 'floats'
          ? 'float element(int k) { return number(Values, k); }'
          : `float element(int k) {
              int word = int(number(Values, k / ${BYTES_PER_FLOAT}));
              return float((word >> (8 * (k % ${BYTES_PER_FLOAT}))) & 255) / 127.5 - 1.; }`
      }`,
    code: `
      int row = i / ${exampleQuads}; int q = i - row * ${exampleQuads};
      int p = row / examples; int b = row - p * examples;
      int c = (q % ${pixelQuads}) * 4;
      int place = p * stride + b; int pixel = q / ${pixelQuads};
      int example = int(number(Indices, first + place));
      if (views >= 0) pixel = seen(int(number(Indices, views + place)), pixel);
      int k = example * ${shapeSize(shape)} + pixel * ${channels} + c;
      ${each(4, (j) => `if (c + ${j} < ${channels}) result[${j}] = element(k + ${j});`)}`,
  });
}
