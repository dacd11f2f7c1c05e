import type {
  ActivationQuantization,
  Chunk,
  ChunkSpec,
  FakeQuantization,
  TrainingData,
} from '#engine/executors/executor.ts';
import { moveRunningStatistics } from '#engine/executors/reference/batch-norm.ts';
import type { MemberFakeQuantization } from '#engine/executors/reference/fake-quantization.ts';
import { moveRanges } from '#engine/executors/reference/fake-quantization.ts';
import type { ForwardMode, ForwardPass } from '#engine/executors/reference/forward.ts';
import { forward, PLAIN_PREDICTION } from '#engine/executors/reference/forward.ts';
import { readInputs } from '#engine/executors/reference/inputs.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { decayOf, stateSlots, update } from '#engine/executors/reference/update.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { embeddingPoint } from '#engine/model/program.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** Examples that go forward together at prediction. */
const FORWARD_BLOCK = 64;

/**
 * Members trained one after the other. Arithmetic is float64; weights, optimizer state and ranges are kept in float32 between
 * steps, as on the devices, so that a checkpoint loses nothing.
 */
export function createReferenceChunk(
  spec: ChunkSpec,
  data: () => TrainingData,
  onDispose: () => void,
): Chunk & { readonly sizeBytes: number } {
  const { program, members, optimizer, distillation } = spec;
  const count = program.parameterCount;
  const stateSize = stateSlots(optimizer) * count;
  const rangesSize = 2 * (program.ops.length + 1);
  const zeroed = spec.maskedWeights === 'zeroed';
  const decay = decayOf(program, optimizer);
  requireLength('parameters', spec.parameters, members * count);
  const weights = spec.parameters.slice(); // [member, parameterCount]
  const mask = new Float32Array(members * count).fill(1);
  const state = new Float32Array(members * stateSize); // [member, slot, parameterCount]
  const ranges = new Float32Array(members * rangesSize); // [member, point, 2]
  const losses = new Float32Array(members).fill(Number.NaN);
  let quantization: FakeQuantization | null = null;
  let steps = 0;

  const own = (array: Float32Array, member: number): Float32Array =>
    array.subarray((member * array.length) / members, ((member + 1) * array.length) / members);
  const effective = (member: number): Float64Array => {
    const kept = own(mask, member);
    return Float64Array.from(own(weights, member), (w, i) => w * kept[i]!);
  };
  const fakeOf = (member: number): MemberFakeQuantization | null =>
    quantization && { points: quantization.points, ranges: own(ranges, member) };

  const stepMember = (member: number, examples: Int32Array, views: Int32Array | null, learningRate: number): void => {
    const { inputs, labels } = data();
    const raw = own(weights, member);
    const kept = own(mask, member);
    if (zeroed) raw.forEach((w, i) => (raw[i] = w * kept[i]!));
    const teacher = distillation && { ...distillation, logits: own(distillation.teacher, member) };
    const fake = fakeOf(member);
    const { loss, gradients, pass } = lossAndGradients(program, effective(member), inputs, labels, examples, {
      views,
      fake,
      teacher: teacher ?? null,
    });
    losses[member] = loss;
    const touched = zeroed ? null : kept;
    const target = { weights: raw, gradients, touched, decay, state: own(state, member) };
    update(optimizer, target, learningRate, steps);
    moveStatistics(program, raw, pass);
    if (fake && quantization) moveRanges(fake, pass.unrounded, quantization.decay);
  };

  /** Runs a member over the examples in blocks, so that memory does not grow with their number. */
  const predict = (
    member: number,
    indices: Int32Array,
    mode: ForwardMode,
    visit: (pass: ForwardPass, from: number) => void,
  ): void => {
    const now = effective(member);
    for (let from = 0; from < indices.length; from += FORWARD_BLOCK) {
      const block = indices.subarray(from, from + FORWARD_BLOCK);
      visit(forward(program, now, readInputs(data().inputs, program.input, block), mode), from);
    }
  };

  return {
    members,
    sizeBytes: [weights, mask, state, ranges].reduce((sum, array) => sum + array.byteLength, 0),
    step: (indices, learningRate, views = null) => {
      const batch = indices.length / members;
      if (!Number.isInteger(batch) || batch < 1 || batch > spec.batchSize)
        throw new RangeError(
          `A step takes 1 to ${String(spec.batchSize)} examples for each of ${String(members)} members.`,
        );
      requireLength('learningRate', learningRate, members);
      if (views) requireLength('views', views, indices.length);
      if (distillation)
        requireLength('teacher logits', distillation.teacher, members * data().examples * program.outputs);
      steps++;
      for (let member = 0; member < members; member++) {
        const part = [member * batch, (member + 1) * batch] as const;
        stepMember(member, indices.subarray(...part), views && views.subarray(...part), learningRate[member]!);
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
    setFakeQuantization: (next) => {
      if (next) {
        requireLength('points', next.points, program.ops.length + 1);
        requireLength('ranges', next.ranges, ranges.length);
        ranges.set(next.ranges);
      }
      quantization = next;
    },
    fakeRanges: () => Promise.resolve(ranges.slice()),
    logits: (indices, rounding) => {
      const logits = new Float32Array(members * indices.length * program.outputs);
      for (let member = 0; member < members; member++)
        predict(member, indices, predictionMode(rounding, member), ({ points }, from) => {
          own(logits, member).set(points.at(-1)!, from * program.outputs);
        });
      return Promise.resolve(logits);
    },
    embeddings: (indices) => {
      const point = embeddingPoint(program);
      const width = shapeSize(program.ops.at(-1)!.in);
      const embeddings = new Float32Array(members * indices.length * width);
      for (let member = 0; member < members; member++)
        predict(member, indices, PLAIN_PREDICTION, ({ points }, from) => {
          own(embeddings, member).set(points[point]!, from * width);
        });
      return Promise.resolve(embeddings);
    },
    activationRanges: (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      const seen = Float32Array.from(ranges, (_, i) => (i % 2 === 0 ? Infinity : -Infinity));
      for (let member = 0; member < members; member++) {
        const range = own(seen, member);
        predict(member, indices, PLAIN_PREDICTION, ({ points }) => {
          points.forEach((values, point) => {
            range[2 * point] = values.reduce((least, x) => Math.min(least, x), range[2 * point]!);
            range[2 * point + 1] = values.reduce((largest, x) => Math.max(largest, x), range[2 * point + 1]!);
          });
        });
      }
      return Promise.resolve(seen);
    },
    save: () => {
      const parts = [weights, state, ranges, Float32Array.of(steps)]; // a step count is exact below 2^24
      const saved = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        saved.set(part, at);
        at += part.length;
      }
      return Promise.resolve(saved);
    },
    restore: (saved) => {
      requireLength('state', saved, weights.length + state.length + ranges.length + 1);
      let at = 0;
      for (const part of [weights, state, ranges]) {
        part.set(saved.subarray(at, at + part.length));
        at += part.length;
      }
      steps = saved[at]!;
    },
    dispose: onDispose,
  };
}

/** Moves the running statistics of every batch norm in the raw parameters of a member towards those of its batch. */
function moveStatistics(program: StepProgram, raw: Float32Array, pass: ForwardPass): void {
  program.ops.forEach((op, index) => {
    if (op.kind !== 'batchnorm') return;
    const count = pass.points[op.from]!.length / op.in[2];
    moveRunningStatistics(op, raw, pass.traces[index]!.statistics!, count);
  });
}

function predictionMode(quantization: ActivationQuantization, member: number): ForwardMode {
  switch (quantization.kind) {
    case 'none':
      return PLAIN_PREDICTION;
    case 'dynamic':
      return { training: false, dynamic: quantization.ops };
    case 'fixed': {
      const grids = quantization.points[member];
      if (!grids) throw new RangeError(`There are no quantization points for member ${String(member)} of the chunk.`);
      return { training: false, grids };
    }
    default:
      return quantization satisfies never;
  }
}

function requireLength(what: string, array: ArrayLike<unknown>, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}
