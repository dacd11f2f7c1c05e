import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { stateSlots, updateFactors, type Extent, type UpdateSpec } from '#engine/executors/gpu/kernels.ts';
import type { WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/** One layer's gradient, [slice, member, layer quad]. */
export interface LayerGradient {
  readonly layer: WeightedLayer;
  readonly slices: number;
  readonly array: TensorInfo;
}

const SGD = `
  vec4 moment = momentum * quad(State, 2 * slot + index) + gradient;
  vec4 changed = which == 2 ? moment : quad(State, slot + index) - rate * moment;`;
const ADAM = `
  vec4 moment = beta1 * quad(State, 2 * slot + index) + rest1 * gradient;
  vec4 second = beta2 * quad(State, 3 * slot + index) + rest2 * gradient * gradient;
  vec4 raw = quad(State, slot + index) - rate * (moment / correction1) / (sqrt(second / correction2) + epsilon);
  vec4 changed = which == 2 ? moment : which == 3 ? second : raw;`;

/** One optimizer step over all parameters: sums the gradients' slices, changes only what the mask leaves alive. A fragment makes one quad of one slot. */
export function update(
  backend: MathBackendWebGL,
  extent: Extent,
  spec: UpdateSpec,
  gradients: readonly LayerGradient[],
  state: TensorInfo,
): TensorInfo {
  const { members, quads: memberQuads } = extent;
  return draw(backend, {
    name: `update ${spec.optimizer.kind}`,
    inputs: {
      State: state,
      Mask: spec.mask,
      Rates: spec.learningRates,
      ...Object.fromEntries(gradients.map(({ array }, n) => [`Gradient${n}`, array])),
    },
    ints: { members },
    floats: updateFactors(spec),
    quads: stateSlots(spec.optimizer) * members * memberQuads,
    code: `
      int slot = members * ${memberQuads}; int which = i / slot; int index = i - which * slot;
      int p = index / ${memberQuads}; int q = index - p * ${memberQuads};
      vec4 gradient = vec4(0.);
      ${gradients
        .map(
          ({ layer, slices }, n) => `if (q >= ${layer.offset} && q < ${layer.offset + layer.quads}) {
            for (int s = 0; s < ${slices}; s++) gradient += quad(Gradient${n}, (s * members + p) * ${layer.quads} + q - ${layer.offset}); }`,
        )
        .join('\n')}
      float rate = number(Rates, p);
      ${spec.optimizer.kind === 'sgd' ? SGD : ADAM}
      vec4 kept = which == 0 ? vec4(0.) : quad(State, i);
      result = mix(kept, changed, greaterThan(quad(Mask, index), vec4(0.)));`,
  });
}

/** State with other raw parameters, or the same, and effective parameters of the mask. */
export function rebase(
  backend: MathBackendWebGL,
  extent: Extent,
  slots: number,
  state: TensorInfo,
  raw: TensorInfo | null,
  mask: TensorInfo,
): TensorInfo {
  const size = extent.members * extent.quads;
  return draw(backend, {
    name: 'rebase',
    inputs: { State: state, Mask: mask, ...(raw ? { Raw: raw } : {}) },
    ints: { size },
    quads: slots * size,
    code: `
      int which = i / size; int index = i - which * size;
      vec4 raw = ${raw ? 'quad(Raw, index)' : 'quad(State, size + index)'};
      result = which > 1 ? quad(State, i) : which == 1 ? raw : mix(vec4(0.), raw, greaterThan(quad(Mask, index), vec4(0.)));`,
  });
}
