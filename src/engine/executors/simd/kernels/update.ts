/**
 * Optimizer steps over the flat parameter vector, fused with mask and weight decay. All vectors hold `bytes` bytes, a multiple
 * of 16. Masked weights (mask 0) and their state stay as they are, or with `zeroed` start from 0 and are trained like all
 * others. `decays` is the weight decay of every parameter, 0: none. Effective = raw x mask, ready for the next step.
 * State that decays where no gradient comes ends as a denormal that rounding keeps alive, and denormals are slow: flushed.
 * Each loop is compiled four times, with and without decay and zeroing.
 */

/** effective = raw x mask. */
export function applyMask(raw: usize, mask: usize, effective: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(effective + i, f32x4.mul(v128.load(raw + i), v128.load(mask + i)));
}

/** g += d w, w -= rate g. */
export function updateSgd(
  raw: usize, mask: usize, effective: usize, gradient: usize, decays: usize, zeroed: i32, bytes: usize, rate: f32,
): void {
  if (decays) {
    if (zeroed) sgd(raw, mask, effective, gradient, decays, true, true, bytes, rate);
    else sgd(raw, mask, effective, gradient, decays, true, false, bytes, rate);
  } else if (zeroed) sgd(raw, mask, effective, gradient, 0, false, true, bytes, rate);
  else sgd(raw, mask, effective, gradient, 0, false, false, bytes, rate);
}

// @ts-ignore: decorator
@inline
function sgd(
  raw: usize, mask: usize, effective: usize, gradient: usize, decays: usize, decayed: bool, zeroed: bool, bytes: usize, rate: f32,
): void {
  const rates = f32x4.splat(rate);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = begun(v128.load(raw + i), m, zeroed);
    const g = penalized(v128.load(gradient + i), w, decays + i, decayed);
    finish(raw + i, effective + i, w, f32x4.sub(w, f32x4.mul(rates, g)), m, zeroed);
  }
}

/** g += d w, v = momentum v + g, w -= rate v. */
export function updateMomentum(
  raw: usize, mask: usize, effective: usize, velocity: usize, gradient: usize, decays: usize, zeroed: i32, bytes: usize,
  rate: f32, momentum: f32,
): void {
  if (decays) {
    if (zeroed) heavyBall(raw, mask, effective, velocity, gradient, decays, true, true, bytes, rate, momentum);
    else heavyBall(raw, mask, effective, velocity, gradient, decays, true, false, bytes, rate, momentum);
  } else if (zeroed) heavyBall(raw, mask, effective, velocity, gradient, 0, false, true, bytes, rate, momentum);
  else heavyBall(raw, mask, effective, velocity, gradient, 0, false, false, bytes, rate, momentum);
}

// @ts-ignore: decorator
@inline
function heavyBall(
  raw: usize, mask: usize, effective: usize, velocity: usize, gradient: usize, decays: usize, decayed: bool, zeroed: bool,
  bytes: usize, rate: f32, momentum: f32,
): void {
  const rates = f32x4.splat(rate), momenta = f32x4.splat(momentum);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = begun(v128.load(raw + i), m, zeroed), old = v128.load(velocity + i);
    const g = penalized(v128.load(gradient + i), w, decays + i, decayed);
    const v = f32x4.add(f32x4.mul(momenta, old), g);
    v128.store(velocity + i, moved(flushed(v), old, m, zeroed));
    finish(raw + i, effective + i, w, f32x4.sub(w, f32x4.mul(rates, v)), m, zeroed);
  }
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): w -= rate (m / first) / (sqrt(v / second) + epsilon), where first = 1 - beta1^t,
 * second = 1 - beta2^t, rest1 = 1 - beta1 and rest2 = 1 - beta2. Decay is decoupled: w -= rate d w as well.
 */
export function updateAdam(
  raw: usize, mask: usize, effective: usize, moments: usize, squares: usize, gradient: usize, decays: usize, zeroed: i32,
  bytes: usize, rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, first: f32, second: f32,
): void {
  if (decays) {
    if (zeroed) adam(raw, mask, effective, moments, squares, gradient, decays, true, true, bytes, rate, beta1, beta2, rest1, rest2, epsilon, first, second);
    else adam(raw, mask, effective, moments, squares, gradient, decays, true, false, bytes, rate, beta1, beta2, rest1, rest2, epsilon, first, second);
  } else if (zeroed) adam(raw, mask, effective, moments, squares, gradient, 0, false, true, bytes, rate, beta1, beta2, rest1, rest2, epsilon, first, second);
  else adam(raw, mask, effective, moments, squares, gradient, 0, false, false, bytes, rate, beta1, beta2, rest1, rest2, epsilon, first, second);
}

// @ts-ignore: decorator
@inline
function adam(
  raw: usize, mask: usize, effective: usize, moments: usize, squares: usize, gradient: usize, decays: usize, decayed: bool,
  zeroed: bool, bytes: usize, rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, first: f32, second: f32,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), c1 = f32x4.splat(rest1), c2 = f32x4.splat(rest2), plainRates = f32x4.splat(rate);
  const rates = f32x4.splat(rate / first), seconds = f32x4.splat(<f32>1 / second), epsilons = f32x4.splat(epsilon);
  for (let i: usize = 0; i < bytes; i += 16) {
    const m = v128.load(mask + i), w = begun(v128.load(raw + i), m, zeroed), g = v128.load(gradient + i);
    const oldMoment = v128.load(moments + i), oldSquare = v128.load(squares + i);
    const moment = f32x4.add(f32x4.mul(b1, oldMoment), f32x4.mul(c1, g));
    const square = f32x4.add(f32x4.mul(b2, oldSquare), f32x4.mul(c2, f32x4.mul(g, g)));
    v128.store(moments + i, moved(flushed(moment), oldMoment, m, zeroed));
    v128.store(squares + i, moved(flushed(square), oldSquare, m, zeroed));
    const change = f32x4.div(f32x4.mul(rates, moment), f32x4.add(f32x4.sqrt(f32x4.mul(square, seconds)), epsilons));
    let next = f32x4.sub(w, change);
    if (decayed) next = f32x4.sub(next, f32x4.mul(f32x4.mul(plainRates, v128.load(decays + i)), w));
    finish(raw + i, effective + i, w, next, m, zeroed);
  }
}

/** The weight from which a step starts. */
// @ts-ignore: decorator
@inline
function begun(raw: v128, mask: v128, zeroed: bool): v128 {
  return zeroed ? f32x4.mul(raw, mask) : raw;
}

// @ts-ignore: decorator
@inline
function penalized(gradient: v128, w: v128, decays: usize, decayed: bool): v128 {
  return decayed ? f32x4.add(gradient, f32x4.mul(v128.load(decays), w)) : gradient;
}

// @ts-ignore: decorator
@inline
function moved(next: v128, old: v128, mask: v128, zeroed: bool): v128 {
  return zeroed ? next : v128.bitselect(next, old, f32x4.ne(mask, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function finish(raw: usize, effective: usize, old: v128, next: v128, mask: v128, zeroed: bool): void {
  const w = moved(next, old, mask, zeroed);
  v128.store(raw, w);
  v128.store(effective, f32x4.mul(w, mask));
}

/** Zero where the magnitude is not far enough above the smallest normal number; a NaN stays. */
// @ts-ignore: decorator
@inline
function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(<f32>1e-37)));
}
