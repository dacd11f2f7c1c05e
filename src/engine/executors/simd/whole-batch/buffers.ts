import { phasesOf, type Phase } from '#engine/executors/simd/whole-batch/axis.ts';
import type { Build, Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import { storedChannels, type Graph } from '#engine/executors/simd/whole-batch/points.ts';
import type { BatchNormOp, ConvOp, DenseOp } from '#engine/model/program.ts';

/** Transformed kernels of Winograd, 6 x 6, and transformed values of a tile by stride: with stride 2 some share a kernel. */
const KERNEL_PLANES = 36;
const TILE_PLANES = { 1: 36, 2: 81 } as const;
/** Numbers of the tiles that are multiplied together, about as many as half a second-level cache holds. */
const BLOCK_NUMBERS = 36 * 4096;

/** A part of the turned kernel that gives the gradients of one phase of the input's pixels. */
export interface TurnedPart {
  readonly rows: Phase;
  readonly columns: Phase;
  readonly panels: number;
}

/** Where the kernels keep what belongs to one convolution or dense layer. Addresses; sizes in stored channels. */
export interface KernelBuffers {
  readonly op: ConvOp | DenseOp;
  readonly winograd: boolean;
  readonly stride: 1 | 2;
  readonly taps: number;
  readonly from: number;
  readonly to: number;
  /** [to / 8][tap, from][8], and by Winograd [36][to / 8][from][8]. */
  readonly panels: number;
  readonly packed: number;
  readonly bias: number; // [to]
  /** The same for the gradient of the input, where it is wanted: kernels turned and transposed, `parts` where not by Winograd. */
  readonly turnedPanels: number;
  readonly turnedPacked: number;
  readonly parts: readonly TurnedPart[];
  /** [tap, from, to], and by Winograd [36][from, to] before. */
  readonly gradient: number;
  readonly transformedGradient: number;
  readonly biasGradient: number;
}

export interface NormBuffers {
  readonly op: BatchNormOp;
  readonly stored: number;
  readonly coef: number;
  readonly moments: number;
  readonly sums: number;
}

export interface Buffers {
  readonly kernels: readonly (KernelBuffers | null)[]; // [op]
  readonly norms: ReadonlyMap<BatchNormOp, NormBuffers>;
  /** Effective parameters and flat gradient of the member that runs. */
  readonly parameters: number;
  readonly gradients: number;
  /** What a step must zero first. */
  readonly clear: number;
  readonly clearBytes: number;
  /** Tiles of Winograd that are multiplied together, for channels of both sides, and room for them. */
  block(channels: number, stride: 1 | 2): number;
  readonly tiles: number;
  /** Room for a row of the input, or for a number a channel. */
  readonly scratch: number;
}

export function layoutBuffers(build: Build, graph: Graph): Buffers {
  const { program, stored, axes, wanted } = graph;
  const { take } = build;
  const parameters = take(program.parameterCount * 4);

  const clear = build.top();
  const gradients = take(program.parameterCount * 4);
  const accumulators = program.ops.map((op, i) => {
    const axis = axes[i];
    if (!axis) return null;
    const size = stored[op.from]! * stored[i + 1]! * 4;
    const [rows, columns] = axis;
    const bytes = rows.winograd ? KERNEL_PLANES * size : rows.kernel * columns.kernel * size;
    return { kernel: take(bytes), bias: take(stored[i + 1]! * 4) };
  });
  const norms = new Map<BatchNormOp, NormBuffers>();
  for (const op of program.ops) {
    if (op.kind !== 'batchnorm') continue;
    const channels = storedChannels(op.out[2]);
    const moments = take(16 + channels * 16);
    norms.set(op, { op, stored: channels, moments, sums: take(channels * 16), coef: 0 });
  }
  const clearBytes = build.top() - clear;

  for (const [op, buffers] of norms) norms.set(op, { ...buffers, coef: take(7 * buffers.stored * 4) });
  const kernels = program.ops.map((op, i): KernelBuffers | null => {
    const axis = axes[i];
    if (!axis || (op.kind !== 'conv' && op.kind !== 'dense')) return null;
    const [rows, columns] = axis;
    const [from, to] = [stored[op.from]!, stored[i + 1]!];
    const { winograd } = rows;
    const taps = rows.kernel * columns.kernel;
    const bytes = taps * from * to * 4;
    const planes = KERNEL_PLANES * from * to * 4;
    const turned = wanted[op.from]!;
    const whole = turned && (winograd || op.kind === 'dense');
    const own = accumulators[i]!;
    return {
      op,
      winograd,
      stride: op.kind === 'conv' ? op.stride : 1,
      taps,
      from,
      to,
      panels: take(bytes),
      packed: winograd ? take(planes) : 0,
      bias: take(to * 4),
      turnedPanels: whole ? take(bytes) : 0,
      turnedPacked: turned && winograd ? take(planes) : 0,
      parts: turned && !whole ? turnedParts(build, rows, columns, from * to * 4) : [],
      gradient: winograd ? take(bytes) : own.kernel,
      transformedGradient: winograd ? own.kernel : 0,
      biasGradient: own.bias,
    };
  });
  const widest = Math.max(program.input[1] * program.input[2], ...stored);
  const block = (channels: number, stride: 1 | 2): number =>
    Math.min(64, Math.max(16, Math.floor(BLOCK_NUMBERS / TILE_PLANES[stride] / channels / 4) * 4));
  const tileBytes = kernels.map((each) => {
    if (!each?.winograd) return 0;
    const channels = each.from + each.to;
    // a gap behind the planes of each side: planeBytes of the kernels
    return TILE_PLANES[each.stride] * (block(channels, each.stride) * channels * 4 + 2 * 64);
  });
  return {
    kernels,
    norms,
    parameters,
    gradients,
    clear,
    clearBytes,
    block,
    tiles: take(Math.max(0, ...tileBytes)),
    scratch: take(widest * 4 + 64),
  };
}

function turnedParts(
  build: Build,
  rows: Parameters<typeof phasesOf>[0],
  columns: Parameters<typeof phasesOf>[0],
  tapBytes: number,
): TurnedPart[] {
  return phasesOf(rows).flatMap((row) =>
    phasesOf(columns).map((column): TurnedPart => {
      const panels = build.take(row.taps.length * column.taps.length * tapBytes);
      return { rows: row, columns: column, panels };
    }),
  );
}

/** A vector of ones and one of zeros, [stored] each: the place of a batch norm's vectors where there is none. */
export function identityVectors(build: Build, stored: number): number {
  const one = new Int32Array(Float32Array.of(1).buffer)[0]!;
  return build.record(Array.from({ length: 2 * stored }, (_, i) => (i < stored ? one : 0)));
}

/** The pixels of a phase as a tensor of their own. */
export function phaseTensor(tensor: Tensor, rows: Phase, columns: Phase, stride: number): Omit<Tensor, 'record'> {
  return {
    ...tensor,
    data: tensor.data + rows.first * tensor.rowStride + columns.first * tensor.pixelStride,
    rowStride: tensor.rowStride * stride,
    pixelStride: tensor.pixelStride * stride,
    height: rows.count,
    width: columns.count,
  };
}
