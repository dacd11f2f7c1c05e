/** The gradient before relu: that after it where the output is above 0, else 0 (also where the output is exactly 0). */
export function reluBackward(output: Float64Array, outputGradient: Float64Array): Float64Array {
  return outputGradient.map((gradient, i) => (output[i]! > 0 ? gradient : 0));
}
