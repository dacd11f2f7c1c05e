import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { geometryKey, type Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { dispatch, each, LANES, quads } from '#engine/executors/webgpu/runner.ts';

/** Threads of one slice: a tap's 4 input channels x 4 filters each, and the bias if there is one. */
export const weightGradientThreads = ({ geometry: g, bias }: WeightedLayer): number =>
  (g.kernelHeight * g.kernelWidth * quadsFor(g.channels) + (bias ? 1 : 0)) * quadsFor(g.filters);

/**
 * Gradient of a layer's kernel and, if it has one, bias, summed over one slice of the batch's output rows a dispatch row, written in place at
 * `first` quads as [slice, member, layer quad]. delta: the gradient before the layer's relu, [member, example, y, x, out quad].
 */
export function weightGradient(
  backend: WebGPUBackend,
  extent: Extent,
  layer: WeightedLayer,
  input: TensorInfo,
  delta: TensorInfo,
  slices: number,
  first: number,
  output: TensorInfo,
): void {
  const { geometry: g } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  const taps = g.kernelHeight * g.kernelWidth;
  dispatch(backend, {
    key: `weightGradient_${geometryKey(g)}_${layer.bias}`,
    inputs: { Input: quads(input), Delta: quads(delta) },
    ints: { examples: extent.examples, members: extent.members, slices, first },
    threads: weightGradientThreads(layer),
    rows: extent.members * slices,
    output,
    code: () => `
      let member = p % uniforms.members; let slice = p / uniforms.members;
      let o = i % ${outQuads}; let group = i / ${outQuads};
      let bias = group == ${taps * inQuads};
      if (group > ${layer.bias ? taps * inQuads : taps * inQuads - 1}) { return; }
      let tap = group / ${inQuads}; let cq = group % ${inQuads};
      let ky = tap / ${g.kernelWidth}; let kx = tap % ${g.kernelWidth};
      let rows = uniforms.examples * ${g.outHeight};
      let rowsPerSlice = (rows + uniforms.slices - 1) / uniforms.slices;
      let end = min(rows, (slice + 1) * rowsPerSlice);
      ${each(4, (k) => `var sum${k} = vec4<f32>(0.0);`, ' ')}
      for (var row = slice * rowsPerSlice; row < end; row++) {
        let b = row / ${g.outHeight}; let oy = row - b * ${g.outHeight};
        let deltaRow = (member * rows + row) * ${g.outWidth * outQuads} + o;
        if (bias) {
          for (var ox = 0; ox < ${g.outWidth}; ox++) { sum0 += Delta[deltaRow + ox * ${outQuads}]; }
          continue;
        }
        let iy = oy * ${g.stride} + ky - ${g.padTop};
        if ((iy < 0) | (iy >= ${g.height})) { continue; }
        let inputRow = ((member * uniforms.examples + b) * ${g.height} + iy) * ${g.width * inQuads} + cq;
        for (var ox = 0; ox < ${g.outWidth}; ox++) {
          let ix = ox * ${g.stride} + kx - ${g.padLeft};
          if ((ix < 0) | (ix >= ${g.width})) { continue; }
          let d = Delta[deltaRow + ox * ${outQuads}];
          let v = Input[inputRow + ix * ${inQuads}];
          ${each(4, (k) => `sum${k} += v.${LANES[k]!} * d;`, ' ')}
        }
      }
      let block = uniforms.first + (slice * uniforms.members + member) * ${layer.quads};
      if (bias) { result[block + ${kernelRows(g) * outQuads} + o] = sum0; return; }
      ${each(4, (k) => `if (cq * 4 + ${k} < ${g.channels}) { result[block + (tap * ${g.channels} + cq * 4 + ${k}) * ${outQuads} + o] = sum${k}; }`)}`,
  });
}
