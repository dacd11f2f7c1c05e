import type { BatchNormOp, Op, StepProgram } from '#engine/model/program.ts';
import { BATCH_NORM_EPSILON, isWeighted } from '#engine/model/program.ts';
import { blockSize, nextBlock, tensorSlots } from '#engine/model/tensor-slots.ts';

/**
 * The program in which every batch norm is part of the convolution before it: the convolution has a bias, and the relu of the
 * batch norm. Operations keep their names and order; points and offsets are counted anew. A program without batch norm comes
 * back as it is. Throws where a batch norm follows anything but a convolution without relu that nothing else reads.
 */
export function foldedProgram(program: StepProgram): StepProgram {
  const norms = normsByConvolution(program);
  if (norms.size === 0) return program;
  const ops: Op[] = [];
  const points = [0]; // new number of each point
  let offset = 0;
  for (const op of program.ops) {
    if (op.kind === 'batchnorm') {
      points.push(points[op.from]!);
      continue;
    }
    const moved = renumbered(op, points, offset);
    const norm = norms.get(op);
    ops.push(norm && moved.kind === 'conv' ? { ...moved, bias: true, relu: norm.relu } : moved);
    points.push(ops.length);
    offset = nextBlock(ops.at(-1)!, offset);
  }
  return { ...program, ops, tensors: tensorSlots(ops), parameterCount: offset };
}

/**
 * Parameters [folded.parameterCount] of one member for `folded`, the foldedProgram of `program`, that predict what
 * `parameters` [parameterCount] do with the running statistics: kernel x scale / deviation per output channel and bias
 * (bias - mean) scale / deviation + shift (Jacob et al. 2018, equation 14). Computed in float64.
 */
export function foldParameters(program: StepProgram, folded: StepProgram, parameters: Float32Array): Float32Array {
  if (parameters.length !== program.parameterCount)
    throw new RangeError(
      `The parameters must have ${String(program.parameterCount)} numbers, not ${String(parameters.length)}.`,
    );
  const norms = normsByConvolution(program);
  const result = new Float32Array(folded.parameterCount);
  const sources = program.ops.filter(isWeighted);
  folded.ops.filter(isWeighted).forEach((target, i) => {
    const source = sources[i]!;
    const norm = norms.get(source);
    const size = blockSize(source);
    const block = parameters.subarray(source.offset, source.offset + size);
    if (!norm) {
      result.set(block, target.offset);
      return;
    }
    const channels = source.out[2];
    const vector = (which: number, channel: number): number => parameters[norm.offset + which * channels + channel]!;
    for (let channel = 0; channel < channels; channel++) {
      const [scale, shift, mean, variance] = [0, 1, 2, 3].map((which) => vector(which, channel));
      const factor = scale! / Math.sqrt(variance! + BATCH_NORM_EPSILON);
      for (let at = channel; at < source.kernelSize; at += channels) result[target.offset + at] = factor * block[at]!;
      const bias = block[source.kernelSize + channel] ?? 0;
      result[target.offset + target.kernelSize + channel] = (bias - mean!) * factor + shift!;
    }
  });
  return result;
}

/** The batch norm that follows each convolution. */
function normsByConvolution({ ops }: StepProgram): ReadonlyMap<Op, BatchNormOp> {
  const norms = new Map<Op, BatchNormOp>();
  for (const op of ops) {
    if (op.kind !== 'batchnorm') continue;
    const before = ops[op.from - 1];
    const readers = ops.filter((other) => other.from === op.from || (other.kind === 'add' && other.other === op.from));
    if (before?.kind !== 'conv' || before.relu || readers.length > 1)
      throw new RangeError(`${op.name} cannot be folded: it must alone follow a convolution without relu.`);
    norms.set(before, op);
  }
  return norms;
}

function renumbered(op: Exclude<Op, BatchNormOp>, points: readonly number[], offset: number): Exclude<Op, BatchNormOp> {
  const from = points[op.from]!;
  if (op.kind === 'add') return { ...op, from, other: points[op.other]! };
  return isWeighted(op) ? { ...op, from, offset } : { ...op, from };
}
