import type { BatchNormOp } from '#engine/model/program.ts';
import { BATCH_NORM_DECAY, BATCH_NORM_EPSILON } from '#engine/model/program.ts';

/** Mean and variance of each channel, [channel]. */
export interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Mean and biased variance over all examples and pixels; input [example, ...op.in]. */
export function batchStatistics(op: BatchNormOp, input: Float64Array): Statistics {
  const channels = op.in[2];
  const count = input.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  input.forEach((x, at) => {
    mean[at % channels]! += x / count;
  });
  input.forEach((x, at) => {
    variance[at % channels]! += (x - mean[at % channels]!) ** 2 / count;
  });
  return { mean, variance };
}

/** The statistics that prediction uses, from parameters [parameterCount]. */
export function runningStatistics(op: BatchNormOp, parameters: Float64Array): Statistics {
  const { mean, variance, end } = vectors(op);
  return { mean: parameters.subarray(mean, variance), variance: parameters.subarray(variance, end) };
}

/** Batch norm, before relu, with the given statistics; input [example, ...op.in]; gives the same shape. */
export function batchNormForward(
  op: BatchNormOp,
  input: Float64Array,
  parameters: Float64Array,
  statistics: Statistics,
): Float64Array {
  const channels = op.in[2];
  const { scale, shift } = vectors(op);
  return input.map((x, at) => {
    const channel = at % channels;
    return parameters[scale + channel]! * normalized(x, channel, statistics) + parameters[shift + channel]!;
  });
}

/**
 * From the gradient before relu, [example, ...op.out], and the batch's own statistics, through which gradients flow as well.
 * Those of scale and shift are added up into `gradients` [parameterCount]; gives that of the input, [example, ...op.in]:
 * scale / deviation (g - mean(g) - x' mean(g x')) with x' the normalized input and means over the batch (Ioffe & Szegedy 2015).
 */
export function batchNormBackward(
  op: BatchNormOp,
  input: Float64Array,
  outputGradient: Float64Array,
  parameters: Float64Array,
  gradients: Float64Array,
  statistics: Statistics,
): Float64Array {
  const channels = op.in[2];
  const count = input.length / channels;
  const { scale, shift } = vectors(op);
  const ofScale = new Float64Array(channels);
  const ofShift = new Float64Array(channels);
  outputGradient.forEach((gradient, at) => {
    const channel = at % channels;
    ofScale[channel]! += gradient * normalized(input[at]!, channel, statistics);
    ofShift[channel]! += gradient;
  });
  for (let channel = 0; channel < channels; channel++) {
    gradients[scale + channel]! += ofScale[channel]!;
    gradients[shift + channel]! += ofShift[channel]!;
  }
  return outputGradient.map((gradient, at) => {
    const channel = at % channels;
    const x = normalized(input[at]!, channel, statistics);
    const centred = gradient - (ofShift[channel]! + x * ofScale[channel]!) / count;
    return (parameters[scale + channel]! * centred) / deviation(channel, statistics);
  });
}

/** Moves the running statistics in raw parameters [parameterCount] of a member towards those of a batch of `count` numbers a channel. */
export function moveRunningStatistics(
  op: BatchNormOp,
  parameters: Float32Array,
  batch: Statistics,
  count: number,
): void {
  const { mean, variance } = vectors(op);
  const unbiased = count > 1 ? count / (count - 1) : 1;
  const move = (at: number, value: number): void => {
    parameters[at] = BATCH_NORM_DECAY * parameters[at]! + (1 - BATCH_NORM_DECAY) * value;
  };
  for (let channel = 0; channel < op.in[2]; channel++) {
    move(mean + channel, batch.mean[channel]!);
    move(variance + channel, unbiased * batch.variance[channel]!);
  }
}

/** Where the four vectors start in the parameters, and where the last one ends. */
function vectors({ offset, in: [, , channels] }: BatchNormOp) {
  return {
    scale: offset,
    shift: offset + channels,
    mean: offset + 2 * channels,
    variance: offset + 3 * channels,
    end: offset + 4 * channels,
  };
}

function deviation(channel: number, { variance }: Statistics): number {
  return Math.sqrt(variance[channel]! + BATCH_NORM_EPSILON);
}

function normalized(x: number, channel: number, statistics: Statistics): number {
  return (x - statistics.mean[channel]!) / deviation(channel, statistics);
}
