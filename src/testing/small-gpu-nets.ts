import type { TrainingData } from '#engine/executors/executor.ts';
import { samePadding, shapeSize } from '#engine/model/geometry.ts';
import type { Op, StepProgram, TensorSlot } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';

export { countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';

/** Seeded random bytes and labels. */
export function randomBytes(program: StepProgram, examples: number, seed: number): TrainingData {
  const random = stream(seed, 'bytes');
  const data = Uint8Array.from({ length: examples * shapeSize(program.input) }, () => random.int(256));
  const labels = Uint16Array.from({ length: examples }, () => random.int(program.classes));
  return { inputs: { kind: 'bytes', data }, labels, examples };
}

/** About half of the parameters of every member, [member, parameterCount]. */
export function randomMask(program: StepProgram, members: number, seed: number): Float32Array {
  const random = stream(seed, 'mask');
  return Float32Array.from({ length: members * program.parameterCount }, () => random.int(2));
}

/**
 * A program that no length of divides by four: 7x6x3, conv 3x3 to 5, pool 2 (drops a row), conv 2x2 stride 2 to 6 without a
 * pool, dense 7, dense 3.
 */
export function oddConvProgram(): StepProgram {
  const wide = samePadding(7, 3, 1);
  const strided = samePadding(3, 2, 2);
  const ops: Op[] = [
    {
      kind: 'conv',
      name: 'conv1',
      in: [7, 6, 3],
      out: [7, 6, 5],
      kernel: 3,
      stride: 1,
      padTop: wide.padBefore,
      padLeft: wide.padBefore,
      relu: true,
      offset: 0,
      kernelSize: 135,
    },
    { kind: 'maxpool', name: 'pool1', in: [7, 6, 5], out: [3, 3, 5], size: 2 },
    {
      kind: 'conv',
      name: 'conv2',
      in: [3, 3, 5],
      out: [2, 2, 6],
      kernel: 2,
      stride: 2,
      padTop: strided.padBefore,
      padLeft: strided.padBefore,
      relu: true,
      offset: 140,
      kernelSize: 120,
    },
    { kind: 'dense', name: 'dense1', in: [2, 2, 6], out: [1, 1, 7], relu: true, offset: 268, kernelSize: 168 },
    { kind: 'dense', name: 'dense2', in: [1, 1, 7], out: [1, 1, 3], relu: false, offset: 444, kernelSize: 21 },
  ];
  const tensors = ops.flatMap((op): TensorSlot[] => {
    if (op.kind === 'maxpool') return [];
    const out = op.out[2];
    const fanIn = op.kernelSize / out;
    return [
      {
        name: `${op.name}/kernel`,
        kind: op.kind === 'conv' ? 'conv-kernel' : 'dense-kernel',
        offset: op.offset,
        size: op.kernelSize,
        shape: [fanIn, out],
        fanIn,
        prunable: true,
      },
      {
        name: `${op.name}/bias`,
        kind: 'bias',
        offset: op.offset + op.kernelSize,
        size: out,
        shape: [out],
        fanIn,
        prunable: false,
      },
    ];
  });
  return { input: [7, 6, 3], classes: 3, ops, tensors, parameterCount: 468 };
}
