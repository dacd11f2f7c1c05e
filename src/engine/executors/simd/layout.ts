import { shapeSize } from '#engine/model/geometry.ts';
import { isWeighted, type ConvOp, type DenseOp, type Op, type StepProgram } from '#engine/model/program.ts';
import * as field from '#engine/executors/simd/fields.ts';
import { fusionOf, pointGeometries, roundUp, type PointGeometry } from '#engine/executors/simd/geometry.ts';

const ALIGNMENT = 64;
/** Examples that pass the net together: few enough for the caches, enough for the register tiles of the dense layers. */
const IMAGE_BLOCK = 16;
const VECTOR_BLOCK = 64;
/** Examples of one call of `predict`. */
const PREDICTION_CALL = 256;

/** Points of Winograd's transformed domain: tiles of 6 x 6. */
const WINOGRAD_PLANES = 36;
/** Tiles that are multiplied together, about: many for one load of the kernels, few enough for the caches. */
const WINOGRAD_TILES = 16;
/** Between its planes, as planeBytes of kernels/winograd-tiles.ts has it. */
const WINOGRAD_GAP_BYTES = 64;

/** Where everything of the chain path lies. All offsets are bytes from the start of its region. */
export interface ChainLayout {
  readonly bytes: number;
  /** The descriptor table without addresses resolved: `writeTable` adds the region's address. */
  readonly table: readonly TableWord[];
  readonly indices: number; // int32 [indexCapacity]
  readonly views: number; // int32 [indexCapacity]
  readonly indexCapacity: number;
  /** What `predict` writes, float32 [outputCapacity]. */
  readonly output: number;
  readonly outputCapacity: number;
  /** Word of the table where the record of point 0 starts. */
  readonly pointWord: number;
}

export interface TableWord {
  readonly word: number;
  readonly value: number;
  readonly kind: 'int' | 'offset';
}

/** Lays out table and buffers for a program that `isChain`. */
export function layoutChain(program: StepProgram, batchSize: number): ChainLayout {
  const points = pointGeometries(program);
  const { ops } = program;
  const imageOps = ops.findIndex((op) => op.kind === 'dense');
  const block = imageOps > 0 ? IMAGE_BLOCK : VECTOR_BLOCK;
  const table: TableWord[] = [];
  let top = 0;
  const allocate = (bytes: number): number => {
    const start = top;
    top = roundUp(top + bytes, ALIGNMENT);
    return start;
  };
  const write = (base: number) => ({
    int: (at: number, value: number): unknown => table.push({ word: base + at, value, kind: 'int' }),
    offset: (at: number, value: number): unknown => table.push({ word: base + at, value, kind: 'offset' }),
  });
  const pointWord = field.HEADER_WORDS + ops.length * field.OP_WORDS;
  allocate((pointWord + points.length * field.POINT_WORDS) * 4);

  // gradients first, in one run that a step clears
  const clear = top;
  const gradients = allocate(program.parameterCount * 4);
  const ownGradients = ops.map((op, i) => gradientBuffers(op, points[i]!, points[i + 1]!, gradients, allocate));
  const clearBytes = top - clear;
  const scratch = allocate(Math.max(...ops.map((_, i) => scratchBytes(program, i, points))));
  const rounded = allocate(program.parameterCount * 4);

  const firstWithParameters = ops.findIndex(isWeighted);
  const header = write(0);
  header.int(field.H_OPS, ops.length);
  header.int(field.H_IMAGE_OPS, imageOps);
  header.int(field.H_BLOCK, block);
  header.offset(field.H_GRADIENTS, gradients);
  header.offset(field.H_CLEAR, clear);
  header.int(field.H_CLEAR_BYTES, clearBytes);
  header.offset(field.H_SCRATCH, scratch);
  header.offset(field.H_ROUNDED, rounded);

  ops.forEach((op, i) => {
    const from = points[i]!;
    const to = points[i + 1]!;
    const word = write(field.HEADER_WORDS + i * field.OP_WORDS);
    if (op.kind === 'avgpool' || op.kind === 'maxpool') {
      word.int(field.O_KIND, op.kind === 'avgpool' ? field.KIND_AVERAGE : field.KIND_POOL);
      word.int(field.O_KERNEL, op.size);
      if (op.kind === 'avgpool') return;
      const stride = to.height * to.width * to.stored * 4;
      word.offset(field.O_WINNERS, allocate(block * stride));
      word.int(field.O_WINNERS_STRIDE, stride);
      return;
    }
    if (!isWeighted(op)) return; // there are no others in a chain
    word.int(field.O_KIND, op.kind === 'conv' ? field.KIND_CONV : field.KIND_DENSE);
    word.int(field.O_RELU, op.relu ? 1 : 0);
    word.int(field.O_WEIGHTS, op.offset * 4);
    word.int(field.O_BIAS, (op.offset + op.kernelSize) * 4);
    word.offset(field.O_PACKED_BIAS, allocate(to.stored * 4));
    word.offset(field.O_KERNEL_GRADIENT, ownGradients[i]!.kernel);
    word.offset(field.O_BIAS_GRADIENT, ownGradients[i]!.bias);
    const inputs = storedInputs(op, from);
    word.offset(field.O_PANELS, allocate(inputs * to.stored * 4));
    const passesGradient = i > firstWithParameters;
    if (op.kind === 'dense') {
      word.int(field.O_INPUTS, inputs);
      word.int(field.O_DIRECT_GRADIENT, ownGradients[i]!.direct ? 1 : 0);
      if (passesGradient) word.offset(field.O_BACKWARD, allocate(inputs * to.stored * 4));
      return;
    }
    word.int(field.O_KERNEL, op.kernel);
    word.int(field.O_STRIDE, op.stride);
    if (passesGradient) word.offset(field.O_BACKWARD, allocate(kernelRowsBytes(op.kernel, from, to)));
    const fusion = fusionOf(program, i, points);
    if (fusion === 'none') return;
    const pooled = points[i + 2]!;
    const stride = pooled.height * pooled.width * pooled.stored * 4;
    word.int(field.O_FUSED, fusion === 'winograd' ? 2 : 1);
    word.offset(field.O_WINNERS, allocate(block * stride));
    word.int(field.O_WINNERS_STRIDE, stride);
    if (fusion !== 'winograd') return;
    word.offset(field.O_WINOGRAD, allocate(WINOGRAD_PLANES * from.stored * to.stored * 4));
    word.int(field.O_TOGETHER, winogradTiles(pooled).together);
  });

  points.forEach((point, i) => {
    const word = write(pointWord + i * field.POINT_WORDS);
    word.offset(field.P_ACTIVATIONS, allocate(block * point.imageStride));
    word.int(field.P_IMAGE_STRIDE, point.imageStride);
    word.int(field.P_ROW_STRIDE, point.rowStride);
    word.int(field.P_INTERIOR, point.interior);
    word.int(field.P_HEIGHT, point.height);
    word.int(field.P_WIDTH, point.width);
    word.int(field.P_CHANNELS, point.channels);
    word.int(field.P_STORED, point.stored);
    const inFusion = fusionOf(program, i - 1, points) !== 'none' || fusionOf(program, i - 2, points) !== 'none';
    if (i > 0 && !inFusion)
      word.offset(field.P_BLOCKED, allocate(block * point.height * point.width * point.stored * 4));
    if (i <= firstWithParameters) return;
    // dense layers work on the whole block, convolutions and pools image by image
    const wholeBlock = i >= imageOps;
    word.offset(field.P_GRADIENT, allocate((wholeBlock ? block : 1) * point.imageStride));
    word.int(field.P_GRADIENT_STRIDE, wholeBlock ? point.imageStride : 0);
  });

  const indexCapacity = Math.max(batchSize, PREDICTION_CALL);
  const outputCapacity = Math.max(PREDICTION_CALL * program.outputs, block * shapeSize(ops.at(-1)!.in));
  const indices = allocate(indexCapacity * 4);
  const views = allocate(indexCapacity * 4);
  const output = allocate(outputCapacity * 4);
  return { bytes: top, table, indices, views, indexCapacity, output, outputCapacity, pointWord };
}

/** Writes the table of a path whose region starts at `region`, a multiple of 4. `ints` is of the whole memory. */
export function writeTable(layout: ChainLayout, region: number, ints: Int32Array): void {
  for (const { word, value, kind } of layout.table)
    ints[region / 4 + word] = kind === 'offset' ? region + value : value;
}

/** Inputs of one output number, with the channels that padding adds. */
function storedInputs(op: ConvOp | DenseOp, from: PointGeometry): number {
  return (op.kind === 'conv' ? op.kernel * op.kernel : from.height * from.width) * from.stored;
}

function kernelRowsBytes(kernel: number, from: PointGeometry, to: PointGeometry): number {
  return to.stored * kernel * roundUp(kernel * from.stored, 4) * 4;
}

interface GradientBuffers {
  readonly kernel: number;
  readonly bias: number;
  /** The kernel's own layout is that of the parameter vector. */
  readonly direct: boolean;
}

function gradientBuffers(
  op: Op,
  from: PointGeometry,
  to: PointGeometry,
  gradients: number,
  allocate: (bytes: number) => number,
): GradientBuffers {
  if (!isWeighted(op)) return { kernel: 0, bias: 0, direct: false };
  const bias = allocate(to.stored * 4);
  if (op.kind === 'conv') return { kernel: allocate(kernelRowsBytes(op.kernel, from, to)), bias, direct: false };
  const direct = from.stored === from.channels && to.stored === to.channels;
  const kernel = direct ? gradients + op.offset * 4 : allocate(storedInputs(op, from) * to.stored * 4);
  return { kernel, bias, direct };
}

/**
 * A row of the input, the scales of a kernel, the backward list of a convolution, (offset, gradient) an output, or Winograd's
 * transformed tiles before and after the products.
 */
function scratchBytes(program: StepProgram, index: number, points: readonly PointGeometry[]): number {
  const input = points[0]!;
  const shared = Math.max(input.width * input.channels, points[index + 1]!.stored) * 4;
  if (program.ops[index]?.kind !== 'conv') return shared;
  const fusion = fusionOf(program, index, points);
  const output = points[fusion === 'none' ? index + 1 : index + 2]!;
  const list = Math.max(shared, (output.height * output.width + 2) * 8);
  if (fusion !== 'winograd') return list;
  const { across, together } = winogradTiles(output);
  const tiles = roundUp(across * together, 4);
  return Math.max(
    list,
    WINOGRAD_PLANES * (tiles * (points[index]!.stored + output.stored) * 4 + 2 * WINOGRAD_GAP_BYTES),
  );
}

/** Winograd's tiles of a pooled output: four pooling windows each, so many in a row, and so many rows at a time. */
function winogradTiles(pooled: PointGeometry): { across: number; together: number } {
  const across = Math.ceil(pooled.width / 2);
  return { across, together: Math.max(1, Math.floor(WINOGRAD_TILES / across)) };
}
