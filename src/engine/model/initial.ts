import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';

/**
 * Initial parameters of one member, [parameterCount]: kernels from a normal distribution with variance 2 / fanIn (He et al.
 * 2015), scales and running variances of batch norm 1, everything else 0. Depends on the seed and the member only, so that every level starts a member alike.
 */
export function initialParameters(program: StepProgram, seed: number, member: number): Float32Array {
  const random = stream(seed, 'init', member);
  const parameters = new Float32Array(program.parameterCount);
  for (const tensor of program.tensors) {
    if (tensor.kind === 'bn-scale' || tensor.kind === 'bn-variance')
      parameters.fill(1, tensor.offset, tensor.offset + tensor.size);
    if (tensor.kind !== 'conv-kernel' && tensor.kind !== 'dense-kernel') continue;
    const deviation = Math.sqrt(2 / tensor.fanIn);
    for (let i = 0; i < tensor.size; i++) parameters[tensor.offset + i] = deviation * random.normal();
  }
  return parameters;
}
