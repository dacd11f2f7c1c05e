import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationQuantization, Chunk } from '#engine/executors/executor.ts';
import { forward, releasePoint, type PassContext } from '#engine/executors/gpu/forward.ts';
import type { IndexList, Kernels } from '#engine/executors/gpu/kernels.ts';
import { shapeQuads, unpackRows } from '#engine/executors/gpu/layout.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { embeddingPoint, type StepProgram } from '#engine/model/program.ts';

/** Batches in flight while results are read back: enough to keep the device busy, few enough to bound its memory. */
const BATCHES_IN_FLIGHT = 16;

interface Batch {
  readonly list: IndexList;
  /** Its first index and how many of the batch count. */
  readonly at: number;
  readonly used: number;
}

/** What a chunk predicts. `context` gives the parameters and data as they stand, in batches of constant size. */
export function createPrediction(
  program: StepProgram,
  context: () => PassContext,
): Pick<Chunk, 'logits' | 'embeddings' | 'activationRanges'> {
  /** Runs all indices in batches, of which the last is filled up with its last example, and waits for what `visit` reads. */
  async function inBatches(
    indices: Int32Array,
    visit: (here: PassContext, batch: Batch) => Promise<void>,
  ): Promise<void> {
    const here = context();
    const { kernels, extent } = here;
    let reading: Promise<void>[] = [];
    for (let at = 0; at < indices.length; at += extent.examples) {
      const used = Math.min(extent.examples, indices.length - at);
      const padded = Float32Array.from({ length: extent.examples }, (_, i) => indices[at + Math.min(i, used - 1)]!);
      const values = kernels.upload(padded);
      reading.push(visit(here, { list: { values, first: 0, stride: 0, views: null }, at, used }));
      kernels.release(values);
      if (reading.length === BATCHES_IN_FLIGHT) {
        await Promise.all(reading);
        reading = [];
      }
    }
    await Promise.all(reading);
  }

  /** The values at a point, [member, index, ...shape]. */
  async function valuesAt(point: number, indices: Int32Array, rounding: ActivationQuantization): Promise<Float32Array> {
    const shape = point === 0 ? program.input : program.ops[point - 1]!.out;
    const width = shapeSize(shape);
    const { members, examples } = context().extent;
    const result = new Float32Array(members * indices.length * width);
    await inBatches(indices, async (here, { list, at, used }) => {
      const pass = forward(here, list, { rounding, gradients: null, keep: point });
      const rows = unpackRows(await readAndRelease(here.kernels, pass.values[point]!), shape[2]);
      for (let member = 0; member < members; member++) {
        const from = member * examples * width;
        result.set(rows.subarray(from, from + used * width), (member * indices.length + at) * width);
      }
    });
    return result;
  }

  return {
    logits: async (indices, quantization) => {
      const { members } = context().extent;
      if (quantization.kind === 'fixed' && quantization.points.length !== members)
        throw new RangeError(`There must be quantization points for each of ${String(members)} members.`);
      return valuesAt(program.ops.length, indices, quantization);
    },
    embeddings: (indices) => valuesAt(embeddingPoint(program), indices, { kind: 'none' }),
    activationRanges: async (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      const { members } = context().extent;
      const points = program.ops.length + 1;
      const ranges = new Float32Array(members * points * 2);
      for (let i = 0; i < ranges.length; i += 2) ranges.set([Infinity, -Infinity], i);
      await inBatches(indices, async (here, { list }) => {
        const { kernels, layout, extent } = here;
        const pass = forward(here, list, { rounding: { kind: 'none' }, gradients: null, keep: 'every' });
        const reading = layout.points.map(async (shape, point) => {
          const found = kernels.range(members, extent.examples * shapeQuads(shape), shape[2], pass.values[point]!);
          releasePoint(kernels, pass, point);
          const packed = await readAndRelease(kernels, found);
          for (let member = 0; member < members; member++) {
            const to = (member * points + point) * 2;
            ranges[to] = Math.min(ranges[to]!, packed[member * 4]!);
            ranges[to + 1] = Math.max(ranges[to + 1]!, packed[member * 4 + 1]!);
          }
        });
        await Promise.all(reading);
      });
      return ranges;
    },
  };
}

export async function readAndRelease(kernels: Kernels, array: TensorInfo): Promise<Float32Array> {
  try {
    return await kernels.read(array);
  } finally {
    kernels.release(array);
  }
}
