/** Fixed-point arithmetic of TensorFlow Lite (gemmlowp's fixedpoint.h, kernels/internal/common.h and quantization_util.cc). */

/** A real factor as multiplier x 2^(shift - 31), the multiplier in [2^30, 2^31) or 0. */
export interface QuantizedMultiplier {
  readonly multiplier: number;
  readonly shift: number;
}

/** QuantizeMultiplier; factor above 0. */
export function quantizedMultiplier(factor: number): QuantizedMultiplier {
  let shift = Math.floor(Math.log2(factor)) + 1;
  let fraction = factor / 2 ** shift; // in [0.5, 1), but for what the logarithm rounds
  if (fraction >= 1) [fraction, shift] = [fraction / 2, shift + 1];
  if (fraction < 0.5) [fraction, shift] = [fraction * 2, shift - 1];
  let multiplier = Math.round(fraction * 2 ** 31);
  if (multiplier === 2 ** 31) [multiplier, shift] = [2 ** 30, shift + 1];
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

/** x times the factor, rounded twice as the devices do. Throws where x leaves the int32 numbers. */
export function multiplyByQuantizedMultiplier(x: number, { multiplier, shift }: QuantizedMultiplier): number {
  const left = x * 2 ** Math.max(shift, 0);
  if (left !== (left | 0)) throw new RangeError(`${String(left)} is no int32.`);
  return roundingDivideByPowerOfTwo(highMultiply(left, multiplier), Math.max(-shift, 0));
}

/** SaturatingRoundingDoublingHighMul: a b / 2^31, to the nearest. */
function highMultiply(a: number, b: number): number {
  const product = BigInt(a) * BigInt(b);
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  return Number((product + nudge) / (1n << 31n)); // towards zero, as in C
}

/** RoundingDivideByPOT: to the nearest, halves away from zero. exponent in [0, 31]. */
function roundingDivideByPowerOfTwo(x: number, exponent: number): number {
  const divisor = 2 ** exponent;
  const whole = Math.floor(x / divisor);
  return whole + (x - whole * divisor > Math.floor((divisor - 1) / 2) + (x < 0 ? 1 : 0) ? 1 : 0);
}

/** sum / count as average pools and MEAN do: half of the count is added away from zero, and the rest cut off. */
export function truncatedMean(sum: number, count: number): number {
  const half = Math.trunc(count / 2);
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count);
}
