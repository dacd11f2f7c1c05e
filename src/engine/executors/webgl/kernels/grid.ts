/** The asymmetric int8 grid of a range (least, largest, ...): (scale, zero point), as `activationGrid` in compression/quantize.ts makes it; halves are rounded away from 0. */
export const GRID = `
  vec2 gridOf(vec4 range) {
    float low = min(range.x, 0.); float high = max(range.y, 0.);
    float scale = (high - low) / 255.;
    if (scale < 1.1754944e-38) return vec2(1., 0.);
    float zeroPoint = 128. - low / scale < 127. + high / scale ? -128. - low / scale : 127. - high / scale;
    return vec2(scale, clamp(sign(zeroPoint) * floor(abs(zeroPoint) + .5), -128., 127.)); }`;
