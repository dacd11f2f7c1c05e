import { describe, expect, it } from 'vitest';
import type { TrainingData } from '#engine/executors/executor.ts';
import type { StepOptions } from '#engine/executors/reference/step.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { packView } from '#engine/model/augmentation.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import type { Shape, StepProgram } from '#engine/model/program.ts';
import { permutation, stream } from '#lib/random.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { logisticProgram, oddConvProgram, randomData, randomParameters, SMALL_PROGRAMS } from '#testing/small-nets.ts';

const EXAMPLES = 5;
/** Parameters of a tensor: enough to meet every channel and tap. */
const MOST_CHECKED = 24;
const BATCH = Int32Array.of(0, 3, 4, 3);

const MODELS: readonly (readonly [string, ModelSpec, Shape, number])[] = [
  ['an even image', { kind: 'cnn-small', filters: [3, 4], dense: [5] }, [8, 8, 3], 2],
  ['an image of odd sides', { kind: 'cnn-small', filters: [2, 3], dense: [] }, [7, 5, 1], 3],
  ['a single row of windows', { kind: 'cnn-small', filters: [5], dense: [4, 3] }, [2, 9, 2], 4],
  ['a table', { kind: 'mlp', hidden: [6, 5, 4] }, [1, 1, 7], 2],
  ['no hidden layer', { kind: 'mlp', hidden: [] }, [1, 1, 3], 3],
  ['resnet-8', { kind: 'resnet-8', filters: [3, 4], blocks: 2 }, [5, 6, 2], 2],
];

describe('gradients against finite differences', () => {
  it.each(MODELS)('%s', (_, model, input, classes) => {
    expectFiniteDifferences(buildProgram(model, input, classes));
  });

  it.each(SMALL_PROGRAMS)('%s', (_, program) => {
    expectFiniteDifferences(program);
  });

  it('a pool of signed values behind an even kernel', () => {
    const net = netBuilder([7, 5, 2]);
    net.conv({ filters: 3, kernel: 2, stride: 2 });
    net.pool('maxpool', 2);
    expectFiniteDifferences(net.program(2));
  });

  it('pools whose windows are all negative, of convolutions without padding', () => {
    const net = netBuilder([8, 7, 1]);
    net.conv({ filters: 2, padding: 'valid' });
    net.pool('maxpool', 2);
    const program = net.program(3);
    const parameters = randomParameters(program, 4);
    parameters.fill(-20, 18, 20); // the two biases
    expectFiniteDifferences(program, { parameters });
  });

  it('a point that is added to itself, and one that nothing reads', () => {
    const net = netBuilder([3, 4, 2]);
    const conv = net.conv({ filters: 2, relu: true });
    net.conv({ from: conv, filters: 3 });
    net.add(conv, { from: conv });
    const { gradients } = expectFiniteDifferences(net.program(2));
    expect(gradients.subarray(40, 97).every((g) => g === 0)).toBe(true); // the convolution that nothing reads
  });

  it('batch norm behind a dense layer, a pool and the input', () => {
    const net = netBuilder([4, 5, 2]);
    net.batchNorm();
    net.pool('avgpool', 2);
    net.batchNorm({ relu: true });
    net.dense(4);
    net.batchNorm({ relu: true });
    const program = net.program(3);
    const { gradients } = expectFiniteDifferences(program);
    for (const { kind, offset, size } of program.tensors)
      if (kind === 'bn-mean' || kind === 'bn-variance')
        expect(gradients.subarray(offset, offset + size).every((g) => g === 0)).toBe(true);
  });

  it('batch norm of a single number', () => {
    const net = netBuilder([1, 1, 3]);
    net.dense(4);
    net.batchNorm();
    expectFiniteDifferences(net.program(2), { batch: Int32Array.of(1) });
  });

  it('views', () => {
    const views = Int32Array.from([
      packView({ flip: true, down: 0, right: 0 }),
      packView({ flip: false, down: 2, right: -3 }),
      packView({ flip: true, down: -1, right: 4 }),
      packView({ flip: true, down: 90, right: -90 }),
    ]);
    expectFiniteDifferences(oddConvProgram(), { options: { views } });
  });

  for (const [name, program] of [
    ['softmax', oddConvProgram()],
    ['logistic', logisticProgram()],
  ] as const)
    for (const weight of [0.3, 1])
      it(`distillation of weight ${String(weight)} with the ${name} loss`, () => {
        const random = stream(6, 'teacher');
        const logits = Float32Array.from({ length: EXAMPLES * program.outputs }, () => 3 * random.normal());
        expectFiniteDifferences(program, { options: { teacher: { temperature: 2.5, weight, logits } } });
      });
});

interface Setting {
  readonly parameters?: Float64Array;
  readonly batch?: Int32Array;
  readonly options?: StepOptions;
}

/** Central differences of random parameters of each tensor; gives the gradients that were checked. */
function expectFiniteDifferences(
  program: StepProgram,
  { parameters = randomParameters(program, 4), batch = BATCH, options = {} }: Setting = {},
): { readonly gradients: Float64Array } {
  const { inputs, labels }: TrainingData = randomData(program, EXAMPLES, 3);
  const { gradients } = lossAndGradients(program, parameters, inputs, labels, batch, options);
  const lossAt = (i: number, shift: number): number => {
    const shifted = parameters.slice();
    shifted[i]! += shift;
    return lossAndGradients(program, shifted, inputs, labels, batch, options).loss;
  };
  const h = 1e-6;
  for (const { name, offset, size } of program.tensors)
    for (const place of permutation(size, stream(1, name)).subarray(0, MOST_CHECKED)) {
      const i = offset + place;
      const difference = (lossAt(i, h) - lossAt(i, -h)) / (2 * h);
      const limit = 1e-7 + 1e-5 * Math.abs(difference);
      const error = Math.abs(difference - gradients[i]!);
      if (!(error < limit)) expect(error, `${name} at ${String(place)}`).toBeLessThan(limit);
    }
  expect(gradients.some((g) => g !== 0)).toBe(true);
  return { gradients };
}
