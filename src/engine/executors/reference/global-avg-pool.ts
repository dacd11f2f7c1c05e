import type { GlobalPoolOp } from '#engine/model/program.ts';

/** The mean over all pixels of each channel; input [example, ...op.in]; gives [example, channel]. */
export function globalAvgPoolForward(op: GlobalPoolOp, input: Float64Array, examples: number): Float64Array {
  const [height, width, channels] = op.in;
  const output = new Float64Array(examples * channels);
  input.forEach((x, at) => {
    const example = Math.floor(at / (height * width * channels));
    output[example * channels + (at % channels)]! += x / (height * width);
  });
  return output;
}

/** Every pixel gets an equal share of its channel's gradient; gives [example, ...op.in]. */
export function globalAvgPoolBackward(op: GlobalPoolOp, outputGradient: Float64Array, examples: number): Float64Array {
  const [height, width, channels] = op.in;
  return Float64Array.from({ length: examples * height * width * channels }, (_, at) => {
    const example = Math.floor(at / (height * width * channels));
    return outputGradient[example * channels + (at % channels)]! / (height * width);
  });
}
