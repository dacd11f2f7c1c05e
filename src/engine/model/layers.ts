import { poolLength, samePadding, shapeSize } from '#engine/model/geometry.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import type { ConvOp, DenseOp, MaxPoolOp, Op, Shape, StepProgram, TensorSlot } from '#engine/model/program.ts';

const CONV_KERNEL = 3;
const POOL_SIZE = 2;
/** Executors read parameters four at a time. */
const BLOCK_ALIGNMENT = 4;

/**
 * The step program of a model for inputs of the given shape ([height, width, channels]; a vector of n is [1, 1, n]).
 * `cnn-small`: per entry of `filters` a 3x3 convolution ("same" padding, relu) and a 2x2 max pool, then dense layers with
 * relu; `mlp`: the dense layers only. The last layer is dense without relu and has one output a class.
 * Throws where a length is not a whole number from 1 or an image is too small for the pools.
 */
export function buildProgram(model: ModelSpec, input: Shape, classes: number): StepProgram {
  for (const length of input) requireCount('input length', length);
  requireCount('number of classes', classes);
  const filters = model.kind === 'cnn-small' ? model.filters : [];
  const hidden = model.kind === 'cnn-small' ? model.dense : model.hidden;
  const ops: Op[] = [];
  let shape = input;
  let offset = 0;
  filters.forEach((channels, index) => {
    const conv = convolution(`conv${String(index + 1)}`, shape, channels, offset);
    const pool = maxPool(`pool${String(index + 1)}`, conv.out);
    ops.push(conv, pool);
    offset = blockEnd(conv);
    shape = pool.out;
  });
  const units = [...hidden, classes];
  units.forEach((count, index) => {
    const op = dense(`dense${String(index + 1)}`, shape, count, index < units.length - 1, offset);
    ops.push(op);
    offset = blockEnd(op);
    shape = op.out;
  });
  return { input, classes, ops, tensors: tensorSlots(ops), parameterCount: offset };
}

function convolution(name: string, input: Shape, channels: number, offset: number): ConvOp {
  requireCount(`filters of ${name}`, channels);
  const rows = samePadding(input[0], CONV_KERNEL, 1);
  const columns = samePadding(input[1], CONV_KERNEL, 1);
  return {
    kind: 'conv',
    name,
    in: input,
    out: [rows.out, columns.out, channels],
    kernel: CONV_KERNEL,
    stride: 1,
    padTop: rows.padBefore,
    padLeft: columns.padBefore,
    relu: true,
    offset,
    kernelSize: CONV_KERNEL * CONV_KERNEL * input[2] * channels,
  };
}

function maxPool(name: string, input: Shape): MaxPoolOp {
  const out: Shape = [poolLength(input[0], POOL_SIZE), poolLength(input[1], POOL_SIZE), input[2]];
  if (out[0] < 1 || out[1] < 1) {
    const size = `${String(input[1])}x${String(input[0])}`;
    throw new RangeError(`${name} has nothing to pool: its input is ${size} pixels. Use fewer convolutions.`);
  }
  return { kind: 'maxpool', name, in: input, out, size: POOL_SIZE };
}

function dense(name: string, input: Shape, units: number, relu: boolean, offset: number): DenseOp {
  requireCount(`units of ${name}`, units);
  return { kind: 'dense', name, in: input, out: [1, 1, units], relu, offset, kernelSize: shapeSize(input) * units };
}

function blockEnd(op: ConvOp | DenseOp): number {
  return Math.ceil((op.offset + op.kernelSize + op.out[2]) / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
}

function tensorSlots(ops: readonly Op[]): TensorSlot[] {
  const last = ops.at(-1);
  return ops.flatMap((op) => {
    if (op.kind === 'maxpool') return [];
    const out = op.out[2];
    const fanIn = op.kernelSize / out;
    const kernel: TensorSlot = {
      name: `${op.name}/kernel`,
      kind: op.kind === 'conv' ? 'conv-kernel' : 'dense-kernel',
      offset: op.offset,
      size: op.kernelSize,
      shape: op.kind === 'conv' ? [op.kernel, op.kernel, op.in[2], out] : [fanIn, out],
      fanIn,
      prunable: op !== last,
    };
    const bias: TensorSlot = {
      name: `${op.name}/bias`,
      kind: 'bias',
      offset: op.offset + op.kernelSize,
      size: out,
      shape: [out],
      fanIn,
      prunable: false,
    };
    return [kernel, bias];
  });
}

function requireCount(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`The ${what} must be a whole number from 1, not ${String(value)}.`);
}
