import type { PoolOp } from '#engine/model/program.ts';

/** Average pool; input [example, ...op.in]; gives [example, ...op.out]. */
export function avgPoolForward(op: PoolOp, input: Float64Array, examples: number): Float64Array {
  const output = new Float64Array(examples * op.out[0] * op.out[1] * op.out[2]);
  const share = 1 / (op.size * op.size);
  forEachTap(op, examples, (outAt, inAt) => {
    output[outAt]! += share * input[inAt]!;
  });
  return output;
}

/** Each pixel of a window gets an equal share of the gradient, dropped pixels get 0; gives [example, ...op.in]. */
export function avgPoolBackward(op: PoolOp, outputGradient: Float64Array, examples: number): Float64Array {
  const inputGradient = new Float64Array(examples * op.in[0] * op.in[1] * op.in[2]);
  const share = 1 / (op.size * op.size);
  forEachTap(op, examples, (outAt, inAt) => {
    inputGradient[inAt]! += share * outputGradient[outAt]!;
  });
  return inputGradient;
}

/** Calls `visit` for each number of the output and each of its window's in the input, with their indices. */
function forEachTap(op: PoolOp, examples: number, visit: (outAt: number, inAt: number) => void): void {
  const [inHeight, inWidth, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  for (let example = 0; example < examples; example++)
    for (let y = 0; y < outHeight * op.size; y++)
      for (let x = 0; x < outWidth * op.size; x++) {
        const outAt = (example * outHeight + Math.floor(y / op.size)) * outWidth + Math.floor(x / op.size);
        const inAt = (example * inHeight + y) * inWidth + x;
        for (let channel = 0; channel < channels; channel++)
          visit(outAt * channels + channel, inAt * channels + channel);
      }
}
