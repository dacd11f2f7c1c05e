import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { stateSlots, updateFactors, type Extent, type UpdateSpec } from '#engine/executors/gpu/kernels.ts';
import { draw, SAMPLERS } from '#engine/executors/webgl/runner.ts';
import { BATCH_NORM_DECAY } from '#engine/model/program.ts';

/** A run of a member's parameter quads and what its gradient is for: `statistics` are those of a batch, towards which running ones move. */
interface GradientPart {
  readonly offset: number;
  readonly quads: number;
  readonly role: 'kernel' | 'vector' | 'statistics';
}
/** Gradients of some parts, [slice, member, quad of the parts, one part behind the other]. */
export interface GradientSource {
  readonly array: TensorInfo;
  readonly slices: number;
  readonly parts: readonly GradientPart[];
}

const quadsOf = (parts: readonly GradientPart[]): number => parts.reduce((sum, { quads }) => sum + quads, 0);

const inputsOf = (sources: readonly GradientSource[]): Record<string, TensorInfo> =>
  Object.fromEntries(sources.map(({ array }, n) => [`Gradient${n}`, array]));

/** Adds the slices of source `n` for quad `q` of its parts, of member p, to `sum`. */
const addSlices = ({ slices, parts }: GradientSource, n: number, sum: string, q: string): string =>
  `for (int s = 0; s < ${slices}; s++) ${sum} += quad(Gradient${n}, (s * members + p) * ${quadsOf(parts)} + ${q});`;

/** What a gradient means to the update of a quad: kernels decay, running statistics move towards the batch's. */
const ROLES = { kernel: 'pulling = decay;', vector: '', statistics: 'running = true;' };

/** Finds the gradient of quad `q` of member p among the sources. */
const findGradient = (source: GradientSource, n: number): string => {
  let first = 0;
  const parts = source.parts.map(({ offset, quads, role }) => {
    const inSource = `q - ${offset} + ${first}`;
    first += quads;
    return `if (q >= ${offset} && q < ${offset + quads}) { ${addSlices(source, n, 'gradient', inSource)} ${ROLES[role]} }`;
  });
  return parts.join('\n');
};

/** Several sources as one without slices, for a draw can sample only so many. A fragment makes one quad. */
export function collect(
  backend: MathBackendWebGL,
  { members }: Extent,
  sources: readonly GradientSource[],
): GradientSource {
  const parts = sources.flatMap((source) => source.parts);
  const quads = quadsOf(parts);
  let before = 0;
  const code = sources.map((source, n) => {
    const begin = before;
    before += quadsOf(source.parts);
    return `if (q >= ${begin} && q < ${before}) ${addSlices(source, n, 'result', `q - ${begin}`)}`;
  });
  const array = draw(backend, {
    name: 'collectGradients',
    inputs: inputsOf(sources),
    ints: { members },
    quads: members * quads,
    code: `int p = i / ${quads}; int q = i - p * ${quads};\n${code.join('\n')}`,
  });
  return { array, slices: 1, parts };
}

const SGD = `
  gradient += pull;
  vec4 moment = momentum * quad(State, 2 * slot + index) + gradient;
  vec4 changed = which == 2 ? moment : weight - rate * moment;`;
const ADAM = `
  vec4 moment = beta1 * quad(State, 2 * slot + index) + rest1 * gradient;
  vec4 second = beta2 * quad(State, 3 * slot + index) + rest2 * gradient * gradient;
  vec4 raw = weight - rate * ((moment / correction1) / (sqrt(second / correction2) + epsilon) + pull);
  vec4 changed = which == 2 ? moment : which == 3 ? second : raw;`;

/** Most sources of an update, which samples state, mask and learning rates as well. */
export const MOST_SOURCES = SAMPLERS - 3;

/** One optimizer step over all parameters; see Gradients.update. A fragment makes one quad of one slot. */
export function update(
  backend: MathBackendWebGL,
  extent: Extent,
  spec: UpdateSpec,
  sources: readonly GradientSource[],
  state: TensorInfo,
): TensorInfo {
  const { members, quads: memberQuads } = extent;
  const kept = spec.maskedWeights === 'kept';
  return draw(backend, {
    name: 'update',
    inputs: { State: state, Mask: spec.mask, Rates: spec.learningRates, ...inputsOf(sources) },
    ints: { members },
    floats: updateFactors(spec),
    quads: stateSlots(spec.optimizer) * members * memberQuads,
    code: `
      int slot = members * ${memberQuads}; int which = i / slot; int index = i - which * slot;
      int p = index / ${memberQuads}; int q = index - p * ${memberQuads};
      bvec4 alive = greaterThan(quad(Mask, index), vec4(0.)); float rate = number(Rates, p);
      vec4 oldRaw = quad(State, slot + index); vec4 old = which == 0 ? vec4(0.) : quad(State, i);
      vec4 weight = ${kept ? 'oldRaw' : 'mix(vec4(0.), oldRaw, alive)'};
      vec4 gradient = vec4(0.); float pulling = 0.; bool running = false;
      ${sources.map(findGradient).join('\n')}
      vec4 pull = pulling * weight;
      ${spec.optimizer.kind === 'sgd' ? SGD : ADAM}
      if (running) changed = which > 1 ? old : ${BATCH_NORM_DECAY} * oldRaw + ${1 - BATCH_NORM_DECAY} * gradient;
      bool all = which > 0 && ${kept ? 'running' : 'true'};
      result = all ? changed : mix(old, changed, alive);`,
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
