import type { TrainingData } from '#engine/executors/executor.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';

export { countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';

/** Seeded random bytes and labels. */
export function randomBytes(program: StepProgram, examples: number, seed: number): TrainingData {
  const random = stream(seed, 'bytes');
  const data = Uint8Array.from({ length: examples * shapeSize(program.input) }, () => random.int(256));
  const labels = Uint16Array.from({ length: examples }, () => random.int(program.classes));
  return { inputs: { kind: 'bytes', data }, labels, examples };
}

/** About half of the weights of every kernel of every member, and 1 elsewhere, [member, parameterCount]. */
export function randomMask(program: StepProgram, members: number, seed: number): Float32Array {
  const random = stream(seed, 'mask');
  const mask = new Float32Array(members * program.parameterCount).fill(1);
  for (let member = 0; member < members; member++)
    for (const { kind, offset, size } of program.tensors)
      if (kind === 'conv-kernel' || kind === 'dense-kernel')
        for (let i = 0; i < size; i++) mask[member * program.parameterCount + offset + i] = random.int(2);
  return mask;
}
