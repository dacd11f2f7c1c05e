import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { stateSlots, updateFactors, type Extent, type UpdateSpec } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, quadsFor, type BlockLayer } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads, scalars } from '#engine/executors/webgpu/runner.ts';
import { BATCH_NORM_DECAY } from '#engine/model/program.ts';

/** Where a layer's gradient lies: `first` x members quads in, as [slice, member, layer quad]. */
export interface GradientBlock {
  readonly layer: BlockLayer;
  readonly slices: number;
  readonly first: number;
}

const SGD = `
  gradient += pull;
  var moment = uniforms.momentum * oldMoment + gradient;
  var raw = weight - rate * moment;`;
const ADAM = `
  let oldSecond = State[3 * slot + at];
  var moment = uniforms.beta1 * oldMoment + uniforms.rest1 * gradient;
  var second = uniforms.beta2 * oldSecond + uniforms.rest2 * gradient * gradient;
  var raw = weight - rate * ((moment / uniforms.correction1) / (sqrt(second / uniforms.correction2) + uniforms.epsilon) + pull);`;

/** Sums the slices of a block; tells kernels, which decay, and running statistics, which move towards the batch's instead. */
function gather({ layer, slices, first }: GradientBlock): string {
  const end = layer.offset + layer.quads;
  const start = `${first} * uniforms.members`;
  if (layer.kind === 'batchnorm')
    return `if ((i >= ${layer.offset}) & (i < ${end})) {
      gradient = Gradient[${start} + p * ${layer.quads} + i - ${layer.offset}];
      running = i >= ${layer.offset + layer.quads / 2}; }`;
  return `if ((i >= ${layer.offset}) & (i < ${end})) {
    for (var s = 0; s < ${slices}; s++) { gradient += Gradient[${start} + (s * uniforms.members + p) * ${layer.quads} + i - ${layer.offset}]; }
    decay = select(0.0, uniforms.decay, i < ${layer.offset + kernelRows(layer.geometry) * quadsFor(layer.geometry.filters)}); }`;
}

/** One optimizer step over all parameters; see Gradients.update. A thread makes one quad of every slot. */
export function update(
  backend: WebGPUBackend,
  extent: Extent,
  spec: UpdateSpec,
  blocks: readonly GradientBlock[],
  gradient: TensorInfo,
  state: TensorInfo,
): TensorInfo {
  const { members, quads: memberQuads } = extent;
  const { kind } = spec.optimizer;
  const kept = spec.maskedWeights === 'kept';
  const moments = kind === 'adam' ? (['moment', 'second'] as const) : (['moment'] as const);
  const old = { moment: 'oldMoment', second: 'oldSecond' };
  return dispatch(backend, {
    key: `update_${kind}_${spec.maskedWeights}_${blocks.map(({ layer, slices, first }) => [layer.kind, layer.offset, layer.quads, slices, first].join('_')).join('_')}`,
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
      let alive = Mask[at] > vec4<f32>(0.0); let rate = Rates[p];
      let oldRaw = State[slot + at]; let oldMoment = State[2 * slot + at];
      let weight = ${kept ? 'oldRaw' : 'select(vec4<f32>(0.0), oldRaw, alive)'};
      var gradient = vec4<f32>(0.0); var decay = 0.0; var running = false;
      ${blocks.map(gather).join('\n')}
      let pull = decay * weight;
      ${kind === 'sgd' ? SGD : ADAM}
      ${kept ? ['raw = select(oldRaw, raw, alive);', ...moments.map((m) => `${m} = select(${old[m]}, ${m}, alive);`)].join(' ') : ''}
      if (running) {
        raw = ${BATCH_NORM_DECAY} * oldRaw + ${1 - BATCH_NORM_DECAY} * gradient;
        ${moments.map((m) => `${m} = ${old[m]};`).join(' ')}
      }
      result[at] = select(vec4<f32>(0.0), raw, alive);
      result[slot + at] = raw;
      ${moments.map((m, n) => `result[${2 + n} * slot + at] = ${m};`).join(' ')}`,
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
