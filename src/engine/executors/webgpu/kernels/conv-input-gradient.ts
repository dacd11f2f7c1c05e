import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { geometryKey, type Arrival, type Extent } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, type WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { arriving } from '#engine/executors/webgpu/kernels/arrival.ts';
import type { PixelBlock } from '#engine/executors/webgpu/kernels/pixel-blocks.ts';
import { dispatch, each, LANES, quads } from '#engine/executors/webgpu/runner.ts';

/**
 * Gradient of a convolution's input: delta [member, example, y, x, out quad] to [member, example, y, x, in quad]. A thread
 * keeps `pixels` input pixels x 4 channels.
 */
export function convInputGradient(
  backend: WebGPUBackend,
  pixels: PixelBlock,
  extent: Extent,
  layer: WeightedLayer,
  delta: TensorInfo,
  state: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const { geometry: g, offset } = layer;
  const inQuads = quadsFor(g.channels);
  const outQuads = quadsFor(g.filters);
  const inPixels = g.height * g.width;
  const tail = g.channels % 4;
  const padded = tail > 0;
  const arrive = arriving(arrival);
  /** Chains of && are branches, which take ten times as long to compile. */
  const inside = (j: number): string =>
    `(dy${j} >= 0) & (dx${j} >= 0) & (oy${j} < ${g.outHeight}) & (ox${j} < ${g.outWidth})` +
    (g.stride > 1 ? ` & (oy${j} * ${g.stride} == dy${j}) & (ox${j} * ${g.stride} == dx${j})` : '');
  return dispatch(backend, {
    key: `convInputGradient_${pixels}_${geometryKey(g)}_${arrive.key}`,
    inputs: { Delta: quads(delta), State: quads(state), ...arrive.inputs },
    ints: { examples: extent.examples, memberQuads: extent.quads, offset, ...arrive.ints },
    threads: Math.ceil((extent.examples * inPixels) / pixels) * inQuads,
    rows: extent.members,
    output: extent.members * extent.examples * inPixels * inQuads,
    functions: () => arrive.functions,
    code: () => `
      let all = uniforms.examples * ${inPixels};
      let c = (i % ${inQuads}) * 4; let m = (i / ${inQuads}) * ${pixels};
      if (m >= all) { return; }
      let weightsAt = p * uniforms.memberQuads + uniforms.offset;
      ${each(4, (k) => `let c${k} = ${padded ? `min(c + ${k}, ${g.channels - 1})` : `c + ${k}`};`, ' ')}
      ${each(
        pixels,
        (j) => `
        let m${j} = min(m + ${j}, all - 1); let b${j} = m${j} / ${inPixels}; let r${j} = m${j} - b${j} * ${inPixels};
        let y${j} = r${j} / ${g.width} + ${g.padTop}; let x${j} = r${j} % ${g.width} + ${g.padLeft};
        let image${j} = (p * uniforms.examples + b${j}) * ${g.outHeight * g.outWidth * outQuads};
        var sum${j} = vec4<f32>(0.0);`,
      )}
      for (var ky = 0; ky < ${g.kernelHeight}; ky++) { for (var kx = 0; kx < ${g.kernelWidth}; kx++) {
        let tap = (ky * ${g.kernelWidth} + kx) * ${g.channels};
        ${each(4, (k) => `let row${k} = weightsAt + (tap + c${k}) * ${outQuads};`, ' ')}
        ${each(
          pixels,
          (j) => `
          let dy${j} = y${j} - ky; let dx${j} = x${j} - kx; let oy${j} = dy${j} / ${g.stride}; let ox${j} = dx${j} / ${g.stride};
          let inside${j} = ${inside(j)};
          let at${j} = select(0, image${j} + (oy${j} * ${g.outWidth} + ox${j}) * ${outQuads}, inside${j});`,
        )}
        for (var o = 0; o < ${outQuads}; o++) {
          ${each(4, (k) => `let w${k} = State[row${k} + o];`, ' ')}
          ${each(
            pixels,
            (j) => `let d${j} = select(vec4<f32>(0.0), Delta[at${j} + o], inside${j});
            sum${j} += vec4<f32>(${each(4, (k) => `dot(d${j}, w${k})`, ', ')});`,
          )}
        }
      } }
      ${each(
        pixels,
        (j) => `
        if (m + ${j} < all) {
          let to = (p * all + m + ${j}) * ${inQuads} + c / 4;
          ${padded ? `if (c == ${(inQuads - 1) * 4}) { ${each(4 - tail, (k) => `sum${j}.${LANES[tail + k]!} = 0.0;`, ' ')} }` : ''}
          ${arrive.apply(`sum${j}`, 'to', 'p')}
          result[to] = sum${j}; }`,
      )}`,
  });
}
