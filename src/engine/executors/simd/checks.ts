import type { ChunkSpec, FakeQuantization } from '#engine/executors/executor.ts';
import type { ResidentData } from '#engine/executors/simd/member-path.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** Checks of what the kernels do not look at: they would read or write outside of their buffers. All throw a RangeError. */

export function requireLength(what: string, array: Float32Array | Int32Array, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}

/** The data have the program's inputs, and every index is an example. */
export function requireExamples(program: StepProgram, data: ResidentData, indices: Int32Array): void {
  const wanted = shapeSize(program.input);
  if (data.inputSize !== wanted)
    throw new RangeError(
      `The model takes ${String(wanted)} numbers an example, the data have ${String(data.inputSize)}.`,
    );
  for (const example of indices)
    if (example < 0 || example >= data.examples)
      throw new RangeError(`There is no example ${String(example)}: the data hold ${String(data.examples)}.`);
}

/** Labels are classes of the program, and a teacher has logits for all the data. */
export function requireTargets({ program, members, distillation }: ChunkSpec, data: ResidentData): void {
  if (data.greatestLabel >= program.classes)
    throw new RangeError(
      `The data have a label ${String(data.greatestLabel)}, the model ${String(program.classes)} classes.`,
    );
  if (distillation) requireLength("teacher's logits", distillation.teacher, members * data.examples * program.outputs);
}

/** Sizes are right, the decay is in [0,1), and no point in front of a max pool is marked: the pool's point is marked instead. */
export function requireFakeQuantization(program: StepProgram, members: number, quantization: FakeQuantization): void {
  const { points, ranges, decay } = quantization;
  const count = program.ops.length + 1;
  if (points.length !== count) throw new RangeError(`There must be ${String(count)} marks of points.`);
  requireLength('ranges', ranges, members * count * 2);
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`The decay of ranges must be in [0,1), not ${String(decay)}.`);
  const pool = program.ops.find((op) => op.kind === 'maxpool' && op.from > 0 && points[op.from] === true);
  if (pool) throw new RangeError(`The point in front of ${pool.name} is marked: mark the point behind it.`);
}
