import { COEF_A, COEF_B, COEF_G, COEF_INVERSE, COEF_MEAN, COEF_REST, COEF_Z } from './batch-join';
import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';

/** As in model/program.ts. */
const EPSILON: f64 = 1e-5;
const DECAY: f64 = 0.9;

/**
 * Moments of each channel: float64 count at `moments`, then pairs (mean, sum of squared differences from it) [stored, 2] from
 * byte 16 on. Within an image the sums are float32 of differences from the image's first pixel, so that a large mean
 * costs no digits; images are merged in float64 (Chan, Golub & LeVeque 1979).
 */
export function batchMoments(z: usize, first: i32, count: i32, moments: usize): void {
  const bytes = <usize>storedOf(z) << 2, height = heightOf(z), pixel = pixelOf(z), row = rowOf(z), length = <usize>widthOf(z) * pixel;
  const n = <f64>(height * widthOf(z));
  for (let image = first; image < first + count; image++) {
    const before = load<f64>(moments), share = n / (before + n);
    for (let o: usize = 0; o < bytes; o += 32) {
      let from = imageAt(z, image) + o;
      const pivot0 = v128.load(from), pivot1 = v128.load(from, 16);
      let sum0 = f32x4.splat(0), sum1 = sum0, square0 = sum0, square1 = sum0;
      for (let r = 0; r < height; r++, from += row)
        for (let p = from, end = p + length; p < end; p += pixel) {
          const x = f32x4.sub(v128.load(p), pivot0), y = f32x4.sub(v128.load(p, 16), pivot1);
          sum0 = f32x4.add(sum0, x); sum1 = f32x4.add(sum1, y);
          square0 = f32x4.add(square0, f32x4.mul(x, x)); square1 = f32x4.add(square1, f32x4.mul(y, y));
        }
      merge4(moments + 16 + (o << 2), pivot0, sum0, square0, n, before, share);
      merge4(moments + 80 + (o << 2), pivot1, sum1, square1, n, before, share);
    }
    store<f64>(moments, before + n);
  }
}

// @ts-ignore: decorator
@inline
function merge4(to: usize, pivot: v128, sum: v128, square: v128, n: f64, before: f64, share: f64): void {
  merge(to, f32x4.extract_lane(pivot, 0), f32x4.extract_lane(sum, 0), f32x4.extract_lane(square, 0), n, before, share);
  merge(to + 16, f32x4.extract_lane(pivot, 1), f32x4.extract_lane(sum, 1), f32x4.extract_lane(square, 1), n, before, share);
  merge(to + 32, f32x4.extract_lane(pivot, 2), f32x4.extract_lane(sum, 2), f32x4.extract_lane(square, 2), n, before, share);
  merge(to + 48, f32x4.extract_lane(pivot, 3), f32x4.extract_lane(sum, 3), f32x4.extract_lane(square, 3), n, before, share);
}

function merge(to: usize, pivot: f64, sum: f64, square: f64, n: f64, before: f64, share: f64): void {
  const shift = sum / n, mean = load<f64>(to), delta = pivot + shift - mean;
  store<f64>(to, mean + delta * share);
  store<f64>(to, load<f64>(to, 8) + max<f64>(0, square - shift * sum) + delta * delta * before * share, 8);
}

/**
 * From the moments the record's vectors of the forward pass, y = a z + b, and the running statistics. params: scale, shift
 * [channels]; running: mean, variance [channels].
 */
export function batchNormFinish(moments: usize, params: usize, running: usize, channels: i32, stored: i32, coef: usize): void {
  const n = load<f64>(moments), vector = <usize>stored << 2, one = <usize>channels << 2;
  for (let c = 0; c < channels; c++, moments += 16, params += 4, running += 4, coef += 4) {
    const mean = load<f64>(moments, 16), squares = load<f64>(moments, 24), inverse = 1 / Math.sqrt(squares / n + EPSILON);
    const a = <f64>load<f32>(params) * inverse;
    store<f32>(coef + vector * COEF_A, <f32>a);
    store<f32>(coef + vector * COEF_B, <f32>(<f64>load<f32>(params + one) - mean * a));
    store<f32>(coef + vector * COEF_MEAN, <f32>mean);
    store<f32>(coef + vector * COEF_INVERSE, <f32>inverse);
    const unbiased = n > 1 ? squares / (n - 1) : squares;
    store<f32>(running, <f32>(DECAY * <f64>load<f32>(running) + (1 - DECAY) * mean));
    store<f32>(running + one, <f32>(DECAY * <f64>load<f32>(running + one) + (1 - DECAY) * unbiased));
  }
}

/** The vectors of y = a z + b at prediction, from scale, shift, running mean and variance [channels] at `params`. */
export function batchNormPredict(params: usize, channels: i32, stored: i32, coef: usize): void {
  const vector = <usize>stored << 2, one = <usize>channels << 2;
  for (let c = 0; c < channels; c++, params += 4, coef += 4) {
    const a = <f64>load<f32>(params) / Math.sqrt(<f64>load<f32>(params + one * 3) + EPSILON);
    store<f32>(coef + vector * COEF_A, <f32>a);
    store<f32>(coef + vector * COEF_B, <f32>(<f64>load<f32>(params + one) - <f64>load<f32>(params + one * 2) * a));
  }
}

/** From the sums of batchJoinSums the vectors of the backward pass, and the gradients of scale and shift [channels] at `gradients`. */
export function batchNormTurn(sums: usize, moments: usize, gradients: usize, channels: i32, stored: i32, coef: usize): void {
  const n = load<f64>(moments), vector = <usize>stored << 2, one = <usize>channels << 2;
  for (let c = 0; c < channels; c++, sums += 16, gradients += 4, coef += 4) {
    const sum = load<f64>(sums), product = load<f64>(sums, 8), inverse = <f64>load<f32>(coef + vector * COEF_INVERSE);
    const a = <f64>load<f32>(coef + vector * COEF_A), mean = <f64>load<f32>(coef + vector * COEF_MEAN), slope = inverse * inverse * product / n;
    store<f32>(gradients, <f32>(inverse * product));
    store<f32>(gradients + one, <f32>sum);
    store<f32>(coef + vector * COEF_G, <f32>a);
    store<f32>(coef + vector * COEF_Z, <f32>(-a * slope));
    store<f32>(coef + vector * COEF_REST, <f32>(a * (mean * slope - sum / n)));
  }
}
