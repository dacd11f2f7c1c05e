/**
 * Softmax cross-entropy of logits [rows, classes], rows `stride` bytes apart. Writes the gradient of `scale` x the sum of
 * losses to d and returns the sum of losses. Subtracts the greatest logit first, so that exp cannot overflow.
 * indices: int32 example a row; labels: uint16 class an example.
 */
export function softmaxCrossEntropy(
  logits: usize, d: usize, stride: usize, indices: usize, labels: usize, rows: i32, classes: i32, scale: f32,
): f32 {
  const bytes = (<usize>classes) << 2;
  let loss: f32 = 0;
  for (let row = 0; row < rows; row++, logits += stride, d += stride, indices += 4) {
    let greatest = load<f32>(logits);
    for (let c: usize = 4; c < bytes; c += 4) greatest = max<f32>(greatest, load<f32>(logits + c));
    let sum: f32 = 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const e = NativeMathf.exp(load<f32>(logits + c) - greatest);
      sum += e;
      store<f32>(d + c, e < <f32>1e-30 ? 0 : e); // far below rounding, and its products would be denormals, which are slow
    }
    const ratio = scale / sum;
    for (let c: usize = 0; c < bytes; c += 4) store<f32>(d + c, load<f32>(d + c) * ratio);
    const label = (<usize>load<u16>(labels + ((<usize>load<u32>(indices)) << 1))) << 2;
    store<f32>(d + label, load<f32>(d + label) - scale);
    loss += NativeMathf.log(sum) + greatest - load<f32>(logits + label);
  }
  return loss;
}

/** Logistic cross-entropy of one logit a row, log(1 + exp(z)) - label z; arguments as above. Neither exp nor log can overflow. */
export function logisticCrossEntropy(
  logits: usize, d: usize, stride: usize, indices: usize, labels: usize, rows: i32, scale: f32,
): f32 {
  let loss: f32 = 0;
  for (let row = 0; row < rows; row++, logits += stride, d += stride, indices += 4) {
    const z = load<f32>(logits), label = <f32>load<u16>(labels + ((<usize>load<u32>(indices)) << 1));
    store<f32>(d, (sigmoid(z) - label) * scale);
    loss += softplus(z) - label * z;
  }
  return loss;
}

/** 1 / (1 + exp(-z)); 0 far below rounding, since products with it would be denormals, which are slow. */
// @ts-ignore: decorator
@inline
export function sigmoid(z: f32): f32 {
  const e = NativeMathf.exp(-abs<f32>(z)), small: f32 = e < <f32>1e-30 ? 0 : e / (<f32>1 + e);
  return z < 0 ? small : <f32>1 - small;
}

/** log(1 + exp(z)). */
// @ts-ignore: decorator
@inline
export function softplus(z: f32): f32 {
  return max<f32>(z, 0) + NativeMathf.log1p(NativeMathf.exp(-abs<f32>(z)));
}
