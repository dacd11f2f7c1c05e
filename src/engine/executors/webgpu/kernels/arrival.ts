import type { Arrival } from '#engine/executors/gpu/kernels.ts';
import { GRID } from '#engine/executors/webgpu/kernels/grid.ts';
import { quads, type KernelInput } from '#engine/executors/webgpu/runner.ts';

/** What a kernel that makes a point's gradient adds to its own description. */
interface ArrivalCode {
  readonly key: string;
  readonly inputs: Readonly<Record<string, KernelInput>>;
  readonly ints: Readonly<Record<string, number>>;
  readonly functions: string;
  /** Statements that turn a vec4 variable, the gradient of quad `at` of `member`, into what arrives at the point. */
  readonly apply: (variable: string, at: string, member: string) => string;
}

/** Adds what other readers of the point sent, and undoes relu and fake quantization on the way out of a kernel. */
export function arriving({ addend, gate }: Arrival): ArrivalCode {
  const range = gate?.range ?? null;
  return {
    key: `${addend ? 'a' : ''}${gate?.relu === true ? 'r' : ''}${range ? 'q' : ''}`,
    inputs: {
      ...(addend ? { Addend: quads(addend) } : {}),
      ...(gate ? { Gate: quads(gate.values) } : {}),
      ...(range ? { Ranges: quads(range.ranges) } : {}),
    },
    ints: range ? { points: range.points, point: range.point } : {},
    functions: range
      ? `${GRID}
        fn insideGrid(v : vec4<f32>, p : i32) -> vec4<bool> {
          let grid = gridOf(Ranges[p * uniforms.points + uniforms.point]);
          return (v >= vec4<f32>((-128.0 - grid.y) * grid.x)) & (v <= vec4<f32>((127.0 - grid.y) * grid.x)); }`
      : '',
    apply: (variable, at, member) => {
      const cut = (passes: string): string => `${variable} = select(vec4<f32>(0.0), ${variable}, ${passes});`;
      return [
        addend ? `${variable} += Addend[${at}];` : '',
        gate?.relu === true ? cut(`Gate[${at}] > vec4<f32>(0.0)`) : '',
        range ? cut(`insideGrid(Gate[${at}], ${member})`) : '',
      ].join(' ');
    },
  };
}
