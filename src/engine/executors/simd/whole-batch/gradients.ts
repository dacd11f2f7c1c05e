import type { Build, Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import { gradientStride, gradientTensor } from '#engine/executors/simd/whole-batch/points.ts';

/** Buffers for gradients of points while a backward tape is made: one is used again when its gradient has been passed on. */
export interface GradientBuffers {
  of(point: number): Tensor | undefined;
  /** Takes a buffer for the point's gradient. */
  take(point: number): void;
  /** The point's gradient stands in `tensor`, which is none of these buffers. */
  put(point: number, tensor: Tensor): void;
  /** Makes the buffer of one point's gradient that of another, of the same shape. False where it is none of these buffers. */
  pass(from: number, to: number): boolean;
  release(point: number): void;
  /** Zeros, as many as a gradient has stored channels: the bias of a convolution that has none. */
  readonly zeros: number;
}

export function createGradientBuffers(build: Build, points: readonly Tensor[], batch: number): GradientBuffers {
  const pool: { readonly start: number; readonly bytes: number; free: boolean }[] = [];
  const current = new Map<number, { readonly tensor: Tensor; readonly buffer?: { free: boolean } }>();
  const widest = Math.max(...points.map(({ height, width, stored }) => height * width * stored));
  return {
    of: (point) => current.get(point)?.tensor,
    take: (point) => {
      const bytes = batch * gradientStride(points[point]!);
      const fitting = pool.filter((each) => each.free && each.bytes >= bytes).sort((a, b) => a.bytes - b.bytes);
      const buffer = fitting[0] ?? { start: build.take(bytes), bytes, free: false };
      if (fitting.length === 0) pool.push(buffer);
      buffer.free = false;
      current.set(point, { tensor: gradientTensor(build, points[point]!, buffer.start), buffer });
    },
    put: (point, tensor) => {
      current.set(point, { tensor });
    },
    pass: (from, to) => {
      const gradient = current.get(from);
      if (!gradient?.buffer) return false;
      current.set(to, gradient);
      current.delete(from);
      return true;
    },
    release: (point) => {
      const buffer = current.get(point)?.buffer;
      if (buffer) buffer.free = true;
      current.delete(point);
    },
    zeros: build.take(widest * 4),
  };
}
