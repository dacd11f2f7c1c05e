import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads } from '#engine/executors/webgpu/runner.ts';

const PART = 64;

/** Least and largest of each group of values [group, quad], pad lanes left out: [group] quads (least, largest, 0, 0). A thread reduces up to 64 quads; passes follow each other until one a group is left. */
export function range(
  backend: WebGPUBackend,
  groups: number,
  groupQuads: number,
  channels: number,
  values: TensorInfo,
): TensorInfo {
  let reduced = reduce(backend, groups, groupQuads, channels, values);
  for (let left = Math.ceil(groupQuads / PART); left > 1; left = Math.ceil(left / PART)) {
    const next = reduce(backend, groups, left, null, reduced);
    backend.disposeData(reduced.dataId);
    reduced = next;
  }
  return reduced;
}

/** channels: of raw values; null if the quads are (least, largest) pairs already. */
function reduce(
  backend: WebGPUBackend,
  groups: number,
  groupQuads: number,
  channels: number | null,
  values: TensorInfo,
): TensorInfo {
  const parts = Math.ceil(groupQuads / PART);
  const depth = quadsFor(channels ?? 4);
  const withoutPads = ['v', 'v.xxxx', 'v.xyxx', 'v.xyzx'][(channels ?? 0) % 4]!; // pads repeat a real value
  return dispatch(backend, {
    key: channels === null ? 'range_pairs' : `range_${channels}`,
    inputs: { Values: quads(values) },
    ints: { groups, groupQuads, parts },
    threads: groups * parts,
    rows: 1,
    output: groups * parts,
    code: () => `
      if (i >= uniforms.groups * uniforms.parts) { return; }
      let group = i / uniforms.parts; let start = (i % uniforms.parts) * ${PART}; let end = min(start + ${PART}, uniforms.groupQuads);
      var least = vec4<f32>(3.4e38); var largest = vec4<f32>(-3.4e38);
      for (var k = start; k < end; k++) {
        let v = Values[group * uniforms.groupQuads + k];
        ${
          channels === null
            ? 'least.x = min(least.x, v.x); largest.x = max(largest.x, v.y);'
            : `let real = select(v, ${withoutPads}, vec4<bool>(k % ${depth} == ${depth - 1})); least = min(least, real); largest = max(largest, real);`
        }
      }
      result[i] = vec4<f32>(min(min(least.x, least.y), min(least.z, least.w)), max(max(largest.x, largest.y), max(largest.z, largest.w)), 0.0, 0.0);`,
  });
}
