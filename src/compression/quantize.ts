/**
 * Quantization after the TensorFlow Lite specification, simulated in float: every function gives the real values
 * that the integers stand for. real = (q - zeroPoint) scale. Scales are float32 numbers, as the devices see them.
 */
export interface Grid {
  readonly scale: number;
  /** In [-128, 127]. */
  readonly zeroPoint: number;
}

/** Bits of a quantized weight; activations always have eight. */
export type WeightBits = 8 | 4 | 2;

/** Weights have q in [-limit, limit]: 127, 7 or 1. */
function weightLimit(bits: WeightBits): number {
  return 2 ** (bits - 1) - 1;
}

const LEAST = -128;
const LARGEST = 127;
/** The least normal float32: devices take smaller scales for 0, and nothing can be divided by that. */
const LEAST_SCALE = 2 ** -126;
const INT32_LIMIT = 2 ** 31 - 1;

/** To the nearest whole number, halves away from zero, as TensorFlow Lite rounds. */
function roundAway(x: number): number {
  const rounded = Math.floor(Math.abs(x) + 0.5);
  return x < 0 && rounded > 0 ? -rounded : rounded; // never -0
}

/** Which weights share a scale: values[first], values[first + stride], ... */
interface Lane {
  readonly first: number;
  readonly stride: number;
}

/**
 * Scale of weights in [-127, 127] steps (of fewer bits [-7, 7] or [-1, 1]): the largest magnitude / 127; 1 where all are (next
 * to) zero. Throws on NaN and infinity.
 */
export function symmetricScale(
  values: Float32Array,
  bits: WeightBits = 8,
  { first, stride }: Lane = { first: 0, stride: 1 },
): number {
  let largest = 0;
  for (let i = first; i < values.length; i += stride) {
    const magnitude = Math.abs(values[i]!);
    if (!Number.isFinite(magnitude)) throw new RangeError('Weights that are not finite cannot be quantized.');
    if (magnitude > largest) largest = magnitude;
  }
  const scale = largest / weightLimit(bits);
  return scale < LEAST_SCALE ? 1 : Math.fround(scale);
}

/** One scale per output channel; values [..., channel]. */
export function perChannelScales(values: Float32Array, channels: number, bits: WeightBits = 8): Float32Array {
  return Float32Array.from({ length: channels }, (_, first) =>
    symmetricScale(values, bits, { first, stride: channels }),
  );
}

/**
 * Rounds weights to their grid, in place. scales: one for the whole tensor, or one per output channel (values [..., channel]).
 * Gives how many lay beyond an end of the grid.
 */
export function quantizeWeights(values: Float32Array, scales: Float32Array, bits: WeightBits = 8): number {
  const limit = weightLimit(bits);
  return roundTo(values, (i) => scales[i % scales.length]!, -limit, limit);
}

/**
 * Rounds biases to int32 steps of inputScale x weightScale, in place. weightScales: one, or one per output channel. Gives how
 * many lay beyond the int32 numbers.
 */
export function quantizeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array): number {
  return roundTo(bias, (i) => inputScale * weightScales[i % weightScales.length]!, -INT32_LIMIT - 1, INT32_LIMIT);
}

function roundTo(values: Float32Array, scaleOf: (i: number) => number, low: number, high: number): number {
  let clipped = 0;
  for (let i = 0; i < values.length; i++) {
    const scale = scaleOf(i);
    const q = roundAway(values[i]! / scale);
    if (q < low || q > high) clipped++;
    values[i] = clamp(q, low, high) * scale;
  }
  return clipped;
}

/**
 * The asymmetric grid of activations seen between `min` and `max`. The range is widened to contain 0, and the zero point is
 * nudged to a whole number so that 0 is exact (ChooseQuantizationParams of gemmlowp and TensorFlow Lite). A range of
 * (next to) nothing but 0 gives scale 1. Throws on NaN, infinity and min > max.
 */
export function activationGrid(min: number, max: number): Grid {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
    throw new RangeError(`Activations between ${String(min)} and ${String(max)} cannot be quantized.`);
  const low = Math.min(min, 0);
  const high = Math.max(max, 0);
  const scale = (high - low) / (LARGEST - LEAST);
  if (scale < LEAST_SCALE) return { scale: 1, zeroPoint: 0 };
  const fromLow = LEAST - low / scale;
  const fromHigh = LARGEST - high / scale;
  const lowError = Math.abs(LEAST) + Math.abs(low / scale);
  const highError = Math.abs(LARGEST) + Math.abs(high / scale);
  const zeroPoint = clamp(roundAway(lowError < highError ? fromLow : fromHigh), LEAST, LARGEST);
  return { scale: Math.fround(scale), zeroPoint };
}

/** The value on an activation grid that is nearest to x; what lies outside the grid goes to its end. */
export function quantizeActivation(x: number, grid: Grid): number {
  return (clamp(roundAway(x / grid.scale) + grid.zeroPoint, LEAST, LARGEST) - grid.zeroPoint) * grid.scale;
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
