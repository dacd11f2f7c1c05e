import { keptCount } from '#compression/mask.ts';
import { unitLayers } from '#compression/units.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Op, Shape, StepProgram } from '#engine/model/program.ts';
import { isWeighted } from '#engine/model/program.ts';
import { blockSize, nextBlock, tensorSlots } from '#engine/model/tensor-slots.ts';

/**
 * The program without the filters and neurons that structured pruning takes out at a sparsity in [0,1): every layer of
 * `unitLayers` has the keptCount of its units, and later layers as many inputs fewer. Operations keep their names and order.
 */
export function smallerProgram(program: StepProgram, sparsity: number): StepProgram {
  const left = new Map(unitLayers(program).map(({ op, units }) => [op, keptCount(units, sparsity)]));
  const shapes: Shape[] = [program.input];
  let offset = 0;
  const ops = program.ops.map((op, i): Op => {
    const input = shapes[op.from]!;
    const units = left.get(i) ?? (isWeighted(op) ? op.out[2] : input[2]);
    const own = resized(op, input, { units, offset });
    shapes.push(own.out);
    offset = nextBlock(own, offset);
    return own;
  });
  return { ...program, ops, tensors: tensorSlots(ops), parameterCount: offset };
}

/**
 * The parameters [smaller.parameterCount] of one member for `smaller`, the smallerProgram of `program`: those of the units that
 * the mask keeps and of the inputs that they give. The small network predicts what the masked one does, up to the rounding of
 * sums. parameters and mask: [parameterCount]. Throws where the mask keeps another number of a layer's units than `smaller` has.
 */
export function smallerParameters(
  program: StepProgram,
  smaller: StepProgram,
  parameters: Float32Array,
  mask: Float32Array,
): Float32Array {
  const layers = new Map(unitLayers(program).map(({ op, kernel }) => [op, kernel]));
  const result = new Float32Array(smaller.parameterCount);
  /** The channels of each point that are left. */
  const channels = [all(program.input[2])];
  program.ops.forEach((op, i) => {
    const small = smaller.ops[i]!;
    const layer = layers.get(i);
    const inputs = channels[op.from]!;
    const own = isWeighted(op) ? all(op.out[2]) : inputs;
    const outputs = layer ? own.filter((unit) => mask[layer.offset + unit] === 1) : own;
    if (outputs.length !== small.out[2])
      throw new RangeError(
        `The mask keeps ${String(outputs.length)} units of ${op.name}, not ${String(small.out[2])}.`,
      );
    channels.push(outputs);
    if (!('offset' in op) || !('offset' in small)) return;
    let at = small.offset;
    const take = (from: number): void => {
      for (const channel of outputs) result[at++] = parameters[from + channel]!;
    };
    if (op.kind === 'batchnorm') {
      for (let vector = 0; vector < 4; vector++) take(op.offset + vector * op.out[2]);
      return;
    }
    const width = op.in[2];
    const positions = op.kernelSize / (width * op.out[2]);
    for (let position = 0; position < positions; position++)
      for (const input of inputs) take(op.offset + (position * width + input) * op.out[2]);
    if (blockSize(op) > op.kernelSize) take(op.offset + op.kernelSize);
  });
  return result;
}

const all = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

function resized(op: Op, input: Shape, { units, offset }: { readonly units: number; readonly offset: number }): Op {
  const out: Shape = [op.out[0], op.out[1], units];
  const ends = { in: input, out };
  switch (op.kind) {
    case 'conv':
      return { ...op, ...ends, offset, kernelSize: op.kernel ** 2 * input[2] * units };
    case 'dense':
      return { ...op, ...ends, offset, kernelSize: shapeSize(input) * units };
    case 'batchnorm':
      return { ...op, ...ends, offset };
    case 'maxpool':
    case 'avgpool':
    case 'global-avgpool':
    case 'add':
      return { ...op, ...ends };
    default:
      return op satisfies never;
  }
}
