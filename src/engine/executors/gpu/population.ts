import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Chunk, ChunkSpec } from '#engine/executors/executor.ts';
import { backward } from '#engine/executors/gpu/backward.ts';
import { createFakeRanges, type FakeRanges } from '#engine/executors/gpu/fake-quantization.ts';
import { forward, type PassContext } from '#engine/executors/gpu/forward.ts';
import type { IndexList, Kernels, LossSpec, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { layoutOf, packRows, quadsFor } from '#engine/executors/gpu/layout.ts';
import { createParameters } from '#engine/executors/gpu/parameters.ts';
import { createPrediction, readAndRelease } from '#engine/executors/gpu/prediction.ts';

/** The last step's logits and indices, kept so that the loss can be asked for later. */
interface LastBatch {
  readonly logits: TensorInfo;
  readonly indices: IndexList;
  readonly examples: number;
}

/** A chunk of members on a GPU, all of them in every dispatch. `data` gives the resident data at the time of the call and throws if there are none. */
export function createPopulation(kernels: Kernels, spec: ChunkSpec, data: () => ResidentData): Chunk {
  const { program, members, batchSize, distillation } = spec;
  const layout = layoutOf(program);
  const count = members * program.parameterCount;
  const rangesLength = members * layout.points.length * 2;
  const extent = { members, examples: batchSize, quads: layout.quads };
  requireLength('parameters', spec.parameters, count);

  const teacher = distillation ? kernels.upload(packRows(distillation.teacher, program.outputs)) : null;
  const loss: LossSpec = {
    kind: program.loss,
    outputs: program.outputs,
    distillation: distillation && teacher ? { ...distillation, logits: teacher } : null,
  };
  const gradients = kernels.createGradients(extent, layout.blocks);
  const parameters = createParameters(kernels, layout, spec);
  let fake: FakeRanges | null = null;
  let rounds = false; // whether steps are fake quantized: ranges outlive it
  let last: LastBatch | null = null;
  let steps = 0;

  function forgetLast(): void {
    if (!last) return;
    kernels.release(last.logits);
    kernels.release(last.indices.values);
    last = null;
  }
  function context(examples: number): PassContext {
    return { kernels, layout, extent: { ...extent, examples }, data: data(), state: parameters.state() };
  }
  /** Learning rates, indices and views in one array; all are exact as floats (views take 24 bits). */
  function uploadBatch(indices: Int32Array, learningRate: Float32Array, views: Int32Array | null): IndexList {
    const first = quadsFor(members) * 4;
    const uploaded = new Float32Array(first + indices.length + (views?.length ?? 0));
    uploaded.set(learningRate);
    uploaded.set(indices, first);
    if (views) uploaded.set(views, first + indices.length);
    const stride = indices.length / members;
    return { values: kernels.upload(uploaded), first, stride, views: views && first + indices.length };
  }
  /** Forward and backward; leaves the logits. */
  function learn(here: PassContext, list: IndexList): TensorInfo {
    const rounding = rounds && fake ? fake.rounding() : null;
    const pass = forward(here, list, { rounding: rounding ?? { kind: 'none' }, gradients, keep: 'backward' });
    const moved = rounding && fake?.move(here.extent, pass);
    backward(here, list, loss, pass, rounding, gradients);
    moved?.settle();
    const logits = pass.values.at(-1)!;
    const exact = pass.exact.at(-1)!;
    if (exact !== logits) kernels.release(exact);
    return logits;
  }

  return {
    members,
    step: (indices, learningRate, views = null) => {
      const examples = indices.length / members;
      if (!Number.isInteger(examples) || examples < 1 || examples > batchSize)
        throw new RangeError(`A step takes 1 to ${String(batchSize)} examples for each of ${String(members)} members.`);
      requireLength('learningRate', learningRate, members);
      if (views) requireLength('views', views, indices.length);
      const here = context(examples);
      if (distillation)
        requireLength("teacher's logits", distillation.teacher, members * here.data.examples * program.outputs);
      steps++;
      forgetLast();
      const list = uploadBatch(indices, learningRate, views);
      const weights = rounds ? kernels.quantizeWeights(here.extent, layout.blocks, here.state) : null;
      const logits = learn(weights ? { ...here, state: weights } : here, list);
      if (weights) kernels.release(weights);
      parameters.update(here.extent, gradients, steps, list.values);
      last = { logits, indices: list, examples };
    },
    loss: async () => {
      if (!last) return new Float32Array(members).fill(Number.NaN);
      const here = context(last.examples);
      const means = kernels.meanLoss(here.extent, loss, last.logits, here.data, last.indices);
      const packed = await readAndRelease(kernels, means);
      return Float32Array.from({ length: members }, (_, member) => packed[member * 4]!);
    },
    parameters: async () => (await parameters.read())[0]!,
    setParameters: (raw) => {
      requireLength('parameters', raw, count);
      parameters.replace(raw);
    },
    setMask: (mask) => {
      requireLength('mask', mask, count);
      parameters.setMask(mask);
    },
    setFakeQuantization: (quantization) => {
      rounds = quantization !== null;
      if (!quantization) return;
      requireLength('points', quantization.points, layout.points.length);
      requireLength('ranges', quantization.ranges, rangesLength);
      fake?.dispose();
      fake = createFakeRanges(kernels, layout, quantization);
    },
    fakeRanges: () => fake?.read() ?? Promise.resolve(new Float32Array(rangesLength)),
    ...createPrediction(program, () => context(batchSize)),
    save: async () => {
      const stepsThen = steps;
      const [values, ranges] = await Promise.all([parameters.read(), fake?.read() ?? new Float32Array(rangesLength)]);
      const saved = new Float32Array(parameters.savedLength + rangesLength + 1);
      values.forEach((flat, i) => {
        saved.set(flat, i * count);
      });
      saved.set(ranges, parameters.savedLength);
      saved[saved.length - 1] = stepsThen; // exact below 2^24 steps
      return saved;
    },
    restore: (saved) => {
      requireLength('state', saved, parameters.savedLength + rangesLength + 1);
      parameters.restore(saved.subarray(0, parameters.savedLength));
      fake?.replace(saved.subarray(parameters.savedLength, saved.length - 1));
      steps = saved[saved.length - 1]!;
    },
    dispose: () => {
      forgetLast();
      parameters.dispose();
      gradients.dispose();
      fake?.dispose();
      if (teacher) kernels.release(teacher);
    },
  };
}

function requireLength(what: string, array: ArrayLike<unknown>, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}
