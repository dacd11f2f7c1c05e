import type { Grid } from '#compression/quantize.ts';
import { activationGrid } from '#compression/quantize.ts';
import { isWeighted } from '#engine/model/program.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** The least normal float32: devices take smaller scales for 0. */
const LEAST_SCALE = 2 ** -126;

/** Fake quantization of one member; as FakeQuantization, which holds that of all members. */
export interface MemberFakeQuantization {
  /** [point] */
  readonly points: readonly boolean[];
  /** Least and largest value, [point, 2]. */
  readonly ranges: Float32Array;
}

/** The grid of a range as it stands. A range that is not finite, of a member that has diverged, makes everything NaN. */
export function gridOfRange(ranges: Float32Array, point: number): Grid {
  const least = ranges[2 * point]!;
  const largest = ranges[2 * point + 1]!;
  if (!Number.isFinite(least) || !Number.isFinite(largest)) return { scale: Number.NaN, zeroPoint: 0 };
  return activationGrid(least, largest);
}

/** The gradient of values that were rounded: passes where the value before lies between the ends of its grid, both included. */
export function straightThrough(
  unrounded: Float64Array,
  outputGradient: Float64Array,
  { scale, zeroPoint }: Grid,
): Float64Array {
  const low = (-128 - zeroPoint) * scale;
  const high = (127 - zeroPoint) * scale;
  return outputGradient.map((gradient, i) => (unrounded[i]! >= low && unrounded[i]! <= high ? gradient : 0));
}

/**
 * A copy of effective weights [parameterCount] with every kernel rounded to int8: scale = max|w| / 127, per output channel for
 * convolutions and per tensor for dense layers; halves are rounded up. What is (next to) nothing but zeros, with a scale below the least
 * normal float32, stays as it is.
 */
export function withRoundedKernels(program: StepProgram, weights: Float64Array): Float64Array {
  const rounded = weights.slice();
  for (const op of program.ops.filter(isWeighted)) {
    const kernel = rounded.subarray(op.offset, op.offset + op.kernelSize);
    const scales = new Float64Array(op.kind === 'conv' ? op.out[2] : 1);
    kernel.forEach((w, i) => {
      scales[i % scales.length] = Math.max(scales[i % scales.length]!, Math.abs(w) / 127);
    });
    kernel.forEach((w, i) => {
      const scale = scales[i % scales.length]!;
      if (!(scale < LEAST_SCALE)) kernel[i] = Math.round(w / scale) * scale;
    });
  }
  return rounded;
}

/** Moves the ranges of the marked points, [point, 2], in place towards the values of a batch before rounding, [point]. */
export function moveRanges(
  { points, ranges }: MemberFakeQuantization,
  unrounded: readonly Float64Array[],
  decay: number,
): void {
  const move = (at: number, value: number): void => {
    ranges[at] = decay * ranges[at]! + (1 - decay) * value;
  };
  unrounded.forEach((values, point) => {
    if (points[point] !== true) return;
    move(
      2 * point,
      values.reduce((least, x) => Math.min(least, x), 0),
    );
    move(
      2 * point + 1,
      values.reduce((largest, x) => Math.max(largest, x), 0),
    );
  });
}
