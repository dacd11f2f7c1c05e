import type { PoolOp } from '#engine/model/program.ts';

export interface Pooled {
  readonly output: Float64Array; // [example, ...op.out]
  /** [example, ...op.out] where in the input each maximum stood; on a tie the first in scan order. */
  readonly winners: Int32Array;
}

/** Max pool; input [example, ...op.in]. Windows may be all negative. NaN never wins over a number that stands before it. */
export function maxPoolForward(op: PoolOp, input: Float64Array, examples: number): Pooled {
  const [inHeight, inWidth, channels] = op.in;
  const [outHeight, outWidth] = op.out;
  const output = new Float64Array(examples * outHeight * outWidth * channels);
  const winners = new Int32Array(output.length);
  let at = 0;
  for (let example = 0; example < examples; example++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        for (let channel = 0; channel < channels; channel++, at++) {
          const first = ((example * inHeight + y * op.size) * inWidth + x * op.size) * channels + channel;
          let winner = first;
          for (let ky = 0; ky < op.size; ky++)
            for (let kx = 0; kx < op.size; kx++) {
              const candidate = first + (ky * inWidth + kx) * channels;
              if (input[candidate]! > input[winner]!) winner = candidate;
            }
          output[at] = input[winner]!;
          winners[at] = winner;
        }
  return { output, winners };
}

/** Hands each output's gradient to its winner; gives the gradient of the input, of length `inputSize`. */
export function maxPoolBackward(winners: Int32Array, outputGradient: Float64Array, inputSize: number): Float64Array {
  const inputGradient = new Float64Array(inputSize);
  winners.forEach((winner, at) => {
    inputGradient[winner]! += outputGradient[at]!;
  });
  return inputGradient;
}
