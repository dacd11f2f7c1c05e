import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent, IndexList, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads } from '#engine/executors/gpu/layout.ts';
import { dispatch, each, scalars } from '#engine/executors/webgpu/runner.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Shape } from '#engine/model/program.ts';

/** [member, example, y, x, channel quad] from the resident data, as the views show it; bytes, four in a 32-bit word, become x / 127.5 - 1. A thread makes one quad. */
export function gather(
  backend: WebGPUBackend,
  extent: Extent,
  data: ResidentData,
  indices: IndexList,
  shape: Shape,
): TensorInfo {
  const [height, width, channels] = shape;
  const pixelQuads = quadsFor(channels);
  const exampleQuads = shapeQuads(shape);
  const element = data.encoding === 'bytes' ? 'byteAt' : 'floatAt';
  return dispatch(backend, {
    key: `gather_${data.encoding}_${shape.join('_')}`,
    inputs: { Values: scalars(data.inputs), Indices: scalars(indices.values) },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride, views: indices.views ?? -1 },
    threads: extent.examples * exampleQuads,
    rows: extent.members,
    output: extent.members * extent.examples * exampleQuads,
    functions: () => `
      fn seen(view : i32, pixel : i32) -> i32 {
        let y = clamp(pixel / ${width} - ((view >> 8u) & 255) + 128, 0, ${height - 1});
        let x = clamp(pixel % ${width} - ((view >> 16u) & 255) + 128, 0, ${width - 1});
        return y * ${width} + select(x, ${width - 1} - x, (view & 1) == 1); }
      ${
        data.encoding === 'bytes'
          ? `fn byteAt(k : i32) -> f32 {
            let byte = (bitcast<u32>(Values[k / 4]) >> (8u * u32(k % 4))) & 255u;
            return f32(byte) / 127.5 - 1.0; }`
          : 'fn floatAt(k : i32) -> f32 { return Values[k]; }'
      }`,
    code: () => `
      if (i >= uniforms.examples * ${exampleQuads}) { return; }
      let b = i / ${exampleQuads}; let q = i - b * ${exampleQuads};
      let c = (q % ${pixelQuads}) * 4;
      let place = p * uniforms.stride + b;
      let example = i32(Indices[uniforms.first + place]);
      var pixel = q / ${pixelQuads};
      if (uniforms.views >= 0) { pixel = seen(i32(Indices[uniforms.views + place]), pixel); }
      let k = example * ${shapeSize(shape)} + pixel * ${channels} + c;
      result[p * uniforms.examples * ${exampleQuads} + i] = vec4<f32>(
        ${each(4, (j) => `select(0.0, ${element}(k + ${j}), c + ${j} < ${channels})`, ', ')});`,
  });
}
