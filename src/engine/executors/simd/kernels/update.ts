/**
 * Optimizer steps over the flat parameter vector, fused with the mask. Where the mask is 0 the raw weight and its state
 * stay as they are. All vectors hold `bytes` bytes, a multiple of 16. Effective = raw x mask, ready for the next step.
 * State that decays where no gradient comes ends as a denormal that rounding keeps alive, and denormals are slow: flushed.
 */

/** effective = raw x mask. */
export function applyMask(raw: usize, mask: usize, effective: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(effective + i, f32x4.mul(v128.load(raw + i), v128.load(mask + i)));
}

/** w -= rate g. */
export function updateSgd(raw: usize, mask: usize, effective: usize, gradient: usize, bytes: usize, rate: f32): void {
  const rates = f32x4.splat(rate);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = v128.load(raw + i);
    const next = f32x4.sub(w, f32x4.mul(rates, v128.load(gradient + i)));
    finish(raw + i, effective + i, w, next, m);
  }
}

/** v = momentum v + g, w -= rate v. */
export function updateMomentum(
  raw: usize, mask: usize, effective: usize, velocity: usize, gradient: usize, bytes: usize, rate: f32, momentum: f32,
): void {
  const rates = f32x4.splat(rate), momenta = f32x4.splat(momentum), zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = v128.load(raw + i), old = v128.load(velocity + i), on = f32x4.ne(m, zero);
    const v = f32x4.add(f32x4.mul(momenta, old), v128.load(gradient + i));
    v128.store(velocity + i, v128.bitselect(flushed(v), old, on));
    finish(raw + i, effective + i, w, f32x4.sub(w, f32x4.mul(rates, v)), m);
  }
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): w -= rate (m / first) / (sqrt(v / second) + epsilon), where first = 1 - beta1^t,
 * second = 1 - beta2^t, rest1 = 1 - beta1 and rest2 = 1 - beta2.
 */
export function updateAdam(
  raw: usize, mask: usize, effective: usize, moments: usize, squares: usize, gradient: usize, bytes: usize,
  rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, first: f32, second: f32,
): void {
  const zero = f32x4.splat(0), b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(rest1), c2 = f32x4.splat(rest2);
  const rates = f32x4.splat(rate / first), seconds = f32x4.splat(<f32>1 / second), epsilons = f32x4.splat(epsilon);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = v128.load(raw + i), on = f32x4.ne(m, zero), g = v128.load(gradient + i);
    const oldMoment = v128.load(moments + i), oldSquare = v128.load(squares + i);
    const moment = f32x4.add(f32x4.mul(b1, oldMoment), f32x4.mul(c1, g));
    const square = f32x4.add(f32x4.mul(b2, oldSquare), f32x4.mul(c2, f32x4.mul(g, g)));
    v128.store(moments + i, v128.bitselect(flushed(moment), oldMoment, on));
    v128.store(squares + i, v128.bitselect(flushed(square), oldSquare, on));
    const change = f32x4.div(f32x4.mul(rates, moment), f32x4.add(f32x4.sqrt(f32x4.mul(square, seconds)), epsilons));
    finish(raw + i, effective + i, w, f32x4.sub(w, change), m);
  }
}

// @ts-ignore: decorator
@inline
function finish(raw: usize, effective: usize, old: v128, next: v128, mask: v128): void {
  const w = v128.bitselect(next, old, f32x4.ne(mask, f32x4.splat(0)));
  v128.store(raw, w);
  v128.store(effective, f32x4.mul(w, mask));
}

/** Zero where the magnitude is not far enough above the smallest normal number; a NaN stays. */
// @ts-ignore: decorator
@inline
function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(<f32>1e-37)));
}
