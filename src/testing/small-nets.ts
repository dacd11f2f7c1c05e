import type { TrainingData } from '#engine/executors/executor.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { netBuilder } from '#testing/net-builder.ts';

/** Seeded normal inputs and random labels for tests. */
export function randomData(program: StepProgram, examples: number, seed: number): TrainingData {
  const random = stream(seed, 'data');
  const data = Float32Array.from({ length: examples * shapeSize(program.input) }, random.normal);
  const labels = Uint16Array.from({ length: examples }, () => random.int(program.classes));
  return { inputs: { kind: 'floats', data }, labels, examples };
}

/**
 * Parameters with non-zero biases, so that relu and max pool have negative inputs as well; scales and running variances of
 * batch norm between 0.5 and 1.5.
 */
export function randomParameters(program: StepProgram, seed: number): Float64Array {
  const random = stream(seed, 'parameters');
  const parameters = new Float64Array(program.parameterCount);
  for (const { kind, offset, size, fanIn } of program.tensors)
    for (let i = 0; i < size; i++)
      parameters[offset + i] =
        kind === 'bn-scale' || kind === 'bn-variance' ? 0.5 + random.next() : random.normal() / Math.sqrt(fanIn);
  return parameters;
}

export function countUpTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** Where no length divides by four: conv, max pool that drops a row, conv 2x2 of stride 2 without a pool, two dense layers. */
export function oddConvProgram(): StepProgram {
  const net = netBuilder([7, 6, 3]);
  net.conv({ filters: 5, relu: true });
  net.pool('maxpool', 2);
  net.conv({ filters: 6, kernel: 2, stride: 2, relu: true });
  net.dense(7, { relu: true });
  return net.program(3);
}

/**
 * Batch norm and residual blocks at odd sizes: a stem, a block whose shortcut is the point itself, a block of stride 2 whose
 * shortcut is a 1x1 convolution with batch norm; global average pool.
 */
export function residualProgram(): StepProgram {
  const net = netBuilder([7, 5, 3]);
  net.conv({ filters: 5, bias: false });
  const stem = net.batchNorm({ relu: true });
  net.conv({ filters: 5, bias: false });
  net.batchNorm({ relu: true });
  net.conv({ filters: 5, bias: false });
  net.batchNorm();
  const entry = net.add(stem, { relu: true });
  net.conv({ from: entry, filters: 6, kernel: 1, stride: 2, bias: false });
  const shortcut = net.batchNorm();
  net.conv({ from: entry, filters: 6, stride: 2, bias: false });
  net.batchNorm({ relu: true });
  net.conv({ filters: 6, bias: false });
  net.batchNorm();
  net.add(shortcut, { relu: true });
  net.globalPool();
  return net.program(3);
}

/** Average pools of 2 and of 3 that drop rows and columns, the second over signed values. */
export function averagePoolProgram(): StepProgram {
  const net = netBuilder([9, 8, 2]);
  net.conv({ filters: 5, relu: true });
  net.pool('avgpool', 2);
  net.conv({ filters: 3 });
  net.pool('avgpool', 3);
  return net.program(3);
}

/** A point with three readers, a 1x1 convolution of stride 2 with bias for a shortcut, additions with and without relu, no batch norm. */
export function shortcutProgram(): StepProgram {
  const net = netBuilder([6, 7, 2]);
  const stem = net.conv({ filters: 3, relu: true });
  const shortcut = net.conv({ from: stem, filters: 4, kernel: 1, stride: 2 });
  const straight = net.conv({ from: stem, filters: 4, stride: 2, bias: false });
  const sum = net.add(shortcut, { from: straight });
  net.conv({ from: stem, filters: 4, kernel: 2, stride: 2, relu: true });
  net.add(sum, { relu: true });
  net.pool('maxpool', 2);
  return net.program(2);
}

/** A small convolutional net of two classes with one logit. */
export function logisticProgram(): StepProgram {
  const net = netBuilder([6, 5, 1]);
  net.conv({ filters: 3, relu: true });
  net.pool('maxpool', 2);
  net.dense(5, { relu: true });
  return net.program(2, 'logistic');
}

/** One program of each kind above, by name: what every executor must run. */
export const SMALL_PROGRAMS: readonly (readonly [string, StepProgram])[] = [
  ['odd sizes, an even kernel, stride 2 and a pool that drops a row', oddConvProgram()],
  ['batch norm and residual blocks', residualProgram()],
  ['average pools', averagePoolProgram()],
  ['a point with three readers and a 1x1 shortcut of stride 2', shortcutProgram()],
  ['one logit and the logistic loss', logisticProgram()],
];
