/**
 * Activations at prediction: their ranges, and fake quantization (values rounded to the grid of an 8-bit format and kept as
 * floats). All work on one run of `count` floats.
 */

/** The least value and the greatest, as (least, greatest) at `range`, which holds those of earlier runs. */
export function extendRange(from: usize, count: i32, range: usize): void {
  let least = load<f32>(range), greatest = load<f32>(range, 4), i = 0;
  if (count >= 4) {
    let low = v128.load(from), high = low;
    for (; i + 4 <= count; i += 4, from += 16) {
      const x = v128.load(from);
      low = f32x4.min(low, x);
      high = f32x4.max(high, x);
    }
    least = min<f32>(least, min<f32>(min<f32>(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min<f32>(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3))));
    greatest = max<f32>(greatest, max<f32>(max<f32>(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max<f32>(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3))));
  }
  for (; i < count; i++, from += 4) {
    least = min<f32>(least, load<f32>(from));
    greatest = max<f32>(greatest, load<f32>(from));
  }
  store<f32>(range, least);
  store<f32>(range, greatest, 4);
}

/** x -> (clip(floor(x / scale + 1/2) + zeroPoint, -128, 127) - zeroPoint) scale: halves are rounded up. `count` is rounded up to 4. */
export function quantizeFixed(at: usize, count: i32, scale: f32, zeroPoint: f32): void {
  const scales = f32x4.splat(scale), zeros = f32x4.splat(zeroPoint), half = f32x4.splat(0.5);
  const low = f32x4.splat(-128), high = f32x4.splat(127);
  for (let i = 0; i < count; i += 4, at += 16) {
    const q = f32x4.add(f32x4.floor(f32x4.add(f32x4.div(v128.load(at), scales), half)), zeros);
    v128.store(at, f32x4.mul(f32x4.sub(f32x4.min(f32x4.max(q, low), high), zeros), scales));
  }
}

/** x -> floor(x / scale + 1/2) scale. `count` is rounded up to 4. */
export function quantizeSymmetric(at: usize, count: i32, scale: f32): void {
  const scales = f32x4.splat(scale), half = f32x4.splat(0.5);
  for (let i = 0; i < count; i += 4, at += 16)
    v128.store(at, f32x4.mul(f32x4.floor(f32x4.add(f32x4.div(v128.load(at), scales), half)), scales));
}
