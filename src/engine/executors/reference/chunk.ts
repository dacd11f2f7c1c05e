import type { ActivationQuantization, Chunk, ChunkSpec, TrainingData } from '#engine/executors/executor.ts';
import { readInputs } from '#engine/executors/reference/inputs.ts';
import { forward, lossAndGradients, type MemberQuantization } from '#engine/executors/reference/step.ts';
import { stateSlots, update } from '#engine/executors/reference/update.ts';
import { shapeSize } from '#engine/model/geometry.ts';

/** Examples that go forward together at prediction. */
const FORWARD_BLOCK = 64;

/**
 * Members trained one after the other. Arithmetic is float64; weights and optimizer state are kept in float32 between steps,
 * as on the devices, so that a checkpoint loses nothing.
 */
export function createReferenceChunk(
  spec: ChunkSpec,
  data: () => TrainingData,
  onDispose: () => void,
): Chunk & { readonly sizeBytes: number } {
  const { program, members, optimizer } = spec;
  const count = program.parameterCount;
  const slots = stateSlots(optimizer);
  requireLength('parameters', spec.parameters, members * count);
  const weights = spec.parameters.slice(); // [member, parameterCount]
  const mask = new Float32Array(members * count).fill(1);
  const state = new Float32Array(members * slots * count); // [member, slot, parameterCount]
  const losses = new Float32Array(members).fill(Number.NaN);
  let steps = 0;

  const effective = (member: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => weights[member * count + i]! * mask[member * count + i]!);
  const inputsOf = (indices: Int32Array): Float64Array => readInputs(data().inputs, shapeSize(program.input), indices);

  return {
    members,
    sizeBytes: weights.byteLength + mask.byteLength + state.byteLength,
    step: (indices, learningRate) => {
      const batch = indices.length / members;
      if (!Number.isInteger(batch) || batch < 1 || batch > spec.batchSize)
        throw new RangeError(
          `A step takes 1 to ${String(spec.batchSize)} examples for each of ${String(members)} members.`,
        );
      requireLength('learningRate', learningRate, members);
      const { inputs, labels } = data();
      steps++;
      for (let member = 0; member < members; member++) {
        const of = (array: Float32Array, size: number): Float32Array =>
          array.subarray(member * size, (member + 1) * size);
        const examples = indices.subarray(member * batch, (member + 1) * batch);
        const { loss, gradients } = lossAndGradients(program, effective(member), inputs, labels, examples);
        losses[member] = loss;
        const target = {
          weights: of(weights, count),
          gradients,
          mask: of(mask, count),
          state: of(state, slots * count),
        };
        update(optimizer, target, learningRate[member]!, steps);
      }
    },
    loss: () => Promise.resolve(losses.slice()),
    parameters: () => Promise.resolve(weights.slice()),
    setParameters: (parameters) => {
      requireLength('parameters', parameters, weights.length);
      weights.set(parameters);
    },
    setMask: (next) => {
      requireLength('mask', next, mask.length);
      mask.set(next);
    },
    logits: (indices, quantization) => {
      const logits = new Float32Array(members * indices.length * program.classes);
      for (let member = 0; member < members; member++) {
        const weightsNow = effective(member);
        const points = memberQuantization(quantization, member);
        for (const { from, block } of blocksOf(indices)) {
          const pass = forward(program, weightsNow, inputsOf(block), points);
          logits.set(pass.points.at(-1)!, (member * indices.length + from) * program.classes);
        }
      }
      return Promise.resolve(logits);
    },
    activationRanges: (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      const points = program.ops.length + 1;
      const ranges = Float32Array.from({ length: members * points * 2 }, (_, i) =>
        i % 2 === 0 ? Infinity : -Infinity,
      );
      for (let member = 0; member < members; member++) {
        const weightsNow = effective(member);
        for (const { block } of blocksOf(indices))
          forward(program, weightsNow, inputsOf(block), { kind: 'none' }).points.forEach((values, point) => {
            const at = (member * points + point) * 2;
            ranges[at] = values.reduce((least, x) => Math.min(least, x), ranges[at]!);
            ranges[at + 1] = values.reduce((largest, x) => Math.max(largest, x), ranges[at + 1]!);
          });
      }
      return Promise.resolve(ranges);
    },
    save: () => {
      const saved = new Float32Array(weights.length + state.length + 1);
      saved.set(weights);
      saved.set(state, weights.length);
      saved[saved.length - 1] = steps; // exact below 2^24 steps
      return Promise.resolve(saved);
    },
    restore: (saved) => {
      requireLength('state', saved, weights.length + state.length + 1);
      weights.set(saved.subarray(0, weights.length));
      state.set(saved.subarray(weights.length, saved.length - 1));
      steps = saved[saved.length - 1]!;
    },
    dispose: onDispose,
  };
}

/** The indices in blocks, so that memory does not grow with the number of examples. */
function* blocksOf(indices: Int32Array): Generator<{ readonly from: number; readonly block: Int32Array }> {
  for (let from = 0; from < indices.length; from += FORWARD_BLOCK)
    yield { from, block: indices.subarray(from, from + FORWARD_BLOCK) };
}

function memberQuantization(quantization: ActivationQuantization, member: number): MemberQuantization {
  if (quantization.kind !== 'fixed') return quantization;
  const points = quantization.points[member];
  if (!points) throw new RangeError(`There are no quantization points for member ${String(member)} of the chunk.`);
  return { kind: 'fixed', points };
}

function requireLength(what: string, array: Float32Array, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}
