/** The asymmetric int8 grid of a range (least, largest, ...): (scale, zero point), as `activationGrid` in compression/quantize.ts makes it; halves are rounded away from 0. */
export const GRID = `
  fn roundAway(x : vec4<f32>) -> vec4<f32> { return sign(x) * floor(abs(x) + 0.5); }
  fn gridOf(range : vec4<f32>) -> vec2<f32> {
    let low = min(range.x, 0.0); let high = max(range.y, 0.0);
    let scale = (high - low) / 255.0;
    if (scale < 1.1754944e-38) { return vec2<f32>(1.0, 0.0); }
    let nearer = 128.0 - low / scale < 127.0 + high / scale;
    let zeroPoint = select(127.0 - high / scale, -128.0 - low / scale, nearer);
    return vec2<f32>(scale, clamp(roundAway(vec4<f32>(zeroPoint)).x, -128.0, 127.0)); }`;
