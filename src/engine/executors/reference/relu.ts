/** Numbers below 0 become 0, in place; NaN stays. */
export function relu(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

/** The gradient before relu: that after it where the output is above 0, else 0 (also where the output is exactly 0). */
export function reluBackward(output: Float64Array, outputGradient: Float64Array): Float64Array {
  return outputGradient.map((gradient, i) => (output[i]! > 0 ? gradient : 0));
}
