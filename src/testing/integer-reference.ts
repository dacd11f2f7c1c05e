import type { FixedMember } from '#compression/post-training.ts';
import type { Grid } from '#compression/quantize.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { AddOp, ConvOp, DenseOp, GlobalPoolOp, Op, PoolOp, StepProgram } from '#engine/model/program.ts';
import { multiplyByQuantizedMultiplier, quantizedMultiplier, truncatedMean } from '#testing/integer-arithmetic.ts';

/**
 * A fixed-point member in integers alone, after the reference kernels of TensorFlow Lite (reference/integer_ops): int8 x int8
 * into int32, requantized by a multiplier and a shift. One example at a time.
 */
export interface IntegerReference {
  /** The int8 numbers of an input [...program.input]. */
  readonly input: (values: ArrayLike<number>) => Int32Array;
  /** The int8 output of op `index` [...op.out] from int8 numbers at the points that it reads. */
  readonly run: (index: number, at: (point: number) => Int32Array) => Int32Array;
  /** The grid of the values at a point. */
  readonly grid: (point: number) => Grid;
}

export function integerReference(program: StepProgram, member: FixedMember): IntegerReference {
  const grid = (point: number): Grid => member.activations[point]!.grid;
  const weights = new Map(member.grids.map(({ name, quantization }) => [name, quantization!]));
  const integersOf = (name: string): { readonly q: Int32Array; readonly scales: readonly number[] } => {
    const { offset, size } = program.tensors.find((tensor) => tensor.name === name)!;
    const { scales } = weights.get(name)!;
    const q = Int32Array.from({ length: size }, (_, i) =>
      Math.round(member.parameters[offset + i]! / scales[i % scales.length]!),
    );
    return { q, scales };
  };
  const weighted = (op: ConvOp | DenseOp, x: Int32Array, index: number): Int32Array => {
    const [input, output] = [grid(op.from), grid(index + 1)];
    const kernel = integersOf(`${op.name}/kernel`);
    const bias = op.kind === 'dense' || op.bias ? integersOf(`${op.name}/bias`).q : null;
    const channels = op.out[2];
    const multipliers = kernel.scales.map((scale) => quantizedMultiplier((input.scale * scale) / output.scale));
    return sums(op, x, input.zeroPoint, kernel.q).map((sum, i) => {
      const accumulator = sum + (bias?.[i % channels] ?? 0);
      const multiplier = multipliers[(i % channels) % multipliers.length]!;
      return clamped(multiplyByQuantizedMultiplier(accumulator, multiplier) + output.zeroPoint, output, op.relu);
    });
  };
  const add = (op: AddOp, at: (point: number) => Int32Array, index: number): Int32Array => {
    const output = grid(index + 1);
    const terms = [op.from, op.other].map((point) => ({ q: at(point), own: grid(point) }));
    const twiceLargest = 2 * Math.max(...terms.map(({ own }) => own.scale));
    const scaled = terms.map(({ q, own }) => {
      const multiplier = quantizedMultiplier(own.scale / twiceLargest);
      return q.map((value) => multiplyByQuantizedMultiplier((value - own.zeroPoint) << ADD_SHIFT, multiplier));
    });
    const back = quantizedMultiplier(twiceLargest / (2 ** ADD_SHIFT * output.scale));
    return scaled[0]!.map((value, i) =>
      clamped(multiplyByQuantizedMultiplier(value + scaled[1]![i]!, back) + output.zeroPoint, output, op.relu),
    );
  };
  const globalPool = (op: GlobalPoolOp, x: Int32Array, index: number): Int32Array => {
    const [input, output] = [grid(op.from), grid(index + 1)];
    const pixels = op.in[0] * op.in[1];
    const multiplier = quantizedMultiplier(input.scale / output.scale);
    return Int32Array.from({ length: op.in[2] }, (_, channel) => {
      let sum = 0;
      for (let pixel = 0; pixel < pixels; pixel++) sum += x[pixel * op.in[2] + channel]! - input.zeroPoint;
      const mean = truncatedMean(multiplyByQuantizedMultiplier(sum, multiplier), pixels);
      return clamped(mean + output.zeroPoint, output, false);
    });
  };
  const run = (op: Op, index: number, at: (point: number) => Int32Array): Int32Array => {
    const x = at(op.from);
    switch (op.kind) {
      case 'conv':
      case 'dense':
        return weighted(op, x, index);
      case 'maxpool':
      case 'avgpool':
        return pool(op, x);
      case 'global-avgpool':
        return globalPool(op, x, index);
      case 'add':
        return add(op, at, index);
      case 'batchnorm':
        throw new RangeError('Batch norm is folded before.');
      default:
        return op satisfies never;
    }
  };
  return {
    input: (values) => {
      const { scale, zeroPoint } = grid(0);
      return Int32Array.from(values, (x) => clamped(Math.round(x / scale) + zeroPoint, grid(0), false));
    },
    run: (index, at) => run(program.ops[index]!, index, at),
    grid,
  };
}

/** Bits that an addition has in hand for its terms. */
const ADD_SHIFT = 20;

const clamped = (q: number, { zeroPoint }: Grid, relu: boolean): number =>
  Math.min(127, Math.max(relu ? zeroPoint : -128, q));

/** Sums of (x - zeroPoint) x weight, [...op.out]; what is padded is the zero point. */
function sums(op: ConvOp | DenseOp, x: Int32Array, zeroPoint: number, kernel: Int32Array): Int32Array {
  const [rows, columns, channels] = op.out;
  const sum = new Int32Array(shapeSize(op.out));
  if (op.kind === 'dense') {
    x.forEach((value, i) => {
      for (let unit = 0; unit < channels; unit++) sum[unit]! += (value - zeroPoint) * kernel[i * channels + unit]!;
    });
    return sum;
  }
  const [height, width, depth] = op.in;
  for (let y = 0; y < rows; y++)
    for (let column = 0; column < columns; column++)
      for (let ky = 0; ky < op.kernel; ky++)
        for (let kx = 0; kx < op.kernel; kx++) {
          const [inY, inX] = [y * op.stride + ky - op.padTop, column * op.stride + kx - op.padLeft];
          if (inY < 0 || inX < 0 || inY >= height || inX >= width) continue;
          for (let from = 0; from < depth; from++) {
            const value = x[(inY * width + inX) * depth + from]! - zeroPoint;
            const row = ((ky * op.kernel + kx) * depth + from) * channels;
            const at = (y * columns + column) * channels;
            for (let to = 0; to < channels; to++) sum[at + to]! += value * kernel[row + to]!;
          }
        }
  return sum;
}

function pool({ kind, size, in: [, width, channels], out }: PoolOp, x: Int32Array): Int32Array {
  const [, columns] = out;
  return Int32Array.from({ length: shapeSize(out) }, (_, i) => {
    const channel = i % channels;
    const [y, column] = [Math.floor(i / channels / columns), Math.floor(i / channels) % columns];
    const window = Array.from({ length: size * size }, (_tap, tap) => {
      const [inY, inX] = [y * size + Math.floor(tap / size), column * size + (tap % size)];
      return x[(inY * width + inX) * channels + channel]!;
    });
    if (kind === 'maxpool') return Math.max(...window);
    return truncatedMean(
      window.reduce((total, q) => total + q, 0),
      window.length,
    );
  });
}
