/** Looks at the bits: WGSL need not know what is not a number. */
export const IS_FINITE = `
  fn isFiniteQuad(v : vec4<f32>) -> bool {
    return all((bitcast<vec4<u32>>(v) & vec4<u32>(0x7f800000u)) != vec4<u32>(0x7f800000u)); }`;

/** The asymmetric int8 grid of a range (least, largest, ...): (scale, zero point), as `activationGrid` in compression/quantize.ts makes it; halves are rounded away from 0. The scale of a range that is not finite is NaN. */
export const GRID = `${IS_FINITE}
  fn roundAway(x : vec4<f32>) -> vec4<f32> { return sign(x) * floor(abs(x) + 0.5); }
  fn gridOf(range : vec4<f32>) -> vec2<f32> {
    if (!isFiniteQuad(range)) { return vec2<f32>(uniforms.NAN, 0.0); }
    let low = min(range.x, 0.0); let high = max(range.y, 0.0);
    let scale = (high - low) / 255.0;
    if (scale < 1.1754944e-38) { return vec2<f32>(1.0, 0.0); }
    let nearer = 128.0 - low / scale < 127.0 + high / scale;
    let zeroPoint = select(127.0 - high / scale, -128.0 - low / scale, nearer);
    return vec2<f32>(scale, clamp(roundAway(vec4<f32>(zeroPoint)).x, -128.0, 127.0)); }`;
