import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

const PART = 64;

/** Least and largest of each group of values [group, quad], pad lanes left out: [group] quads (least, largest, 0, 0). A fragment reduces up to 64 quads; passes follow each other until one a group is left. */
export function range(
  backend: MathBackendWebGL,
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
  backend: MathBackendWebGL,
  groups: number,
  groupQuads: number,
  channels: number | null,
  values: TensorInfo,
): TensorInfo {
  const parts = Math.ceil(groupQuads / PART);
  const depth = quadsFor(channels ?? 4);
  const withoutPads = ['v', 'v.xxxx', 'v.xyxx', 'v.xyzx'][(channels ?? 0) % 4]!; // pads repeat a real value
  return draw(backend, {
    name: 'range',
    inputs: { Values: values },
    ints: { groupQuads, parts },
    quads: groups * parts,
    code: `
      int group = i / parts; int start = (i - group * parts) * ${PART}; int end = min(start + ${PART}, groupQuads);
      vec4 least = vec4(3.4e38); vec4 largest = vec4(-3.4e38);
      for (int k = start; k < end; k++) {
        vec4 v = quad(Values, group * groupQuads + k);
        ${
          channels === null
            ? 'least.x = min(least.x, v.x); largest.x = max(largest.x, v.y);'
            : `if (k % ${depth} == ${depth - 1}) v = ${withoutPads}; least = min(least, v); largest = max(largest, v);`
        }
      }
      result.x = min(min(least.x, least.y), min(least.z, least.w));
      result.y = max(max(largest.x, largest.y), max(largest.z, largest.w));`,
  });
}
