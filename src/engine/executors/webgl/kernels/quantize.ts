import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent, RangeAt } from '#engine/executors/gpu/kernels.ts';
import { GRID } from '#engine/executors/webgl/kernels/grid.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/** Rounds values [member, example, quad] to (q - zero point) scale with q in [-128, 127]; halves are rounded up. points: [member] quads (scale, zero point, 1 if on, 0). */
export function quantizeFixed(
  backend: MathBackendWebGL,
  extent: Extent,
  exampleQuads: number,
  values: TensorInfo,
  points: TensorInfo,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  return draw(backend, {
    name: 'quantizeFixed',
    inputs: { Values: values, Points: points },
    ints: { perMember },
    quads: extent.members * perMember,
    code: `
      vec4 point = quad(Points, i / perMember);
      result = quad(Values, i);
      if (point.z > 0.) result = (clamp(floor(result / point.x + .5) + point.y, -128., 127.) - point.y) * point.x;`,
  });
}

/** Rounds values [group, quad] to multiples of max|x| / 127 of their group; halves are rounded up. ranges: [group] quads (least, largest, 0, 0). */
export function quantizeDynamic(
  backend: MathBackendWebGL,
  groups: number,
  groupQuads: number,
  values: TensorInfo,
  ranges: TensorInfo,
): TensorInfo {
  return draw(backend, {
    name: 'quantizeDynamic',
    inputs: { Values: values, Ranges: ranges },
    ints: { groupQuads },
    quads: groups * groupQuads,
    code: `
      vec4 bounds = quad(Ranges, i / groupQuads); float scale = max(-bounds.x, bounds.y) / 127.;
      result = quad(Values, i);
      if (scale > 0.) result = floor(result / scale + .5) * scale;`,
  });
}

/** Rounds values [member, example, quad] to the grid of the point's range; halves are rounded up. A quad that is not finite, or whose range is not, becomes NaN. */
export function fakeQuantize(
  backend: MathBackendWebGL,
  extent: Extent,
  exampleQuads: number,
  values: TensorInfo,
  { ranges, points, point }: RangeAt,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  return draw(backend, {
    name: 'fakeQuantize',
    inputs: { Values: values, Ranges: ranges },
    ints: { perMember, points, point },
    quads: extent.members * perMember,
    functions: GRID,
    code: `
      vec4 v = quad(Values, i); vec4 range = quad(Ranges, (i / perMember) * points + point);
      vec2 grid = gridOf(range);
      result = (clamp(floor(v / grid.x + .5) + grid.y, -128., 127.) - grid.y) * grid.x;
      if (!isFiniteQuad(v) || !isFiniteQuad(range)) result = notANumber();`,
  });
}
