import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent } from '#engine/executors/gpu/kernels.ts';
import { kernelColumns, type BlockLayer } from '#engine/executors/gpu/layout.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/**
 * The effective parameters with every kernel rounded to multiples of its largest magnitude / 127, halves up; see
 * Kernels.quantizeWeights. One draw finds the largest magnitudes, a fragment a column of quads; one rounds.
 */
export function quantizeWeights(
  backend: MathBackendWebGL,
  extent: Extent,
  layers: readonly BlockLayer[],
  state: TensorInfo,
): TensorInfo {
  const { kernels, count } = kernelColumns(layers);
  const ints = { memberQuads: extent.quads };
  const magnitudes = draw(backend, {
    name: 'weightMagnitudes',
    inputs: { State: state },
    ints,
    quads: extent.members * count,
    code: `
      int p = i / ${count}; int column = i - p * ${count}; int first = 0; int rows = 0; int depth = 0;
      ${kernels
        .map(
          (k) => `if (column >= ${k.column} && column < ${k.column + k.depth}) {
            first = column + ${k.offset - k.column}; rows = ${k.rows}; depth = ${k.depth}; }`,
        )
        .join('\n')}
      first += p * memberQuads;
      for (int k = 0; k < rows; k++) result = max(result, abs(quad(State, first + k * depth)));`,
  });
  const rounded = draw(backend, {
    name: 'quantizeWeights',
    inputs: { State: state, Magnitudes: magnitudes },
    ints,
    quads: extent.members * extent.quads,
    code: `
      int p = i / memberQuads; int q = i - p * memberQuads; vec4 weight = quad(State, i); vec4 magnitude = vec4(0.);
      ${kernels
        .map((k) => {
          const inside = `q >= ${k.offset} && q < ${k.offset + k.rows * k.depth}`;
          const columns = `p * ${count} + ${k.column}`;
          return k.perChannel
            ? `if (${inside}) magnitude = quad(Magnitudes, ${columns} + (q - ${k.offset}) % ${k.depth});`
            : `if (${inside}) {
                for (int c = 0; c < ${k.depth}; c++) magnitude = max(magnitude, quad(Magnitudes, ${columns} + c));
                magnitude = vec4(max(max(magnitude.x, magnitude.y), max(magnitude.z, magnitude.w))); }`;
        })
        .join('\n')}
      vec4 scale = magnitude / 127.; bvec4 some = greaterThan(scale, vec4(0.));
      result = mix(weight, floor(weight / mix(vec4(1.), scale, some) + .5) * scale, some);`,
  });
  backend.disposeData(magnitudes.dataId);
  return rounded;
}
