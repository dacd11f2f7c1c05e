/** Output length and leading padding of a convolution along one axis. */
export interface AxisGeometry {
  readonly out: number;
  readonly padBefore: number;
}

/**
 * "Same" padding as TensorFlow defines it: out = ceil(length / stride), the padding is split evenly and an odd pixel goes to
 * the far side. All lengths in pixels, at least 1.
 */
export function samePadding(length: number, kernel: number, stride: number): AxisGeometry {
  const out = Math.ceil(length / stride);
  const total = Math.max((out - 1) * stride + kernel - length, 0);
  return { out, padBefore: Math.floor(total / 2) };
}

/** Output length of a pool without padding; 0 where not even one window fits. */
export function poolLength(length: number, size: number): number {
  return Math.floor(length / size);
}

/** Numbers in a tensor of the given shape. */
export function shapeSize(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
