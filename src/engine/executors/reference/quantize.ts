import type { Grid } from '#compression/quantize.ts';

const LEAST = -128;
const LARGEST = 127;

/** A copy with every value rounded to the nearest (q - zeroPoint) scale with q a whole number in [-128, 127]. Halves are rounded up. */
export function quantizeFixed(values: Float64Array, { scale, zeroPoint }: Grid): Float64Array {
  return values.map((x) => {
    const q = Math.min(LARGEST, Math.max(LEAST, Math.round(x / scale) + zeroPoint));
    return (q - zeroPoint) * scale;
  });
}

/** A copy of values [example, size] rounded symmetrically per example: scale = max|x| / 127. An example of zeros stays as it is. */
export function quantizeDynamic(values: Float64Array, examples: number): Float64Array {
  const size = values.length / examples;
  const rounded = values.slice();
  for (let example = 0; example < examples; example++) {
    const row = rounded.subarray(example * size, (example + 1) * size);
    const scale = row.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / LARGEST;
    if (scale === 0) continue;
    for (let i = 0; i < size; i++) row[i] = Math.round(row[i]! / scale) * scale;
  }
  return rounded;
}
