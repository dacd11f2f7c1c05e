import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { Op, StepProgram } from '#engine/model/program.ts';
import * as field from '#engine/executors/simd/fields.ts';
import { fusionOf, pointGeometries, roundUp, type PointGeometry } from '#engine/executors/simd/geometry.ts';

const ALIGNMENT = 64;
/** Examples that pass the net together: few enough for the caches, enough for the register tiles of the dense layers. */
const IMAGE_BLOCK = 16;
const VECTOR_BLOCK = 64;
/** Examples of one call of `predict`. */
const PREDICTION_CALL = 256;

/** Where everything of a chunk lies. All offsets are bytes from the start of the chunk's region. */
export interface ChunkLayout {
  readonly bytes: number;
  /** The descriptor table without addresses resolved: `writeTable` adds the region's address. */
  readonly table: readonly TableWord[];
  readonly indices: number; // int32 [indexCapacity]
  readonly indexCapacity: number;
  readonly logits: number; // float32 [indexCapacity, class]
  /** First member; each holds raw | mask | effective | optimizer state, a parameter vector each. */
  readonly members: number;
  readonly memberStride: number;
  readonly stateSlots: number;
  /** Word of the table where the record of point 0 starts. */
  readonly pointWord: number;
}

export interface TableWord {
  readonly word: number;
  readonly value: number;
  readonly kind: 'int' | 'float' | 'offset';
}

/** Optimizer state vectors of a member: none for plain SGD, momentum, or Adam's two moments. */
export function stateSlots(optimizer: OptimizerSpec): number {
  if (optimizer.kind === 'adam') return 2;
  return optimizer.momentum === 0 ? 0 : 1;
}

/**
 * Lays out a chunk: table, buffers that the members share (they run one after the other), then the members. Throws where a
 * convolution or pool follows a dense layer.
 */
export function layoutChunk(
  program: StepProgram,
  members: number,
  batchSize: number,
  optimizer: OptimizerSpec,
): ChunkLayout {
  const points = pointGeometries(program);
  const { ops } = program;
  const imageOps = countImageOps(ops);
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
    float: (at: number, value: number): unknown => table.push({ word: base + at, value, kind: 'float' }),
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

  const firstWithParameters = ops.findIndex((op) => op.kind !== 'maxpool');
  const header = write(0);
  header.int(field.H_OPS, ops.length);
  header.int(field.H_IMAGE_OPS, imageOps);
  header.int(field.H_BLOCK, block);
  header.int(field.H_CLASSES, program.classes);
  header.int(field.H_PARAMETERS, program.parameterCount);
  header.offset(field.H_GRADIENTS, gradients);
  header.offset(field.H_CLEAR, clear);
  header.int(field.H_CLEAR_BYTES, clearBytes);
  header.offset(field.H_SCRATCH, scratch);
  writeOptimizer(header, optimizer);

  ops.forEach((op, i) => {
    const from = points[i]!;
    const to = points[i + 1]!;
    const word = write(field.HEADER_WORDS + i * field.OP_WORDS);
    if (op.kind === 'maxpool') {
      const stride = to.height * to.width * to.stored * 4;
      word.int(field.O_KIND, field.KIND_POOL);
      word.int(field.O_KERNEL, op.size);
      word.offset(field.O_WINNERS, allocate(block * stride));
      word.int(field.O_WINNERS_STRIDE, stride);
      return;
    }
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
    if (fusion === 'winograd') word.offset(field.O_WINOGRAD, allocate(16 * from.stored * to.stored * 4));
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
    if (i <= firstWithParameters) return;
    // dense layers work on the whole block, convolutions and pools image by image
    const wholeBlock = i >= imageOps;
    word.offset(field.P_GRADIENT, allocate((wholeBlock ? block : 1) * point.imageStride));
    word.int(field.P_GRADIENT_STRIDE, wholeBlock ? point.imageStride : 0);
  });

  const indexCapacity = Math.max(batchSize, PREDICTION_CALL);
  const indices = allocate(indexCapacity * 4);
  const logits = allocate(indexCapacity * program.classes * 4);
  const slots = stateSlots(optimizer);
  const memberStride = roundUp((3 + slots) * program.parameterCount * 4, ALIGNMENT);
  const first = allocate(members * memberStride);
  return {
    bytes: top,
    table,
    indices,
    indexCapacity,
    logits,
    members: first,
    memberStride,
    stateSlots: slots,
    pointWord,
  };
}

/** Writes the table of a chunk whose region starts at `region`, a multiple of 4. The views are of the whole memory. */
export function writeTable(layout: ChunkLayout, region: number, ints: Int32Array, floats: Float32Array): void {
  for (const { word, value, kind } of layout.table) {
    const at = region / 4 + word;
    if (kind === 'float') floats[at] = value;
    else ints[at] = kind === 'offset' ? region + value : value;
  }
}

function countImageOps(ops: readonly Op[]): number {
  const firstDense = ops.findIndex((op) => op.kind === 'dense');
  const count = firstDense < 0 ? ops.length : firstDense;
  const late = ops.slice(count).find((op) => op.kind !== 'dense');
  if (late) throw new RangeError(`${late.name} follows a dense layer: the simd executor has no kernel for that.`);
  return count;
}

function writeOptimizer(
  header: { int(at: number, value: number): unknown; float(at: number, value: number): unknown },
  optimizer: OptimizerSpec,
): void {
  if (optimizer.kind === 'sgd') {
    header.int(field.H_OPTIMIZER, stateSlots(optimizer));
    header.float(field.H_BETA1, optimizer.momentum);
  } else {
    header.int(field.H_OPTIMIZER, 2);
    header.float(field.H_BETA1, optimizer.beta1);
    header.float(field.H_BETA2, optimizer.beta2);
    header.float(field.H_REST1, 1 - optimizer.beta1);
    header.float(field.H_REST2, 1 - optimizer.beta2);
    header.float(field.H_EPSILON, optimizer.epsilon);
  }
}

/** Inputs of one output number, with the channels that padding adds. */
function storedInputs(op: Op, from: PointGeometry): number {
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
  if (op.kind === 'maxpool') return { kernel: 0, bias: 0, direct: false };
  const bias = allocate(to.stored * 4);
  if (op.kind === 'conv') return { kernel: allocate(kernelRowsBytes(op.kernel, from, to)), bias, direct: false };
  const direct = from.stored === from.channels && to.stored === to.channels;
  const kernel = direct ? gradients + op.offset * 4 : allocate(storedInputs(op, from) * to.stored * 4);
  return { kernel, bias, direct };
}

/** The backward list of a convolution, (offset, gradient) an output, or Winograd's two transformed rows of tiles. */
function scratchBytes(program: StepProgram, index: number, points: readonly PointGeometry[]): number {
  if (program.ops[index]?.kind !== 'conv') return 0;
  const fusion = fusionOf(program, index, points);
  const output = points[fusion === 'none' ? index + 1 : index + 2]!;
  const list = (output.height * output.width + 2) * 8;
  if (fusion !== 'winograd') return list;
  return Math.max(list, 16 * roundUp(output.width, 4) * (points[index]!.stored + output.stored) * 4);
}
