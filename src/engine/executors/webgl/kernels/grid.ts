/** Looks at the bits: GLSL need not know what is not a number. */
export const IS_FINITE = `
  bool isFiniteQuad(vec4 v) {
    return all(notEqual(floatBitsToUint(v) & uvec4(0x7f800000u), uvec4(0x7f800000u))); }
  vec4 notANumber() { return uintBitsToFloat(uvec4(0x7fc00000u)); }`;

/** The asymmetric int8 grid of a range (least, largest, ...): (scale, zero point), as `activationGrid` in compression/quantize.ts makes it; halves are rounded away from 0. The scale of a range that is not finite is NaN. */
export const GRID = `${IS_FINITE}
  vec2 gridOf(vec4 range) {
    if (!isFiniteQuad(range)) return vec2(notANumber().x, 0.);
    float low = min(range.x, 0.); float high = max(range.y, 0.);
    float scale = (high - low) / 255.;
    if (scale < 1.1754944e-38) return vec2(1., 0.);
    float zeroPoint = 128. - low / scale < 127. + high / scale ? -128. - low / scale : 127. - high / scale;
    return vec2(scale, clamp(sign(zeroPoint) * floor(abs(zeroPoint) + .5), -128., 127.)); }`;
