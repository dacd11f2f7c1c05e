import { expect, it } from 'vitest';
import type { ActivationQuantization } from '#engine/executors/executor.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { expectClose } from '#testing/expect-close.ts';
import { askAndDispose, chunkOf, EXAMPLES, type SuiteContext } from '#testing/gpu-suite-chunks.ts';
import { countUpTo, randomData } from '#testing/small-gpu-nets.ts';
import { residualProgram, SMALL_PROGRAMS } from '#testing/small-nets.ts';

/** Predictions on a GPU against the float64 reference. */
export function describeGpuPrediction({ executor, reference }: SuiteContext): void {
  for (const [title, program] of SMALL_PROGRAMS)
    it(`has the reference's logits, embeddings and ranges of more examples than a batch: ${title}`, async () => {
      const data = randomData(program, EXAMPLES, 3);
      const indices = countUpTo(EXAMPLES).reverse();
      const chunks = [executor(), reference].map((on) => chunkOf(on, program, data, [1, 2]));
      const [got, wanted] = await askAndDispose(chunks, async (chunk) => ({
        logits: await chunk.logits(indices, { kind: 'none' }),
        none: await chunk.logits(new Int32Array(0), { kind: 'none' }),
        embeddings: await chunk.embeddings(indices),
        ranges: await chunk.activationRanges(indices.subarray(0, EXAMPLES - 2)),
      }));
      expectClose(got!.logits, wanted!.logits, 1e-5);
      expectClose(got!.embeddings, wanted!.embeddings, 1e-5);
      expectClose(got!.ranges, wanted!.ranges, 1e-5);
      expect(got!.none).toHaveLength(0);
    });

  const program = residualProgram();
  const points = (scale: number): ({ scale: number; zeroPoint: number } | null)[] =>
    program.ops.map((_, i) => (i % 3 === 2 ? null : { scale, zeroPoint: (i % 7) - 3 }));
  const quantizations: [string, ActivationQuantization][] = [
    [
      'fixed points',
      {
        kind: 'fixed',
        points: [
          [{ scale: 0.031, zeroPoint: 0 }, ...points(0.05)],
          [null, ...points(0.11)],
        ],
      },
    ],
    ['dynamic ranges', { kind: 'dynamic', ops: weightedOps(program) }],
  ];
  for (const [title, quantization] of quantizations)
    it(`quantizes activations with ${title} as the reference does`, async () => {
      const data = randomData(program, EXAMPLES, 3);
      const chunks = [executor(), reference].map((on) => chunkOf(on, program, data, [1, 2]));
      const [got, wanted] = await askAndDispose(chunks, async (chunk) => ({
        rounded: await chunk.logits(countUpTo(EXAMPLES), quantization),
        exact: await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' }),
      }));
      // A value on the edge between two steps may fall to either side in float32; all but a few logits are the same.
      const same = got!.rounded.filter((x, i) => Math.abs(x - wanted!.rounded[i]!) < 1e-4).length;
      expect(same / got!.rounded.length).toBeGreaterThan(0.95);
      const moved = wanted!.rounded.filter((x, i) => Math.abs(x - wanted!.exact[i]!) > 1e-3).length;
      expect(moved / got!.rounded.length).toBeGreaterThan(0.5);
    });
}

const weightedOps = (program: StepProgram): boolean[] =>
  program.ops.map(({ kind }) => kind === 'conv' || kind === 'dense');
