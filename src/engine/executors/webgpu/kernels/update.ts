import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { stateSlots, updateFactors, type Extent, type UpdateSpec } from '#engine/executors/gpu/kernels.ts';
import type { WeightedLayer } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads, scalars } from '#engine/executors/webgpu/runner.ts';

/** Where a layer's gradient lies: `first` x members quads in, as [slice, member, layer quad]. */
export interface GradientBlock {
  readonly layer: WeightedLayer;
  readonly slices: number;
  readonly first: number;
}

const SGD = `
  let moment = uniforms.momentum * State[2 * slot + at] + gradient;
  let raw = State[slot + at] - rate * moment;`;
const ADAM = `
  let moment = uniforms.beta1 * State[2 * slot + at] + uniforms.rest1 * gradient;
  let second = uniforms.beta2 * State[3 * slot + at] + uniforms.rest2 * gradient * gradient;
  let raw = State[slot + at] - rate * (moment / uniforms.correction1) / (sqrt(second / uniforms.correction2) + uniforms.epsilon);
  result[3 * slot + at] = select(State[3 * slot + at], second, alive);`;

/** One optimizer step over all parameters: sums the gradient's slices, changes only what the mask leaves alive. A thread makes one quad of every slot. */
export function update(
  backend: WebGPUBackend,
  extent: Extent,
  spec: UpdateSpec,
  blocks: readonly GradientBlock[],
  gradient: TensorInfo,
  state: TensorInfo,
): TensorInfo {
  const { members, quads: memberQuads } = extent;
  return dispatch(backend, {
    key: `update_${spec.optimizer.kind}_${blocks.map(({ layer, slices, first }) => [layer.offset, layer.quads, slices, first].join('_')).join('_')}`,
    inputs: {
      State: quads(state),
      Gradient: quads(gradient),
      Mask: quads(spec.mask),
      Rates: scalars(spec.learningRates),
    },
    ints: { members },
    floats: updateFactors(spec),
    threads: memberQuads,
    rows: members,
    output: stateSlots(spec.optimizer) * members * memberQuads,
    code: () => `
      if (i >= ${memberQuads}) { return; }
      let at = p * ${memberQuads} + i; let slot = uniforms.members * ${memberQuads};
      var gradient = vec4<f32>(0.0);
      ${blocks
        .map(
          ({ layer, slices, first }) => `if (i >= ${layer.offset} && i < ${layer.offset + layer.quads}) {
            for (var s = 0; s < ${slices}; s++) { gradient += Gradient[${first} * uniforms.members + (s * uniforms.members + p) * ${layer.quads} + i - ${layer.offset}]; } }`,
        )
        .join('\n')}
      let alive = Mask[at] > vec4<f32>(0.0); let rate = Rates[p];
      ${spec.optimizer.kind === 'sgd' ? SGD : ADAM}
      result[at] = select(vec4<f32>(0.0), raw, alive);
      result[slot + at] = select(State[slot + at], raw, alive);
      result[2 * slot + at] = select(State[2 * slot + at], moment, alive);`,
  });
}

/** State with other raw parameters, or the same, and effective parameters of the mask. */
export function rebase(
  backend: WebGPUBackend,
  extent: Extent,
  slots: number,
  state: TensorInfo,
  raw: TensorInfo | null,
  mask: TensorInfo,
): TensorInfo {
  const size = extent.members * extent.quads;
  return dispatch(backend, {
    key: `rebase_${raw !== null}`,
    inputs: { State: quads(state), Mask: quads(mask), ...(raw ? { Raw: quads(raw) } : {}) },
    ints: { memberQuads: extent.quads, size, slots },
    threads: extent.quads,
    rows: extent.members,
    output: slots * size,
    code: () => `
      if (i >= uniforms.memberQuads) { return; }
      let at = p * uniforms.memberQuads + i;
      let raw = ${raw ? 'Raw[at]' : 'State[uniforms.size + at]'};
      result[at] = select(vec4<f32>(0.0), raw, Mask[at] > vec4<f32>(0.0));
      result[uniforms.size + at] = raw;
      for (var s = 2; s < uniforms.slots; s++) { result[s * uniforms.size + at] = State[s * uniforms.size + at]; }`,
  });
}
