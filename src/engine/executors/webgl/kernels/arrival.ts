import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Arrival } from '#engine/executors/gpu/kernels.ts';
import { GRID } from '#engine/executors/webgl/kernels/grid.ts';

/** What a kernel that makes a point's gradient adds to its own description. */
interface ArrivalCode {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly ints: Readonly<Record<string, number>>;
  readonly functions: string;
  /** Statements that turn `result`, the gradient of quad `i` of `member`, into what arrives at the point. */
  readonly apply: (member: string) => string;
}

/** Adds what other readers of the point sent, and undoes relu and fake quantization on the way out of a kernel. */
export function arriving({ addend, gate }: Arrival): ArrivalCode {
  const range = gate?.range ?? null;
  return {
    inputs: {
      ...(addend ? { Addend: addend } : {}),
      ...(gate ? { Gate: gate.values } : {}),
      ...(range ? { Ranges: range.ranges } : {}),
    },
    ints: range ? { points: range.points, point: range.point } : {},
    functions: range
      ? `${GRID}
        vec4 outsideGrid(vec4 v, int p) {
          vec2 grid = gridOf(quad(Ranges, p * points + point));
          vec4 below = vec4(lessThan(v, vec4((-128. - grid.y) * grid.x)));
          return below + vec4(greaterThan(v, vec4((127. - grid.y) * grid.x))); }`
      : '',
    apply: (member) =>
      [
        addend ? 'result += quad(Addend, i);' : '',
        gate ? 'vec4 gate = quad(Gate, i);' : '',
        gate?.relu === true ? 'result = mix(vec4(0.), result, greaterThan(gate, vec4(0.)));' : '',
        range ? `result = mix(result, vec4(0.), greaterThan(outsideGrid(gate, ${member}), vec4(0.)));` : '',
      ].join(' '),
  };
}
