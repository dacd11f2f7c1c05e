import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, ChunkSpec, Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { isChain } from '#engine/executors/simd/chain.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { expectAgreement } from '#testing/pytorch/agreement.ts';
import { PYTORCH_FIXTURES } from '#testing/pytorch/fixtures.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { countUpTo, randomData, randomParameters, residualProgram, shortcutProgram } from '#testing/small-nets.ts';

/** Programs that are not chains, against the float64 reference and against PyTorch. */

beforeAll(ensureSimdKernels, 60_000);

const VARIANTS = ['plain', 'relaxed'] as const;
const SGD = { kind: 'sgd', momentum: 0 } as const;

/** Every operation at random sizes: convolutions with and without batch norm, pools, additions of points of one shape. */
function randomProgram(seed: number, batchNorm: boolean): StepProgram {
  const random = stream(seed, 'program');
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)]!;
  const net = netBuilder([5 + random.int(9), 5 + random.int(9), pick([1, 3, 8])]);
  let side = 5; // at least so long are both sides
  for (let i = 0; i < 5; i++) {
    const kernel = Math.min(side, pick([1, 2, 3, 3, 3, 4, 5]));
    const stride = side >= 4 ? pick([1, 1, 2] as const) : 1;
    const padding = kernel < side ? pick(['same', 'same', 'valid'] as const) : 'same';
    const filters = pick([3, 8, 12]);
    const options = { filters, kernel, stride, padding } as const;
    const before = net.conv({ ...options, bias: !batchNorm, relu: !batchNorm && pick([true, false]) });
    const main = batchNorm ? net.batchNorm({ relu: pick([true, false]) }) : before;
    side = padding === 'same' ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
    if (pick([true, false])) {
      net.conv({ filters, bias: !batchNorm });
      const other = batchNorm && pick([true, false]) ? net.batchNorm() : undefined;
      net.add(main, { relu: pick([true, false]), ...(other === undefined ? {} : { from: other }) });
    }
    if (side >= 4 && pick([true, false, false])) {
      net.pool(pick(['maxpool', 'avgpool']), 2);
      side >>= 1;
    }
  }
  net.globalPool();
  if (pick([true, false])) net.dense(5, { relu: true });
  return net.program(3);
}

const NETS: readonly (readonly [string, StepProgram])[] = [
  ['residual blocks', residualProgram()],
  ['a shortcut without batch norm', shortcutProgram()],
  ['resnet-8', buildProgram({ kind: 'resnet-8', filters: [8, 12, 16], blocks: 2 }, [14, 11, 3], 3)],
  ['resnet-8 with one logit', buildProgram({ kind: 'resnet-8', filters: [4, 8], blocks: 1 }, [8, 8, 1], 2, 'logistic')],
  ...[1, 2, 3, 4].map((seed) => [`random ${String(seed)}`, randomProgram(seed, true)] as const),
  ...[1, 2, 3, 4].map((seed) => [`random ${String(seed)}, no batch norm`, randomProgram(seed, false)] as const),
];

function chunkOf(executor: Executor, data: TrainingData, spec: Omit<ChunkSpec, 'members'>): Chunk {
  executor.load(data);
  return executor.createChunk({ ...spec, members: spec.parameters.length / spec.program.parameterCount });
}

it('holds programs that are not chains', () => {
  for (const [, net] of NETS) expect(isChain(net)).toBe(false);
});

describe.each(VARIANTS)('the whole-batch path of the simd executor (%s) against the reference', (variant) => {
  it.each(NETS)('has the same gradients, loss and running statistics: %s', async (_, net) => {
    const executor = await createSimdExecutor({ variant });
    const data = randomData(net, 40, 3);
    const parameters = Float32Array.from(randomParameters(net, 4));
    const ours = chunkOf(executor, data, { program: net, batchSize: 20, optimizer: SGD, parameters });
    const reference = chunkOf(createReferenceExecutor(), data, {
      program: net,
      batchSize: 20,
      optimizer: SGD,
      parameters,
    });
    for (const batch of [7, 20, 3]) {
      const indices = Int32Array.from(countUpTo(batch), (i) => (i * 7) % 40);
      for (const chunk of [ours, reference]) {
        chunk.setParameters(parameters);
        chunk.step(indices, Float32Array.of(1));
      }
      const [after, wanted] = await Promise.all([ours.parameters(), reference.parameters()]);
      const { loss, gradients } = lossAndGradients(net, parameters, data.inputs, data.labels, indices);
      expect((await ours.loss())[0]).toBeCloseTo(loss, 5);
      for (const { name, kind, offset, size } of net.tensors) {
        const slice = { tensors: [{ name, offset: 0, size }] } as unknown as StepProgram;
        if (kind === 'bn-mean' || kind === 'bn-variance')
          expectClose(after.subarray(offset, offset + size), wanted.subarray(offset, offset + size), 1e-5, slice);
        else {
          const change = after.subarray(offset, offset + size).map((w, i) => parameters[offset + i]! - w);
          expectClose(change, gradients.subarray(offset, offset + size), 2e-4, slice);
        }
      }
    }
  });

  it.each(NETS)('predicts the same logits, also quantized, and sees the same ranges: %s', async (_, net) => {
    const data = randomData(net, 21, 5);
    const spec = {
      program: net,
      batchSize: 4,
      optimizer: SGD,
      parameters: Float32Array.from(randomParameters(net, 6)),
    };
    const both = [await createSimdExecutor({ variant }), createReferenceExecutor()].map((executor) =>
      chunkOf(executor, data, spec),
    );
    const indices = countUpTo(21);
    const [simdRanges, ranges] = await Promise.all(both.map((chunk) => chunk.activationRanges(indices)));
    expectClose(simdRanges!, ranges!, 1e-5);
    const [embeddings, wantedEmbeddings] = await Promise.all(both.map((chunk) => chunk.embeddings(indices)));
    expectClose(embeddings!, wantedEmbeddings!, 1e-5);
    const points = Array.from({ length: net.ops.length + 1 }, (__, point) => {
      const [least, greatest] = [Math.min(0, ranges![2 * point]!), Math.max(0, ranges![2 * point + 1]!)];
      const scale = Math.fround((greatest - least) / 255);
      return point % 3 === 2 ? null : { scale, zeroPoint: Math.round(-128 - least / scale) };
    });
    const kinds = [
      { quantization: { kind: 'none' }, tolerance: 1e-5 },
      // a value near the middle between two steps may go either way
      { quantization: { kind: 'fixed', points: [points] }, tolerance: 0.04 },
      { quantization: { kind: 'dynamic', ops: net.ops.map((__, i) => i % 2 === 0) }, tolerance: 0.04 },
      { quantization: { kind: 'dynamic', ops: net.ops.map((__, i) => i % 2 === 1) }, tolerance: 0.04 },
    ] as const;
    for (const { quantization, tolerance } of kinds) {
      const [got, wanted] = await Promise.all(both.map((chunk) => chunk.logits(indices, quantization)));
      expectClose(got!, wanted!, tolerance);
    }
  });

  const folded = NETS.filter(([, net]) => net.ops.every((op) => op.kind !== 'batchnorm'));
  it.each(folded)('fake-quantizes kernels and activations of programs without batch norm: %s', async (_, net) => {
    const data = randomData(net, 30, 7);
    const parameters = Float32Array.from(randomParameters(net, 8));
    const spec = { program: net, batchSize: 19, optimizer: SGD, parameters };
    const reference = chunkOf(createReferenceExecutor(), data, spec);
    const ours = chunkOf(await createSimdExecutor({ variant }), data, spec);
    const ranges = (await reference.activationRanges(countUpTo(30))).map((x) => 0.6 * x);
    const pooled = new Set(net.ops.flatMap((op) => (op.kind === 'maxpool' ? [op.from] : [])));
    const points = Array.from({ length: net.ops.length + 1 }, (__, point) => !pooled.has(point) && point % 4 !== 3);
    for (const chunk of [ours, reference]) {
      chunk.setFakeQuantization({ points, ranges, decay: 0.9 });
      chunk.step(countUpTo(19), Float32Array.of(1));
    }
    const change = (after: Float32Array): Float32Array => after.map((w, i) => parameters[i]! - w);
    // a value in the middle between two steps may go either way
    expectClose(change(await ours.parameters()), change(await reference.parameters()), 0.02, net);
    expectClose(await ours.fakeRanges(), await reference.fakeRanges(), 2e-3);
    ours.setFakeQuantization(null);
    reference.setFakeQuantization(null);
    for (const chunk of [ours, reference]) {
      chunk.setParameters(parameters);
      chunk.step(countUpTo(5), Float32Array.of(1));
    }
    expectClose(change(await ours.parameters()), change(await reference.parameters()), 1e-4, net);
  });
});

const OPTIMIZERS = [
  ['momentum and decay', { kind: 'sgd', momentum: 0.9, weightDecay: 0.02 }, 0.02],
  ['Adam and decay', { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weightDecay: 0.5 }, 0.003],
] as const satisfies readonly (readonly [string, OptimizerSpec, number])[];

describe('steps of the whole-batch path against the reference', () => {
  it.each(
    OPTIMIZERS.flatMap(([name, optimizer, rate]) =>
      (['kept', 'zeroed'] as const).map((masked) => ({ name, optimizer, rate, masked })),
    ),
  )('follow $name with masks $masked, views and a teacher', async ({ optimizer, rate, masked }) => {
    const net = residualProgram();
    const data = randomData(net, 30, 7);
    const parameters = Float32Array.of(...randomParameters(net, 8), ...randomParameters(net, 9));
    const random = stream(9, 'mask');
    const kernels = net.tensors.filter(({ kind }) => kind === 'conv-kernel' || kind === 'dense-kernel');
    const mask = parameters.map((__, i) =>
      kernels.some(({ offset, size }) => i % net.parameterCount >= offset && i % net.parameterCount < offset + size)
        ? random.int(2)
        : 1,
    );
    const teacher = Float32Array.from({ length: 2 * 30 * net.outputs }, () => 2 * random.normal());
    const distillation = { temperature: 2, weight: 0.5, teacher };
    const spec = { program: net, batchSize: 16, optimizer, parameters, maskedWeights: masked, distillation };
    const both = [await createSimdExecutor(), createReferenceExecutor()].map((executor) =>
      chunkOf(executor, data, spec),
    );
    for (const chunk of both)
      for (let step = 0; step < 5; step++) {
        if (step === 2) chunk.setMask(mask);
        const indices = Int32Array.from({ length: 2 * (step === 3 ? 9 : 16) }, (_, i) => (i * 11 + step * 5) % 30);
        const views = indices.map(
          (example, i) => (example % 2) | ((128 + (i % 3) - 1) << 8) | ((128 - (step % 2)) << 16),
        );
        chunk.step(indices, Float32Array.of(rate, rate / 2), views);
      }
    const [got, wanted] = await Promise.all(both.map((chunk) => chunk.parameters()));
    for (const member of [0, 1]) {
      const own = (all: Float32Array): Float32Array =>
        all.slice(member * net.parameterCount, (member + 1) * net.parameterCount);
      expectClose(own(got!), own(wanted!), 1e-3, net);
    }
  });

  it.each(VARIANTS)('agree with PyTorch on resnet-8 (%s)', async (variant) => {
    const fixtures = PYTORCH_FIXTURES.filter(({ program }) => !isChain(program));
    expect(fixtures.length).toBeGreaterThan(0);
    for (const fixture of fixtures)
      await expectAgreement(await createSimdExecutor({ variant }), fixture, {
        loss: 1e-5,
        gradients: 1e-4,
        steps: 1e-4,
      });
  });
});
