import { sigmoid, softplus } from './loss';

/**
 * What a teacher adds to the loss (Hinton et al. 2015): KL(teacher || student) at a temperature T. Each function adds the
 * gradient of `scale` T^2 x the sum of the divergences to d, which holds the gradient of the labels' loss, and returns the sum
 * without T^2. logits and d: [rows, outputs], rows `stride` bytes apart; indices: int32 example a row; teacher: [example, outputs].
 */
export function softmaxDistillation(
  logits: usize, d: usize, stride: usize, indices: usize, teacher: usize, rows: i32, outputs: i32, temperature: f32, scale: f32,
): f32 {
  const bytes = (<usize>outputs) << 2, cool = <f32>1 / temperature;
  let divergence: f32 = 0;
  for (let row = 0; row < rows; row++, logits += stride, d += stride, indices += 4) {
    const wanted = teacher + <usize>load<u32>(indices) * bytes;
    const own = logSumExp(logits, bytes, cool), other = logSumExp(wanted, bytes, cool);
    for (let c: usize = 0; c < bytes; c += 4) {
      const q = load<f32>(logits + c) * cool - own, p = load<f32>(wanted + c) * cool - other, probability = NativeMathf.exp(p);
      if (probability > 0) divergence += probability * (p - q);
      const g = (NativeMathf.exp(q) - probability) * (scale * temperature);
      store<f32>(d + c, load<f32>(d + c) + (abs<f32>(g) < <f32>1e-34 ? 0 : g)); // denormals are slow
    }
  }
  return divergence;
}

/** The same for the two probabilities that one logit stands for. */
export function logisticDistillation(
  logits: usize, d: usize, stride: usize, indices: usize, teacher: usize, rows: i32, temperature: f32, scale: f32,
): f32 {
  const cool = <f32>1 / temperature;
  let divergence: f32 = 0;
  for (let row = 0; row < rows; row++, logits += stride, d += stride, indices += 4) {
    const own = load<f32>(logits) * cool, other = load<f32>(teacher + ((<usize>load<u32>(indices)) << 2)) * cool;
    const p = sigmoid(other), rest = sigmoid(-other);
    divergence += p * (softplus(-own) - softplus(-other)) + rest * (softplus(own) - softplus(other));
    store<f32>(d, load<f32>(d) + (sigmoid(own) - p) * (scale * temperature));
  }
  return divergence;
}

/** log of the sum of exp(factor x). */
// @ts-ignore: decorator
@inline
function logSumExp(x: usize, bytes: usize, factor: f32): f32 {
  let greatest = load<f32>(x);
  for (let c: usize = 4; c < bytes; c += 4) greatest = max<f32>(greatest, load<f32>(x + c));
  let sum: f32 = 0;
  for (let c: usize = 0; c < bytes; c += 4) sum += NativeMathf.exp((load<f32>(x + c) - greatest) * factor);
  return greatest * factor + NativeMathf.log(sum);
}
