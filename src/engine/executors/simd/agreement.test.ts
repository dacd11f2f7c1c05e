import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, ChunkSpec, Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import type { Variant } from '#engine/executors/simd/module.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec, OptimizerSpec } from '#engine/model/plan.ts';
import type { Shape, StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { netBuilder, type NetBuilder } from '#testing/net-builder.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { averagePoolProgram, countUpTo, logisticProgram, randomData, randomParameters } from '#testing/small-nets.ts';

beforeAll(ensureSimdKernels, 60_000);

const cnn = (filters: readonly number[], dense: readonly number[]): ModelSpec => ({
  kind: 'cnn-small',
  filters,
  dense,
});
const mlp = (...hidden: readonly number[]): ModelSpec => ({ kind: 'mlp', hidden });

const NETS: readonly (readonly [string, StepProgram])[] = [
  ['16 and 32 filters on colour', buildProgram(cnn([16, 32], [64]), [16, 16, 3], 2)],
  ['8 and 8 filters on gray', buildProgram(cnn([8, 8], [16]), [28, 28, 1], 10)],
  ['odd sides and odd widths', buildProgram(cnn([5, 12], [7, 3]), [17, 13, 3], 3)],
  ['4 filters', buildProgram(cnn([4, 4, 4], [4]), [9, 22, 1], 2)],
  ['one row of windows', buildProgram(cnn([20], []), [2, 9, 2], 4)],
  ['three stages', buildProgram(cnn([8, 16, 24], [10]), [24, 24, 3], 2)],
  ['a table', buildProgram(mlp(32, 32, 32), [1, 1, 20], 2)],
  ['a table of odd widths', buildProgram(mlp(7, 5, 13, 9), [1, 1, 11], 3)],
  ['no hidden layer', buildProgram(mlp(), [1, 1, 3], 5)],
  ['an image without convolutions', buildProgram(mlp(9), [5, 3, 3], 2)],
  [
    'a convolution without a pool',
    built([9, 7, 3], (net) => [net.conv({ filters: 6, relu: true }), net.conv({ filters: 9, relu: true })]),
  ],
  [
    'stride 2, valid, even kernel, no relu',
    built([11, 9, 2], (net) => [
      net.conv({ filters: 6, kernel: 2, stride: 2, padding: 'valid' }),
      net.conv({ filters: 5, padding: 'valid', relu: true }),
    ]),
  ],
  [
    'a 5x5 convolution of stride 2 and a pool',
    built([16, 18, 3], (net) => [
      net.conv({ filters: 8, kernel: 5, stride: 2, relu: true }),
      net.pool('maxpool', 2),
      net.conv({ filters: 4 }),
      net.pool('maxpool', 2),
    ]),
  ],
  [
    'a 1x1 convolution and a pool of 3',
    built([10, 11, 4], (net) => [
      net.conv({ filters: 12, kernel: 1, relu: true }),
      net.pool('maxpool', 3),
      net.conv({ filters: 8, relu: true }),
    ]),
  ],
  [
    'a pool first',
    built([8, 9, 3], (net) => [net.pool('maxpool', 2), net.conv({ filters: 8, relu: true }), net.pool('maxpool', 2)]),
  ],
  [
    'a valid convolution of 3 channels by Winograd',
    built([12, 13, 1], (net) => [
      net.conv({ filters: 3, relu: true }),
      net.conv({ filters: 10, padding: 'valid' }),
      net.pool('maxpool', 2),
    ]),
  ],
  ['average pools', averagePoolProgram()],
  [
    'an average pool first',
    built([7, 8, 3], (net) => [net.pool('avgpool', 2), net.conv({ filters: 6, relu: true }), net.pool('avgpool', 3)]),
  ],
  ['one logit', logisticProgram()],
];

/** The layers, then a dense layer to two classes. */
function built(input: Shape, layers: (net: NetBuilder) => unknown): StepProgram {
  const net = netBuilder(input);
  layers(net);
  return net.program(2);
}

/** Both variants where this Node has relaxed SIMD. */
const VARIANTS: readonly Variant[] = ['plain', 'relaxed'];

describe.each(VARIANTS)('the simd executor (%s) against the reference', (variant) => {
  it.each(NETS)('has the same gradients and loss: %s', async (_, net) => {
    const executor = await createSimdExecutor({ variant });
    for (const batch of [1, 19, 32]) {
      const data = randomData(net, 40, 3);
      const parameters = Float32Array.from(randomParameters(net, 4));
      const indices = Int32Array.from(countUpTo(batch), (i) => (i * 7) % 40);
      executor.load(data);
      const chunk = executor.createChunk(spec(net, 32, parameters, { kind: 'sgd', momentum: 0 }));
      chunk.step(indices, Float32Array.of(1));
      const wanted = lossAndGradients(net, parameters, data.inputs, data.labels, indices);
      const after = await chunk.parameters();
      const gradients = after.map((w, i) => parameters[i]! - w);
      expectClose(gradients, wanted.gradients, 1e-4, net);
      expect((await chunk.loss())[0]).toBeCloseTo(wanted.loss, 5);
      chunk.dispose();
    }
  });

  it.each(NETS)('predicts the same logits, also quantized, and sees the same ranges: %s', async (_, net) => {
    const data = randomData(net, 21, 5);
    const both = [await createSimdExecutor({ variant }), createReferenceExecutor()].map((executor) => {
      executor.load(data);
      return executor.createChunk(
        spec(net, 4, Float32Array.from(randomParameters(net, 6)), { kind: 'sgd', momentum: 0 }),
      );
    });
    const indices = countUpTo(21);
    const [simdRanges, ranges] = await Promise.all(both.map((chunk) => chunk.activationRanges(indices)));
    expectClose(simdRanges!, ranges!, 1e-5);
    const points = Array.from({ length: net.ops.length + 1 }, (_, point) => {
      if (point % 3 === 2) return null;
      const [least, greatest] = [Math.min(0, ranges![2 * point]!), Math.max(0, ranges![2 * point + 1]!)];
      const scale = Math.fround((greatest - least) / 255);
      return { scale, zeroPoint: Math.round(-128 - least / scale) };
    });
    const kinds = [
      { quantization: { kind: 'none' }, tolerance: 1e-5 },
      // a value near the middle between two steps may go either way
      { quantization: { kind: 'fixed', points: [points] }, tolerance: 0.03 },
      { quantization: { kind: 'dynamic', ops: net.ops.map((_, i) => i % 2 === 0) }, tolerance: 0.03 },
      { quantization: { kind: 'dynamic', ops: net.ops.map((_, i) => i % 2 === 1) }, tolerance: 0.03 },
    ] as const;
    for (const { quantization, tolerance } of kinds) {
      const [got, wanted] = await Promise.all(both.map((chunk) => chunk.logits(indices, quantization)));
      expectClose(got!, wanted!, tolerance);
    }
  });

  it('reads bytes as x / 127.5 - 1', async () => {
    const net = buildProgram(mlp(), [3, 5, 3], 2);
    const random = stream(3, 'bytes');
    const inputs = { kind: 'bytes', data: Uint8Array.from({ length: 4 * 45 }, () => random.int(256)) } as const;
    const data = { inputs, labels: new Uint16Array(4), examples: 4 };
    const parameters = Float32Array.from(randomParameters(net, 1));
    const sgd = { kind: 'sgd', momentum: 0 } as const;
    const both = [await createSimdExecutor({ variant }), createReferenceExecutor()].map((executor) =>
      run(executor, data, spec(net, 4, parameters, sgd)),
    );
    const [got, wanted] = await Promise.all(both.map((chunk) => chunk.logits(Int32Array.of(3, 0), { kind: 'none' })));
    expectClose(got!, wanted!, 1e-6);
  });
});

function run(executor: Executor, data: TrainingData, chunk: ChunkSpec): Chunk {
  executor.load(data);
  return executor.createChunk(chunk);
}

function spec(net: StepProgram, batchSize: number, parameters: Float32Array, optimizer: OptimizerSpec): ChunkSpec {
  return { program: net, members: 1, batchSize, optimizer, parameters };
}
