import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent, Observed } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads } from '#engine/executors/gpu/layout.ts';
import { IS_FINITE } from '#engine/executors/webgpu/kernels/grid.ts';
import { reduction } from '#engine/executors/webgpu/kernels/reduction.ts';
import { dispatch, quads, TEAM } from '#engine/executors/webgpu/runner.ts';

const FUNCTIONS = `${IS_FINITE}\n${reduction('largest', 'max(a, b)')}`;

/** Quads of a pixel and the real lanes of its last one; 0 if all are real. Pads repeat a real value when extremes are sought. */
const laneInts = (channels: number): Record<string, number> => ({ depth: quadsFor(channels), tail: channels % 4 });

/** Finds the extremes (least, largest, 0, 0) of the quads of group p, pad lanes left out; NaN where a value is not finite. */
const FIND_EXTREMES = `
  var high = vec4<f32>(-3.4e38); var low = vec4<f32>(3.4e38); var broken = 0.0;
  for (var k = lane; k < uniforms.groupQuads; k += ${TEAM}) {
    let v = Values[p * uniforms.groupQuads + k];
    let real = vec4<f32>(v.x, select(v.y, v.x, uniforms.tail == 1), select(v.x, v.z, uniforms.tail == 3), v.x);
    let used = select(v, real, vec4<bool>((uniforms.tail > 0) & (k % uniforms.depth == uniforms.depth - 1)));
    low = min(low, used); high = max(high, used);
    if (!isFiniteQuad(used)) { broken = 1.0; }
  }
  let own = vec4<f32>(-min(min(low.x, low.y), min(low.z, low.w)), max(max(high.x, high.y), max(high.z, high.w)), broken, 0.0);
  let all = largest(lane, own);
  let extremes = select(vec4<f32>(-all.x, all.y, 0.0, 0.0), vec4<f32>(uniforms.NAN), vec4<bool>(all.z > 0.0));`;

/** Least and largest of each group of values [group, quad], pad lanes left out: [group] quads (least, largest, 0, 0). A team reduces a group. */
export function range(
  backend: WebGPUBackend,
  groups: number,
  groupQuads: number,
  channels: number,
  values: TensorInfo,
): TensorInfo {
  return dispatch(backend, {
    key: 'range',
    inputs: { Values: quads(values) },
    ints: { groupQuads, ...laneInts(channels) },
    team: true,
    threads: TEAM,
    rows: groups,
    output: groups,
    functions: () => FUNCTIONS,
    code: () => `${FIND_EXTREMES}
      if (leads) { result[p] = extremes; }`,
  });
}

/** A copy of the ranges [member, point] in which those of the observed points have moved towards the values' extremes, 0 always among them. */
export function moveRanges(
  backend: WebGPUBackend,
  extent: Extent,
  points: number,
  observed: readonly Observed[],
  ranges: TensorInfo,
  decay: number,
): TensorInfo {
  const moved = dispatch(backend, {
    key: 'copy',
    inputs: { Values: quads(ranges) },
    ints: { points },
    threads: points,
    rows: extent.members,
    output: extent.members * points,
    code: () => `
      if (i >= uniforms.points) { return; }
      result[p * uniforms.points + i] = Values[p * uniforms.points + i];`,
  });
  for (const { point, shape, values } of observed)
    dispatch(backend, {
      key: 'moveRange',
      inputs: { Values: quads(values) },
      ints: { groupQuads: extent.examples * shapeQuads(shape), points, point, ...laneInts(shape[2]) },
      floats: { decay, rest: 1 - decay },
      team: true,
      threads: TEAM,
      rows: extent.members,
      output: moved,
      functions: () => FUNCTIONS,
      code: () => `${FIND_EXTREMES}
        let at = p * uniforms.points + uniforms.point;
        if (leads) {
          result[at] = uniforms.decay * result[at] + uniforms.rest * select(vec4<f32>(min(0.0, extremes.x), max(0.0, extremes.y), 0.0, 0.0), extremes, vec4<bool>(all.z > 0.0));
        }`,
    });
  return moved;
}
