import type { ConvOp, DenseOp } from '#engine/model/program.ts';

/** A convolution along one axis. Lengths in pixels. */
export interface Axis {
  readonly length: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  /** Padding before the first pixel. */
  readonly pad: number;
  /** Whether it runs by Winograd, in tiles of 4 outputs. */
  readonly winograd: boolean;
}

/** Side of the tiles of outputs that kernels/batch-winograd.ts works in. */
const TILE = 4;
const tiled = (length: number): number => Math.ceil(length / TILE) * TILE;

/** Zero pixels that kernels need around an image. */
export interface Border {
  readonly before: number;
  readonly behind: number;
}

/** Rows and columns of an operation with a kernel. A dense layer is a convolution whose kernel is as large as the image. */
export function axesOf(op: ConvOp | DenseOp, winograd: boolean): readonly [Axis, Axis] {
  return [0, 1].map((side): Axis => {
    const length = op.in[side]!;
    if (op.kind === 'dense') return { length, out: 1, kernel: length, stride: 1, pad: 0, winograd };
    const pad = side === 0 ? op.padTop : op.padLeft;
    return { length, out: op.out[side]!, kernel: op.kernel, stride: op.stride, pad, winograd };
  }) as [Axis, Axis];
}

/** Around the input, for the forward pass and the kernel gradient. */
export function inputBorder({ length, out, kernel, stride, pad, winograd }: Axis): Border {
  const read = winograd ? (tiled(out) - 1) * stride + kernel : (out - 1) * stride + kernel;
  return { before: pad, behind: Math.max(0, read - pad - length) };
}

/**
 * The input pixels of one remainder modulo the stride: their gradient is a convolution of stride 1 of the output's gradient
 * with every `stride`-th tap of the turned kernel.
 */
export interface Phase {
  /** The first of these pixels, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Taps of the kernel, in the order of the turned one; there may be none. */
  readonly taps: readonly number[];
  /** Output pixels before the first that the first pixel's patch starts at. */
  readonly before: number;
}

export function phasesOf({ length, kernel, stride, pad }: Axis): readonly Phase[] {
  return Array.from({ length: Math.min(stride, length) }, (_, first): Phase => {
    const remainder = (first + pad) % stride;
    const taps: number[] = [];
    for (let tap = remainder; tap < kernel; tap += stride) taps.unshift(tap);
    const patchEnd = Math.floor((first + pad) / stride);
    return { first, count: Math.ceil((length - first) / stride), taps, before: taps.length - 1 - patchEnd };
  });
}

/** Padding of the turned 3x3 kernel, by which the input gradient is a convolution of the output's. */
export const turnedPad = (axis: Axis): number => axis.kernel - 1 - axis.pad;

/** Around the output's gradient, for the gradients of the kernel and, where it is wanted, of the input. */
export function outputBorder(axis: Axis, inputWanted: boolean): Border {
  const { length, out, stride, pad, winograd } = axis;
  if (winograd && stride === 2)
    return inputWanted
      ? { before: 1, behind: Math.max(tiled(out), tiled((length + pad) / 2)) - out }
      : { before: 0, behind: tiled(out) - out };
  if (winograd) {
    const before = inputWanted ? turnedPad(axis) : 0;
    return { before, behind: Math.max(tiled(out) - out, inputWanted ? tiled(length) + 2 - before - out : 0) };
  }
  let before = 0;
  let behind = 0;
  if (inputWanted)
    for (const phase of phasesOf(axis)) {
      if (phase.taps.length === 0) continue;
      before = Math.max(before, phase.before);
      behind = Math.max(behind, phase.count - 1 - phase.before + phase.taps.length - out);
    }
  return { before, behind };
}
