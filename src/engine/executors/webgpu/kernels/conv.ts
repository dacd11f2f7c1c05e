import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { geometryKey, type Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import type { PixelBlock } from '#engine/executors/webgpu/kernels/pixel-blocks.ts';
import { dispatch, each, LANES, quads, relued } from '#engine/executors/webgpu/runner.ts';

/**
 * Convolution, then bias and relu if the layer has them: [member, example, y, x, in quad] to [member, example, y, x, out quad]. A thread keeps `pixels` output
 * pixels x 4 filters in registers.
 */
export function conv(
  backend: WebGPUBackend,
  pixels: PixelBlock,
  extent: Extent,
  layer: WeightedLayer,
  input: TensorInfo,
  state: TensorInfo,
): TensorInfo {
  const { geometry: g, relu, bias, offset } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  const outPixels = g.outHeight * g.outWidth;
  /** One quad of input channels times its (up to four) rows of weights; the last quad may have fewer channels. */
  const multiply = (quad: string, lanes: number): string => `{
    let row = weightsAt + (tap + ${quad} * 4) * ${outQuads};
    ${each(lanes, (k) => `let w${k} = State[row + ${k * outQuads}];`, ' ')}
    ${each(
      pixels,
      (j) => `let v${j} = select(vec4<f32>(0.0), Input[at${j} + ${quad}], inside${j});
      sum${j} += ${each(lanes, (k) => `v${j}.${LANES[k]!} * w${k}`, ' + ')};`,
    )} }`;
  const fullQuads = Math.floor(g.channels / 4);
  return dispatch(backend, {
    key: `conv_${pixels}_${geometryKey(g)}_${relu}_${bias}`,
    inputs: { Input: quads(input), State: quads(state) },
    ints: { examples: extent.examples, memberQuads: extent.quads, offset },
    threads: Math.ceil((extent.examples * outPixels) / pixels) * outQuads,
    rows: extent.members,
    output: extent.members * extent.examples * outPixels * outQuads,
    code: () => `
      let all = uniforms.examples * ${outPixels};
      let o = i % ${outQuads}; let m = (i / ${outQuads}) * ${pixels};
      if (m >= all) { return; }
      let weightsAt = p * uniforms.memberQuads + uniforms.offset + o;
      ${each(
        pixels,
        (j) => `
        let m${j} = min(m + ${j}, all - 1); let b${j} = m${j} / ${outPixels}; let r${j} = m${j} - b${j} * ${outPixels};
        let y${j} = (r${j} / ${g.outWidth}) * ${g.stride} - ${g.padTop}; let x${j} = (r${j} % ${g.outWidth}) * ${g.stride} - ${g.padLeft};
        let image${j} = (p * uniforms.examples + b${j}) * ${g.height * g.width * inQuads};
        var sum${j} = vec4<f32>(0.0);`,
      )}
      for (var ky = 0; ky < ${g.kernelHeight}; ky++) { for (var kx = 0; kx < ${g.kernelWidth}; kx++) {
        let tap = (ky * ${g.kernelWidth} + kx) * ${g.channels};
        ${each(
          pixels,
          (j) => `
          let iy${j} = y${j} + ky; let ix${j} = x${j} + kx;
          let inside${j} = (iy${j} >= 0) & (iy${j} < ${g.height}) & (ix${j} >= 0) & (ix${j} < ${g.width});
          let at${j} = select(0, image${j} + (iy${j} * ${g.width} + ix${j}) * ${inQuads}, inside${j});`,
        )}
        ${fullQuads > 0 ? `for (var q = 0; q < ${fullQuads}; q++) ${multiply('q', 4)}` : ''}
        ${g.channels % 4 > 0 ? multiply(String(fullQuads), g.channels % 4) : ''}
      } }
      ${bias ? `let bias = State[weightsAt + ${kernelRows(g) * outQuads}];` : ''}
      ${each(
        pixels,
        (j) => `
        ${bias ? `sum${j} += bias;` : ''}
        if (m + ${j} < all) { result[(p * all + m + ${j}) * ${outQuads} + o] = ${relu ? relued(`sum${j}`) : `sum${j}`}; }`,
      )}`,
  });
}
