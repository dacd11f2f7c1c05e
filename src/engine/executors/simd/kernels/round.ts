/** Fake quantization in a step, on runs of floats: kernels rounded to int8, and marks where the gradient of a rounded activation stops. */

/**
 * Rounds weights [rows, channels] in place: one scale a channel, greatest magnitude / 127, and 1 where all are (next to) zero;
 * halves away from zero. channels 1: one scale for all. The quotients are taken in float64, as compression/quantize.ts takes
 * them, so that both round alike. scales: room for `channels` floats.
 */
export function roundWeights(weights: usize, rows: i32, channels: i32, scales: usize): void {
  const bytes = (<usize>channels) << 2, end = weights + <usize>rows * bytes;
  memory.fill(scales, 0, bytes);
  for (let at = weights; at < end; at += bytes)
    for (let c: usize = 0; c < bytes; c += 4) store<f32>(scales + c, max<f32>(load<f32>(scales + c), abs<f32>(load<f32>(at + c))));
  for (let c: usize = 0; c < bytes; c += 4) {
    const scale = load<f32>(scales + c) / <f32>127;
    store<f32>(scales + c, scale < f32.MIN_NORMAL_VALUE ? 1 : scale);
  }
  for (let at = weights; at < end; at += bytes)
    for (let c: usize = 0; c < bytes; c += 4) {
      const scale = load<f32>(scales + c), w = load<f32>(at + c);
      const magnitude = min<f64>(floor<f64>(abs<f64>(<f64>w / <f64>scale) + 0.5), 127);
      store<f32>(at + c, copysign<f32>(<f32>(magnitude * <f64>scale), w));
    }
}

/** marks |= all ones where x lies outside [low, high], or is at most `off`. Nothing behind `count` is touched. A NaN gets no mark. */
export function markBlocked(x: usize, marks: usize, count: i32, low: f32, high: f32, off: f32): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high), offs = f32x4.splat(off);
  let i = 0;
  for (; i + 4 <= count; i += 4, x += 16, marks += 16) {
    const value = v128.load(x), outside = v128.or(f32x4.lt(value, lows), f32x4.gt(value, highs));
    v128.store(marks, v128.or(v128.load(marks), v128.or(outside, f32x4.le(value, offs))));
  }
  for (; i < count; i++, x += 4, marks += 4) {
    const value = load<f32>(x);
    if (value < low || value > high || value <= off) store<i32>(marks, -1);
  }
}

/** d = 0 where it is marked. Nothing behind `count` is touched. */
export function stopMarked(d: usize, marks: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, d += 16, marks += 16) v128.store(d, v128.andnot(v128.load(d), v128.load(marks)));
  for (; i < count; i++, d += 4, marks += 4) if (load<i32>(marks)) store<f32>(d, 0);
}
