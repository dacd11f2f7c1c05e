import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Chunk, ChunkSpec } from '#engine/executors/executor.ts';
import {
  SLOT_EFFECTIVE,
  SLOT_MOMENT,
  SLOT_RAW,
  stateSlots,
  type IndexList,
  type Kernels,
  type ResidentData,
} from '#engine/executors/gpu/kernels.ts';
import {
  layoutOf,
  packParameters,
  quadsFor,
  shapeQuads,
  unpackParameters,
  unpackRows,
} from '#engine/executors/gpu/layout.ts';
import { backward, forward, type PassContext } from '#engine/executors/gpu/passes.ts';

/** Batches in flight while logits are read back: enough to keep the device busy, few enough to bound its memory. */
const BATCHES_IN_FLIGHT = 16;

/** The last step's logits and indices, kept so that the loss can be asked for later. */
interface LastBatch {
  readonly logits: TensorInfo;
  readonly indices: IndexList;
  readonly examples: number;
}

/** A chunk of members on a GPU, all of them in every dispatch. `data` gives the resident data at the time of the call and throws if there are none. */
export function createPopulation(kernels: Kernels, spec: ChunkSpec, data: () => ResidentData): Chunk {
  const { program, members, batchSize, optimizer } = spec;
  const layout = layoutOf(program);
  const count = members * program.parameterCount;
  const slots = stateSlots(optimizer);
  const slotSize = members * layout.quads * 4;
  const extent = { members, examples: batchSize, quads: layout.quads };
  requireLength('parameters', spec.parameters, count);

  const gradients = kernels.createGradients(extent, layout.weighted);
  let mask = uploadMask(new Float32Array(count).fill(1));
  let state = uploadState(spec.parameters, null);
  let last: LastBatch | null = null;
  let steps = 0;
  rebase(null);

  function uploadMask(values: Float32Array): TensorInfo {
    return kernels.upload(packParameters(program, layout, values));
  }
  /** State with the given raw parameters and moments ([slot from SLOT_MOMENT on][member, parameterCount]); effective is still to be made. */
  function uploadState(raw: Float32Array, moments: Float32Array | null): TensorInfo {
    const packed = new Float32Array(slots * slotSize);
    packed.set(packParameters(program, layout, raw), SLOT_RAW * slotSize);
    for (let slot = SLOT_MOMENT; moments && slot < slots; slot++)
      packed.set(
        packParameters(
          program,
          layout,
          moments.subarray((slot - SLOT_MOMENT) * count, (slot - SLOT_MOMENT + 1) * count),
        ),
        slot * slotSize,
      );
    return kernels.upload(packed);
  }
  function replaceState(next: TensorInfo): void {
    kernels.release(state);
    state = next;
  }
  function rebase(raw: TensorInfo | null): void {
    replaceState(kernels.rebase(extent, slots, state, raw, mask));
  }
  function forgetLast(): void {
    if (!last) return;
    kernels.release(last.logits);
    kernels.release(last.indices.values);
    last = null;
  }
  function context(examples: number): PassContext {
    return { kernels, layout, extent: { ...extent, examples }, data: data(), state };
  }
  async function readSlots(): Promise<Float32Array[]> {
    const packed = await kernels.read(state);
    return Array.from({ length: slots }, (_, slot) =>
      unpackParameters(program, layout, packed.slice(slot * slotSize, (slot + 1) * slotSize)),
    );
  }
  /** Runs `visit` over all indices in batches of constant size; the last is filled up with its last example. */
  function* batches(indices: Int32Array): Generator<{ readonly list: IndexList; readonly used: number }> {
    for (let from = 0; from < indices.length; from += batchSize) {
      const used = Math.min(batchSize, indices.length - from);
      const values = Float32Array.from({ length: batchSize }, (_, i) => indices[from + Math.min(i, used - 1)]!);
      yield { list: { values: kernels.upload(values), first: 0, stride: 0 }, used };
    }
  }

  return {
    members,
    step: (indices, learningRate) => {
      const examples = indices.length / members;
      if (!Number.isInteger(examples) || examples < 1 || examples > batchSize)
        throw new RangeError(`A step takes 1 to ${String(batchSize)} examples for each of ${String(members)} members.`);
      requireLength('learningRate', learningRate, members);
      const here = context(examples);
      steps++;
      forgetLast();
      const first = quadsFor(members) * 4;
      const uploaded = new Float32Array(first + indices.length); // indices below 2^24 are exact
      uploaded.set(learningRate);
      uploaded.set(indices, first);
      const list: IndexList = { values: kernels.upload(uploaded), first, stride: examples };
      const points = forward(here, list, { kind: 'none' });
      backward(here, list, points, gradients);
      replaceState(gradients.update(here.extent, { optimizer, step: steps, mask, learningRates: list.values }, state));
      const logits = points.pop()!;
      points.forEach((point) => {
        kernels.release(point);
      });
      last = { logits, indices: list, examples };
    },
    loss: async () => {
      if (!last) return new Float32Array(members).fill(Number.NaN);
      const here = context(last.examples);
      const means = kernels.meanLoss(here.extent, program.classes, last.logits, here.data.labels, last.indices);
      const packed = await readAndRelease(kernels, means);
      return Float32Array.from({ length: members }, (_, member) => packed[member * 4]!);
    },
    parameters: async () => (await readSlots())[SLOT_RAW]!,
    setParameters: (parameters) => {
      requireLength('parameters', parameters, count);
      const raw = kernels.upload(packParameters(program, layout, parameters));
      rebase(raw);
      kernels.release(raw);
    },
    setMask: (next) => {
      requireLength('mask', next, count);
      kernels.release(mask);
      mask = uploadMask(next);
      rebase(null);
    },
    logits: async (indices, quantization) => {
      if (quantization.kind === 'fixed' && quantization.points.length !== members)
        throw new RangeError(`There must be quantization points for each of ${String(members)} members.`);
      const result = new Float32Array(members * indices.length * program.classes);
      const here = context(batchSize);
      let reading: Promise<void>[] = [];
      let at = 0;
      for (const { list, used } of batches(indices)) {
        const points = forward(here, list, quantization);
        const logits = points.pop()!;
        points.forEach((point) => {
          kernels.release(point);
        });
        kernels.release(list.values);
        const position = at;
        reading.push(
          readAndRelease(kernels, logits).then((packed) => {
            const rows = unpackRows(packed, program.classes);
            for (let member = 0; member < members; member++) {
              const from = member * batchSize * program.classes;
              result.set(
                rows.subarray(from, from + used * program.classes),
                (member * indices.length + position) * program.classes,
              );
            }
          }),
        );
        at += used;
        if (reading.length === BATCHES_IN_FLIGHT) {
          await Promise.all(reading);
          reading = [];
        }
      }
      await Promise.all(reading);
      return result;
    },
    activationRanges: async (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      const points = layout.points.length;
      const ranges = new Float32Array(members * points * 2);
      for (let i = 0; i < ranges.length; i += 2) ranges.set([Infinity, -Infinity], i);
      const here = context(batchSize);
      for (const { list } of batches(indices)) {
        const values = forward(here, list, { kind: 'none' });
        kernels.release(list.values);
        const reading = values.map(async (array, point) => {
          const shape = layout.points[point]!;
          const packed = await readAndRelease(
            kernels,
            kernels.range(members, batchSize * shapeQuads(shape), shape[2], array),
          );
          for (let member = 0; member < members; member++) {
            const to = (member * points + point) * 2;
            ranges[to] = Math.min(ranges[to]!, packed[member * 4]!);
            ranges[to + 1] = Math.max(ranges[to + 1]!, packed[member * 4 + 1]!);
          }
        });
        values.forEach((array) => {
          kernels.release(array);
        });
        await Promise.all(reading);
      }
      return ranges;
    },
    save: async () => {
      const saved = new Float32Array((slots - SLOT_RAW) * count + 1);
      const stepsThen = steps;
      (await readSlots()).forEach((values, slot) => {
        if (slot !== SLOT_EFFECTIVE) saved.set(values, (slot - SLOT_RAW) * count);
      });
      saved[saved.length - 1] = stepsThen; // exact below 2^24 steps
      return saved;
    },
    restore: (saved) => {
      requireLength('state', saved, (slots - SLOT_RAW) * count + 1);
      replaceState(uploadState(saved.subarray(0, count), saved.subarray(count, saved.length - 1)));
      rebase(null);
      steps = saved[saved.length - 1]!;
    },
    dispose: () => {
      forgetLast();
      kernels.release(state);
      kernels.release(mask);
      gradients.dispose();
    },
  };
}

async function readAndRelease(kernels: Kernels, array: TensorInfo): Promise<Float32Array> {
  try {
    return await kernels.read(array);
  } finally {
    kernels.release(array);
  }
}

function requireLength(what: string, array: Float32Array, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}
