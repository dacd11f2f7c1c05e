import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { unitMask } from '#compression/unit-mask.ts';
import { unitLayers } from '#compression/units.ts';
import type { Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { smallerParameters, smallerProgram } from '#engine/model/smaller.ts';
import { expectClose } from '#testing/expect-close.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';
import { countUpTo, randomData, randomParameters, residualProgram, SMALL_PROGRAMS } from '#testing/small-nets.ts';

beforeAll(ensureSimdKernels, 60_000);

const EXAMPLES = 5;

async function logitsOf(
  executor: Executor,
  program: StepProgram,
  parameters: Float32Array,
  data: TrainingData,
): Promise<Float32Array> {
  executor.load(data);
  const chunk = executor.createChunk({
    program,
    members: 1,
    batchSize: EXAMPLES,
    optimizer: { kind: 'sgd', momentum: 0 },
    parameters,
  });
  const logits = await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' });
  chunk.dispose();
  return logits;
}

const widths = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength, maxLength });
const anyProgram: fc.Arbitrary<StepProgram> = fc.oneof(
  fc.constantFrom(...SMALL_PROGRAMS.map(([, program]) => program)),
  fc
    .tuple(widths(0, 2), widths(0, 2))
    .map(([filters, dense]) => buildProgram({ kind: 'cnn-small', filters, dense }, [7, 6, 2], 3)),
  widths(0, 3).map((hidden) => buildProgram({ kind: 'mlp', hidden }, [1, 1, 6], 2, 'logistic')),
  fc
    .tuple(widths(1, 3), fc.integer({ min: 1, max: 2 }))
    .map(([filters, blocks]) => buildProgram({ kind: 'resnet-8', filters, blocks }, [6, 5, 2], 2)),
);

describe('the smaller network', () => {
  it('predicts what the masked one does, on the reference and on simd', async () => {
    const executors = [createReferenceExecutor(), await createSimdExecutor()];
    const norm = fc.constantFrom('l1' as const, 'l2' as const);
    const sparsity = fc.double({ min: 0, max: 0.99, noNaN: true });
    await fc.assert(
      fc.asyncProperty(anyProgram, sparsity, norm, fc.nat(1000), async (program, share, by, seed) => {
        const parameters = Float32Array.from(randomParameters(program, seed));
        const mask = unitMask(program, parameters, { sparsity: share, norm: by });
        const masked = parameters.map((weight, i) => weight * mask[i]!);
        const smaller = smallerProgram(program, share);
        const own = smallerParameters(program, smaller, parameters, mask);
        const data = randomData(program, EXAMPLES, seed);
        for (const executor of executors) {
          const [small, whole] = [
            await logitsOf(executor, smaller, own, data),
            await logitsOf(executor, program, masked, data),
          ];
          expectClose(small, whole, 1e-5);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has in every layer that can lose units as many as the mask keeps, and the other layers whole', () => {
    const program = buildProgram({ kind: 'resnet-8', filters: [4, 10], blocks: 1 }, [8, 8, 3], 3);
    const smaller = smallerProgram(program, 0.7);
    expect(smaller.ops.flatMap((op) => (op.kind === 'conv' ? [[op.name, op.in[2], op.out[2]]] : []))).toEqual([
      ['stem.conv', 3, 4],
      ['stage1.block1.1.conv', 4, 1],
      ['stage1.block1.2.conv', 1, 4],
      ['stage2.block1.shortcut.conv', 4, 10],
      ['stage2.block1.1.conv', 4, 3],
      ['stage2.block1.2.conv', 3, 10],
    ]);
    for (const { op, units } of unitLayers(program)) expect(smaller.ops[op]?.out[2]).toBe(keptCount(units, 0.7));
    expect(foldedProgram(smaller).ops.map(({ out }) => out[2])).toEqual([4, 1, 4, 4, 10, 3, 10, 10, 10, 3]);
  });

  it('is the network itself where nothing is removed', () => {
    const program = residualProgram();
    const parameters = Float32Array.from(randomParameters(program, 1));
    expect(smallerProgram(program, 0)).toEqual(program);
    expect(
      smallerParameters(
        program,
        program,
        parameters,
        parameters.map(() => 1),
      ),
    ).toEqual(parameters);
  });

  it('refuses a mask of another sparsity', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [4] }, [1, 1, 3], 2);
    const parameters = Float32Array.from(randomParameters(program, 1));
    const mask = unitMask(program, parameters, { sparsity: 0.5, norm: 'l1' });
    expect(() => smallerParameters(program, smallerProgram(program, 0.25), parameters, mask)).toThrow(
      /keeps 2 units of dense1, not 3/,
    );
  });
});
