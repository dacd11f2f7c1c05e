import * as field from '#engine/executors/simd/fields.ts';
import { axesOf, inputBorder, outputBorder, type Axis, type Border } from '#engine/executors/simd/whole-batch/axis.ts';
import { describe, type Build, type Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import type { BatchNormOp, Op, StepProgram } from '#engine/model/program.ts';
import { isWeighted } from '#engine/model/program.ts';

/** Channels behind the input are stored in whole groups of 8, the width of a register tile. */
export const CHANNEL_GROUP = 8;
/** Between images: kernels read up to one vector too far, and strides of a power of two collide in the caches. */
const GAP_BYTES = 64;

export const storedChannels = (channels: number): number => Math.ceil(channels / CHANNEL_GROUP) * CHANNEL_GROUP;

/** What is known of a program before anything is laid out. */
export interface Graph {
  readonly program: StepProgram;
  /** [point] stored channels. */
  readonly stored: readonly number[];
  /** [op] rows and columns where it has a kernel, null elsewhere. */
  readonly axes: readonly (readonly [Axis, Axis] | null)[];
  /** [point] operations that read it. */
  readonly readers: readonly (readonly number[])[];
  /** [point] whether its gradient is wanted. */
  readonly wanted: readonly boolean[];
  readonly hasBatchNorm: boolean;
  /** The batch norm that makes the point and that the only reader of the point, an addition, takes along; undefined elsewhere. */
  fusedNorm(point: number): BatchNormOp | undefined;
}

/** Throws a RangeError where a batch norm or an addition reads the input, whose channels are not stored in groups. */
export function graphOf(program: StepProgram): Graph {
  const { ops } = program;
  const stored = [program.input[2]];
  const wanted = [false];
  const readers: number[][] = Array.from({ length: ops.length + 1 }, () => []);
  const axes = ops.map((op, i) => {
    readers[op.from]!.push(i);
    if (op.kind === 'add') readers[op.other]!.push(i);
    const from = stored[op.from]!;
    if ((op.kind === 'batchnorm' || op.kind === 'add') && from % CHANNEL_GROUP !== 0)
      throw new RangeError(`${op.name} reads the input: the simd executor has no kernel for that.`);
    stored.push(
      op.kind === 'maxpool' || op.kind === 'avgpool' || op.kind === 'global-avgpool' ? from : storedChannels(op.out[2]),
    );
    const above = wanted[op.from]! || (op.kind === 'add' && wanted[op.other]!);
    wanted.push(above || isWeighted(op) || op.kind === 'batchnorm');
    if (!isWeighted(op)) return null;
    return axesOf(op, op.kind === 'conv' && op.kernel === 3 && from % CHANNEL_GROUP === 0);
  });
  return {
    program,
    stored,
    axes,
    readers,
    wanted,
    hasBatchNorm: ops.some((op) => op.kind === 'batchnorm'),
    fusedNorm: (point) => {
      const op = ops[point - 1];
      const [reader, ...others] = readers[point]!;
      if (op?.kind !== 'batchnorm' || op.relu || reader === undefined || others.length > 0) return undefined;
      return ops[reader]!.kind === 'add' ? op : undefined;
    },
  };
}

/** The values of all points, [point]. Their records are also written where kernels/records.ts looks for them. */
export function layoutPoints(build: Build, graph: Graph, batch: number, recordsAt: number): readonly Tensor[] {
  const { program, stored, readers } = graph;
  const tensors: Tensor[] = [];
  [program.input, ...program.ops.map((op) => op.out)].forEach(([height, width, channels], point) => {
    const record = recordsAt + point * field.POINT_WORDS * 4;
    const op = program.ops[point - 1];
    // a batch norm that is taken along has values at prediction only, and nobody else reads what it reads
    const inPlace = graph.fusedNorm(point) && readers[op!.from]!.length === 1;
    const [rows, columns] = borders(graph, point);
    const pixel = stored[point]! * 4;
    const rowStride = (columns.before + width + columns.behind) * pixel;
    const size = (rows.before + height + rows.behind) * rowStride;
    const interior = rows.before * rowStride + columns.before * pixel;
    const imageStride = Math.ceil(size / 16) * 16 + GAP_BYTES;
    const shape = { pixelStride: pixel, height, width, stored: stored[point]!, channels };
    const tensor = inPlace
      ? tensors[op!.from]!
      : describe(build, { data: build.take(batch * imageStride) + interior, imageStride, rowStride, ...shape });
    tensors.push(tensor);
    const words: readonly (readonly [number, number])[] = [
      [field.P_ACTIVATIONS, tensor.data],
      [field.P_IMAGE_STRIDE, tensor.imageStride],
      [field.P_ROW_STRIDE, tensor.rowStride],
      [field.P_HEIGHT, height],
      [field.P_WIDTH, width],
      [field.P_CHANNELS, channels],
      [field.P_STORED, stored[point]!],
      // only steps of programs without batch norm are fake-quantized
      [field.P_BLOCKED, point === 0 || graph.hasBatchNorm ? 0 : build.take(batch * height * width * pixel)],
    ];
    for (const [at, word] of words) build.set(record + at * 4, word);
  });
  return tensors;
}

/** Zeros around a point's rows and columns: for those that read it, and for the operation that makes it, whose gradient takes its place. */
function borders(graph: Graph, point: number): readonly [Border, Border] {
  const side = (of: 0 | 1): Border => {
    const needs: Border[] = graph.readers[point]!.flatMap((reader) => {
      const axes = graph.axes[reader];
      return axes ? [inputBorder(axes[of])] : [];
    });
    const op: Op | undefined = graph.program.ops[point - 1];
    const own = graph.axes[point - 1];
    // the input gradient of a dense layer is a product without patches
    if (own && op) needs.push(outputBorder(own[of], graph.wanted[op.from]! && op.kind === 'conv'));
    return {
      before: Math.max(0, ...needs.map((need) => need.before)),
      behind: Math.max(0, ...needs.map((need) => need.behind)),
    };
  };
  return [side(0), side(1)];
}

/** A buffer for gradients of a point: a tensor without border. */
export function gradientStride({ height, width, stored }: Tensor): number {
  return height * width * stored * 4 + GAP_BYTES;
}

export function gradientTensor(build: Build, point: Tensor, data: number): Tensor {
  const { height, width, stored, channels } = point;
  const pixelStride = stored * 4;
  const shape = { rowStride: width * pixelStride, pixelStride, height, width, stored, channels };
  return describe(build, { data, imageStride: gradientStride(point), ...shape });
}
