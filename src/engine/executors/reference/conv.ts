import type { ConvOp } from '#engine/model/program.ts';

/**
 * Convolution, before relu, with bias where the op has one. input [example, ...op.in], parameters [parameterCount]; gives
 * [example, ...op.out]. Pixels outside the input count as 0.
 */
export function convForward(op: ConvOp, input: Float64Array, parameters: Float64Array, examples: number): Float64Array {
  const [outHeight, outWidth, outChannels] = op.out;
  const bias = op.offset + op.kernelSize;
  const output = new Float64Array(examples * outHeight * outWidth * outChannels);
  if (op.bias)
    for (let position = 0; position < output.length; position += outChannels)
      for (let channel = 0; channel < outChannels; channel++) output[position + channel] = parameters[bias + channel]!;
  forEachTap(op, examples, (outAt, inAt, weightAt) => {
    const x = input[inAt]!;
    if (x === 0) return;
    for (let channel = 0; channel < outChannels; channel++)
      output[outAt + channel]! += x * parameters[weightAt + channel]!;
  });
  return output;
}

/**
 * The gradient before relu, [example, ...op.out], is added up into `gradients` [parameterCount]; gives the gradient of the
 * input, [example, ...op.in].
 */
export function convBackward(
  op: ConvOp,
  input: Float64Array,
  outputGradient: Float64Array,
  parameters: Float64Array,
  gradients: Float64Array,
  examples: number,
): Float64Array {
  const outChannels = op.out[2];
  const bias = op.offset + op.kernelSize;
  const inputGradient = new Float64Array(input.length);
  if (op.bias)
    for (let position = 0; position < outputGradient.length; position += outChannels)
      for (let channel = 0; channel < outChannels; channel++)
        gradients[bias + channel]! += outputGradient[position + channel]!;
  forEachTap(op, examples, (outAt, inAt, weightAt) => {
    const x = input[inAt]!;
    let sum = 0;
    for (let channel = 0; channel < outChannels; channel++) {
      const gradient = outputGradient[outAt + channel]!;
      gradients[weightAt + channel]! += x * gradient;
      sum += parameters[weightAt + channel]! * gradient;
    }
    inputGradient[inAt]! += sum;
  });
  return inputGradient;
}

/** Calls `visit` for each (output pixel, kernel position, input channel) that lies inside the input, with the indices of the first output channel. */
function forEachTap(
  op: ConvOp,
  examples: number,
  visit: (outAt: number, inAt: number, weightAt: number) => void,
): void {
  const [inHeight, inWidth, inChannels] = op.in;
  const [outHeight, outWidth, outChannels] = op.out;
  for (let example = 0; example < examples; example++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++) {
        const outAt = ((example * outHeight + y) * outWidth + x) * outChannels;
        for (let ky = 0; ky < op.kernel; ky++) {
          const inY = y * op.stride + ky - op.padTop;
          if (inY < 0 || inY >= inHeight) continue;
          for (let kx = 0; kx < op.kernel; kx++) {
            const inX = x * op.stride + kx - op.padLeft;
            if (inX < 0 || inX >= inWidth) continue;
            const inAt = ((example * inHeight + inY) * inWidth + inX) * inChannels;
            const weightAt = op.offset + (ky * op.kernel + kx) * inChannels * outChannels;
            for (let channel = 0; channel < inChannels; channel++)
              visit(outAt, inAt + channel, weightAt + channel * outChannels);
          }
        }
      }
}
