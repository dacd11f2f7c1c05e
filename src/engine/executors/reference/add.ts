/** The sum of two points, before relu. (Backward: each gets the gradient of the sum as it is.) */
export function addForward(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x + b[i]!);
}
