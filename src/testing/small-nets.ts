import type { TrainingData } from '#engine/executors/executor.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';

/** Seeded normal inputs and random labels for tests. */
export function randomData(program: StepProgram, examples: number, seed: number): TrainingData {
  const random = stream(seed, 'data');
  const data = Float32Array.from({ length: examples * shapeSize(program.input) }, random.normal);
  const labels = Uint16Array.from({ length: examples }, () => random.int(program.classes));
  return { inputs: { kind: 'floats', data }, labels, examples };
}

/** Parameters with non-zero biases, so that relu and max pool have negative inputs as well. */
export function randomParameters(program: StepProgram, seed: number): Float64Array {
  const random = stream(seed, 'parameters');
  const parameters = new Float64Array(program.parameterCount);
  for (const tensor of program.tensors)
    for (let i = 0; i < tensor.size; i++) parameters[tensor.offset + i] = random.normal() / Math.sqrt(tensor.fanIn);
  return parameters;
}

export function countUpTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
