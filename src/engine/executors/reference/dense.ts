import { shapeSize } from '#engine/model/geometry.ts';
import type { DenseOp } from '#engine/model/program.ts';

/** Dense layer with bias, before relu. input [example, inputs], parameters [parameterCount]; gives [example, units]. */
export function denseForward(
  op: DenseOp,
  input: Float64Array,
  parameters: Float64Array,
  examples: number,
): Float64Array {
  const inputs = shapeSize(op.in);
  const units = op.out[2];
  const bias = op.offset + op.kernelSize;
  const output = new Float64Array(examples * units);
  for (let example = 0; example < examples; example++) {
    const outAt = example * units;
    for (let unit = 0; unit < units; unit++) output[outAt + unit] = parameters[bias + unit]!;
    for (let i = 0; i < inputs; i++) {
      const x = input[example * inputs + i]!;
      if (x === 0) continue;
      const weightAt = op.offset + i * units;
      for (let unit = 0; unit < units; unit++) output[outAt + unit]! += x * parameters[weightAt + unit]!;
    }
  }
  return output;
}

/**
 * The gradient before relu, [example, units], is added up into `gradients` [parameterCount]; gives the gradient of the
 * input, [example, inputs].
 */
export function denseBackward(
  op: DenseOp,
  input: Float64Array,
  outputGradient: Float64Array,
  parameters: Float64Array,
  gradients: Float64Array,
  examples: number,
): Float64Array {
  const inputs = shapeSize(op.in);
  const units = op.out[2];
  const bias = op.offset + op.kernelSize;
  const inputGradient = new Float64Array(input.length);
  for (let example = 0; example < examples; example++) {
    const outAt = example * units;
    for (let unit = 0; unit < units; unit++) gradients[bias + unit]! += outputGradient[outAt + unit]!;
    for (let i = 0; i < inputs; i++) {
      const inAt = example * inputs + i;
      const weightAt = op.offset + i * units;
      const x = input[inAt]!;
      let sum = 0;
      for (let unit = 0; unit < units; unit++) {
        const gradient = outputGradient[outAt + unit]!;
        gradients[weightAt + unit]! += x * gradient;
        sum += parameters[weightAt + unit]! * gradient;
      }
      inputGradient[inAt] = sum;
    }
  }
  return inputGradient;
}
