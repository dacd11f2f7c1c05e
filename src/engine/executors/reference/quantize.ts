/** Rounds every value to the nearest (q - zeroPoint) scale with q a whole number in [-128, 127], in place. Halves are rounded up. */
export function quantizeFixed(values: Float64Array, scale: number, zeroPoint: number): void {
  for (let i = 0; i < values.length; i++) {
    const q = Math.min(127, Math.max(-128, Math.round(values[i]! / scale) + zeroPoint));
    values[i] = (q - zeroPoint) * scale;
  }
}

/** A copy of values [example, size] rounded symmetrically per example: scale = max|x| / 127. An example of zeros stays as it is. */
export function quantizeDynamic(values: Float64Array, examples: number): Float64Array {
  const size = values.length / examples;
  const rounded = values.slice();
  for (let example = 0; example < examples; example++) {
    const row = rounded.subarray(example * size, (example + 1) * size);
    const scale = row.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / 127;
    if (scale === 0) continue;
    for (let i = 0; i < size; i++) row[i] = Math.round(row[i]! / scale) * scale;
  }
  return rounded;
}
