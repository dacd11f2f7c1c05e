import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent, RangeAt } from '#engine/executors/gpu/kernels.ts';
import { GRID } from '#engine/executors/webgpu/kernels/grid.ts';
import { dispatch, quads } from '#engine/executors/webgpu/runner.ts';

/** Rounds values [member, example, quad] to (q - zero point) scale with q in [-128, 127]; halves are rounded up. points: [member] quads (scale, zero point, 1 if on, 0). */
export function quantizeFixed(
  backend: WebGPUBackend,
  extent: Extent,
  exampleQuads: number,
  values: TensorInfo,
  points: TensorInfo,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  return dispatch(backend, {
    key: 'quantizeFixed',
    inputs: { Values: quads(values), Points: quads(points) },
    ints: { perMember },
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    code: () => `
      if (i >= uniforms.perMember) { return; }
      let at = p * uniforms.perMember + i; let v = Values[at]; let point = Points[p];
      let q = clamp(floor(v / point.x + 0.5) + point.y, vec4<f32>(-128.0), vec4<f32>(127.0));
      result[at] = select(v, (q - point.y) * point.x, vec4<bool>(point.z > 0.0));`,
  });
}

/** Rounds values [group, quad] to multiples of max|x| / 127 of their group; halves are rounded up. ranges: [group] quads (least, largest, 0, 0). */
export function quantizeDynamic(
  backend: WebGPUBackend,
  groups: number,
  groupQuads: number,
  values: TensorInfo,
  ranges: TensorInfo,
): TensorInfo {
  return dispatch(backend, {
    key: 'quantizeDynamic',
    inputs: { Values: quads(values), Ranges: quads(ranges) },
    ints: { groupQuads },
    threads: groupQuads,
    rows: groups,
    output: groups * groupQuads,
    code: () => `
      if (i >= uniforms.groupQuads) { return; }
      let at = p * uniforms.groupQuads + i; let v = Values[at];
      let scale = max(-Ranges[p].x, Ranges[p].y) / 127.0;
      result[at] = select(v, floor(v / scale + 0.5) * scale, vec4<bool>(scale > 0.0));`,
  });
}

/** Rounds values [member, example, quad] to the grid of the point's range; halves are rounded up. A quad that is not finite, or whose range is not, becomes NaN. A thread makes one quad. */
export function fakeQuantize(
  backend: WebGPUBackend,
  extent: Extent,
  exampleQuads: number,
  values: TensorInfo,
  { ranges, points, point }: RangeAt,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  return dispatch(backend, {
    key: 'fakeQuantize',
    inputs: { Values: quads(values), Ranges: quads(ranges) },
    ints: { perMember, points, point },
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    functions: () => GRID,
    code: () => `
      if (i >= uniforms.perMember) { return; }
      let at = p * uniforms.perMember + i; let v = Values[at]; let range = Ranges[p * uniforms.points + uniforms.point];
      let grid = gridOf(range);
      let q = clamp(floor(v / grid.x + 0.5) + grid.y, vec4<f32>(-128.0), vec4<f32>(127.0));
      let known = isFiniteQuad(v) & isFiniteQuad(range);
      result[at] = select(vec4<f32>(uniforms.NAN), (q - grid.y) * grid.x, vec4<bool>(known));`,
  });
}
