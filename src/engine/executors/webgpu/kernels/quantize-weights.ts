import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelColumns, type BlockLayer } from '#engine/executors/gpu/layout.ts';
import { reduction } from '#engine/executors/webgpu/kernels/reduction.ts';
import { dispatch, quads, TEAM } from '#engine/executors/webgpu/runner.ts';

/**
 * The effective parameters with every kernel rounded to multiples of its largest magnitude / 127, halves up; see
 * Kernels.quantizeWeights. One dispatch finds the largest magnitudes, a team a column of quads; one rounds.
 */
export function quantizeWeights(
  backend: WebGPUBackend,
  extent: Extent,
  layers: readonly BlockLayer[],
  state: TensorInfo,
): TensorInfo {
  const { kernels, count } = kernelColumns(layers);
  const key = kernels.map((k) => [k.offset, k.rows, k.depth, Number(k.perChannel)].join('_')).join('_');
  const shared = { ints: { memberQuads: extent.quads }, rows: extent.members };
  const magnitudes = dispatch(backend, {
    ...shared,
    key: `weightMagnitudes_${key}`,
    inputs: { State: quads(state) },
    team: true,
    threads: count * TEAM,
    output: extent.members * count,
    functions: () => reduction('largest', 'max(a, b)'),
    code: () => `
      var first = 0; var rows = 0; var depth = 0;
      ${kernels
        .map(
          (k) => `if ((group >= ${k.column}) & (group < ${k.column + k.depth})) {
            first = ${k.offset - k.column} + group; rows = ${k.rows}; depth = ${k.depth}; }`,
        )
        .join('\n')}
      var magnitude = vec4<f32>(0.0);
      for (var k = lane; k < rows; k += ${TEAM}) {
        magnitude = max(magnitude, abs(State[p * uniforms.memberQuads + first + k * depth]));
      }
      magnitude = largest(lane, magnitude);
      if (leads) { result[p * ${count} + group] = magnitude; }`,
  });
  const rounded = dispatch(backend, {
    ...shared,
    key: `quantizeWeights_${key}`,
    inputs: { State: quads(state), Magnitudes: quads(magnitudes) },
    threads: extent.quads,
    output: extent.members * extent.quads,
    code: () => `
      if (i >= uniforms.memberQuads) { return; }
      let at = p * uniforms.memberQuads + i; let weight = State[at]; var magnitude = vec4<f32>(0.0);
      ${kernels
        .map((k) => {
          const inside = `(i >= ${k.offset}) & (i < ${k.offset + k.rows * k.depth})`;
          const columns = `p * ${count} + ${k.column}`;
          return k.perChannel
            ? `if (${inside}) { magnitude = Magnitudes[${columns} + (i - ${k.offset}) % ${k.depth}]; }`
            : `if (${inside}) {
                for (var c = 0; c < ${k.depth}; c++) { magnitude = max(magnitude, Magnitudes[${columns} + c]); }
                magnitude = vec4<f32>(max(max(magnitude.x, magnitude.y), max(magnitude.z, magnitude.w))); }`;
        })
        .join('\n')}
      let scale = magnitude / 127.0;
      let some = scale > vec4<f32>(0.0);
      let divisor = select(vec4<f32>(1.0), scale, some);
      result[at] = select(weight, floor(weight / divisor + 0.5) * scale, some);`,
  });
  backend.disposeData(magnitudes.dataId);
  return rounded;
}
