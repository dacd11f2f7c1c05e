import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent, Observed } from '#engine/executors/gpu/kernels.ts';
import { quadsFor, shapeQuads } from '#engine/executors/gpu/layout.ts';
import { IS_FINITE } from '#engine/executors/webgl/kernels/grid.ts';
import { draw, SAMPLERS } from '#engine/executors/webgl/runner.ts';

/** Quads or pairs that a fragment of `range` reduces, and parts of a point that `moveRanges` reduces side by side. */
const PART = 64;

const EXTREMES = `${IS_FINITE}
  bool broken = false;
  vec4 least = vec4(3.4e38); vec4 largest = vec4(-3.4e38);
  void see(vec4 v) { broken = broken || !isFiniteQuad(v); least = min(least, v); largest = max(largest, v); }
  void seePair(vec4 pair) { broken = broken || !isFiniteQuad(pair); least.x = min(least.x, pair.x); largest.x = max(largest.x, pair.y); }
  vec4 seen() {
    if (broken) return notANumber();
    return vec4(min(min(least.x, least.y), min(least.z, least.w)), max(max(largest.x, largest.y), max(largest.z, largest.w)), 0., 0.); }`;

/** Looks at quads `start` to `end` of the array, of values that begin at quad `first`; pads repeat a real value. */
const seeQuads = (array: string, channels: number): string => `
  for (int k = start; k < end; k++) {
    vec4 v = quad(${array}, first + k);
    ${channels % 4 > 0 ? `if (k % ${quadsFor(channels)} == ${quadsFor(channels) - 1}) v = ${['', 'v.xxxx', 'v.xyxx', 'v.xyzx'][channels % 4]!};` : ''}
    see(v);
  }`;

/** Least and largest of each group of values [group, quad], pad lanes left out: [group] quads (least, largest, 0, 0). A fragment reduces up to 64 quads; passes follow each other until one a group is left. */
export function range(
  backend: MathBackendWebGL,
  groups: number,
  groupQuads: number,
  channels: number,
  values: TensorInfo,
): TensorInfo {
  let reduced = reduce(backend, groups, groupQuads, values, seeQuads('Values', channels));
  for (let left = Math.ceil(groupQuads / PART); left > 1; left = Math.ceil(left / PART)) {
    const pairs = 'for (int k = start; k < end; k++) seePair(quad(Values, first + k));';
    const next = reduce(backend, groups, left, reduced, pairs);
    backend.disposeData(reduced.dataId);
    reduced = next;
  }
  return reduced;
}

function reduce(
  backend: MathBackendWebGL,
  groups: number,
  groupQuads: number,
  values: TensorInfo,
  see: string,
): TensorInfo {
  const parts = Math.ceil(groupQuads / PART);
  return draw(backend, {
    name: 'range',
    inputs: { Values: values },
    ints: { groupQuads, parts },
    quads: groups * parts,
    functions: EXTREMES,
    code: `
      int group = i / parts; int first = group * groupQuads;
      int start = (i - group * parts) * ${PART}; int end = min(start + ${PART}, groupQuads);
      ${see}
      result = seen();`,
  });
}

/**
 * A copy of the ranges [member, point] in which those of the observed points have moved towards the values' extremes, 0 always
 * among them: one draw for parts of all points and one that moves, for as many points as a draw can sample.
 */
export function moveRanges(
  backend: MathBackendWebGL,
  extent: Extent,
  points: number,
  observed: readonly Observed[],
  ranges: TensorInfo,
  decay: number,
): TensorInfo {
  const now = observed.slice(0, SAMPLERS);
  const parts = now.length > 0 ? partExtremes(backend, extent, now) : null;
  const moved = draw(backend, {
    name: 'moveRanges',
    inputs: { Ranges: ranges, ...(parts ? { Parts: parts } : {}) },
    ints: { points },
    floats: { decay, rest: 1 - decay },
    quads: extent.members * points,
    functions: EXTREMES,
    code: `
      int p = i / points; int point = i - p * points; int place = -1; result = quad(Ranges, i);
      ${now.map(({ point }, n) => `if (point == ${point}) place = ${n};`).join(' ')}
      if (place >= 0) {
        ${parts ? `for (int k = 0; k < ${PART}; k++) seePair(quad(Parts, (p * ${now.length} + place) * ${PART} + k));` : ''}
        vec4 own = seen();
        if (!broken) own = vec4(min(0., own.x), max(0., own.y), 0., 0.);
        result = decay * result + rest * own;
      }`,
  });
  if (parts) backend.disposeData(parts.dataId);
  if (now.length === observed.length) return moved;
  const all = moveRanges(backend, extent, points, observed.slice(SAMPLERS), moved, decay);
  backend.disposeData(moved.dataId);
  return all;
}

/** Extremes of parts of each point, [member, observed point, part]; parts may be empty. */
function partExtremes(
  backend: MathBackendWebGL,
  { members, examples }: Extent,
  observed: readonly Observed[],
): TensorInfo {
  return draw(backend, {
    name: 'partExtremes',
    inputs: Object.fromEntries(observed.map(({ values }, n) => [`Values${n}`, values])),
    ints: { examples },
    quads: members * observed.length * PART,
    functions: EXTREMES,
    code: `
      int part = i % ${PART}; int place = (i / ${PART}) % ${observed.length}; int p = i / ${PART * observed.length};
      int all = 0; int first = 0; int start = 0; int end = 0; int size = 0;
      ${observed
        .map(
          ({ shape }, n) => `if (place == ${n}) {
            all = examples * ${shapeQuads(shape)}; first = p * all; size = (all + ${PART - 1}) / ${PART};
            start = part * size; end = min(start + size, all);
            ${seeQuads(`Values${n}`, shape[2])} }`,
        )
        .join('\n')}
      result = seen();`,
  });
}
