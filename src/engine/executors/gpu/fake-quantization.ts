import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { FakeQuantization } from '#engine/executors/executor.ts';
import type { FakeRounding, ForwardPass } from '#engine/executors/gpu/forward.ts';
import type { Extent, Kernels } from '#engine/executors/gpu/kernels.ts';
import { packRows, unpackRows, type DeviceLayout } from '#engine/executors/gpu/layout.ts';

/** The ranges of fake quantization on the device. Flat ranges are [member, point, 2]. */
export interface FakeRanges {
  /** The rounding of a step, with the ranges as they stand before it. */
  readonly rounding: () => FakeRounding;
  /** The ranges after the batch that `pass` has seen; they count from the next `rounding` on, those before are given up by `settle`. */
  readonly move: (extent: Extent, pass: ForwardPass) => { readonly settle: () => void };
  readonly read: () => Promise<Float32Array>;
  readonly replace: (flat: Float32Array) => void;
  readonly dispose: () => void;
}

export function createFakeRanges(
  kernels: Kernels,
  layout: DeviceLayout,
  { points, ranges, decay }: FakeQuantization,
): FakeRanges {
  let current: TensorInfo = upload(ranges);
  function upload(flat: Float32Array): TensorInfo {
    return kernels.upload(packRows(flat, 2));
  }
  function put(next: TensorInfo): void {
    kernels.release(current);
    current = next;
  }
  return {
    rounding: () => ({ kind: 'fake', points, ranges: current }),
    move: (extent, { exact }) => {
      const observed = layout.points.flatMap((shape, point) =>
        points[point] === true ? [{ point, shape, values: exact[point]! }] : [],
      );
      const moved = kernels.moveRanges(extent, points.length, observed, current, decay);
      return {
        settle: () => {
          put(moved);
        },
      };
    },
    read: async () => unpackRows(await kernels.read(current), 2),
    replace: (flat) => {
      put(upload(flat));
    },
    dispose: () => {
      kernels.release(current);
    },
  };
}
