import { expect, it } from 'vitest';
import type { Chunk, ChunkSpec, FakeQuantization } from '#engine/executors/executor.ts';
import { packView } from '#engine/model/augmentation.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import {
  ADAM,
  BATCH,
  chunkOf,
  EXAMPLES,
  MOMENTUM,
  parametersOf,
  randomIndices,
  type SuiteContext,
} from '#testing/gpu-suite-chunks.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { countUpTo, randomBytes, randomData, randomMask } from '#testing/small-gpu-nets.ts';
import { logisticProgram, oddConvProgram, residualProgram, SMALL_PROGRAMS } from '#testing/small-nets.ts';

const ALL = [0, 1, 2, 3, 4, 5, 6, 7];

/** Batch norm behind a relu and before a pool. */
const VALID = ['a valid convolution of stride 2, batch norm without relu before a pool', validProgram()] as const;

function validProgram(): StepProgram {
  const net = netBuilder([7, 6, 2]);
  net.conv({ filters: 6, stride: 2, padding: 'valid', relu: true });
  net.batchNorm();
  net.pool('maxpool', 2);
  return net.program(2);
}

/** Steps of every operation, loss and option on a GPU against the float64 reference, and of a population against its members alone. */
export function describeGpuTraining({ executor, reference }: SuiteContext): void {
  for (const [title, program] of [...SMALL_PROGRAMS, VALID])
    it(`has the reference's losses, gradients and statistics in chunks of 1, 3 and 8: ${title}`, async () => {
      const data = randomData(program, EXAMPLES, 3);
      for (const [members, batch] of [
        [[0], BATCH - 1], // fewer than a full batch
        [[2, 3, 4], BATCH - 1],
        [ALL, BATCH],
        [[1, 2], 1],
      ] as const) {
        const indices = randomIndices(members.length, batch, 6);
        const [got, wanted] = await Promise.all(
          [executor(), reference].map(async (on) => {
            const chunk = chunkOf(on, program, data, members);
            chunk.step(indices, new Float32Array(members.length).fill(64)); // gradients stand out of the rounding of parameters
            const result = { loss: await chunk.loss(), after: await chunk.parameters() };
            chunk.dispose();
            return result;
          }),
        );
        expectClose(got!.loss, wanted!.loss, 1e-5);
        const before = parametersOf(program, members);
        members.forEach((_, member) => {
          const change = (after: Float32Array): Float32Array =>
            memberOf(after, member, members.length).map((w, i) => memberOf(before, member, members.length)[i]! - w);
          expectClose(change(got!.after), change(wanted!.after), 1e-4, program);
        });
      }
    });

  const decaying = { ...ADAM, epsilon: 1e-3, weightDecay: 0.1 };
  const odd = oddConvProgram();
  const residual = residualProgram();
  const logistic = logisticProgram();
  const cases: [string, StepProgram, Partial<ChunkSpec>, Extras][] = [
    [
      'momentum, weight decay and masks that keep',
      logistic,
      { optimizer: { ...MOMENTUM, weightDecay: 0.1 } },
      { masked: true },
    ],
    [
      'Adam, weight decay and masks that zero',
      residual,
      { optimizer: decaying, maskedWeights: 'zeroed' },
      { masked: true },
    ],
    ['masks that zero', logistic, { optimizer: MOMENTUM, maskedWeights: 'zeroed' }, { masked: true }],
    ['Adam and masks that keep', logistic, { optimizer: decaying }, { masked: true }],
    ['mirrored and moved views', odd, { optimizer: MOMENTUM }, { views: true }],
    ['a teacher', odd, { distillation: teacherOf(odd) }, {}],
    ['a teacher of one logit', logistic, { distillation: teacherOf(logistic) }, {}],
    ['fake quantization behind a pool, of input and logits', logistic, {}, { fake: [0, 2, 3, 4] }],
    ['fake quantization of batch norm and additions', residual, {}, { fake: [0, 2, 4, 6, 7, 14, 15] }],
  ];
  for (const [title, program, spec, extras] of cases)
    it(`follows the reference through steps with ${title}, each member at its own rate`, async () => {
      const chunks = [executor(), reference].map((on) => trained(on, program, [1, 2, 3], spec, extras));
      const plain = trained(reference, program, [1, 2, 3], { ...spec, ...PLAIN }, {});
      const [got, wanted, without] = await Promise.all(
        [...chunks, plain].map(async (chunk) => ({ parameters: await chunk.parameters(), loss: await chunk.loss() })),
      );
      const largest = wanted!.parameters.reduce(
        (most, w, i) => Math.max(most, Math.abs(w - without!.parameters[i]!)),
        0,
      );
      expect(largest).toBeGreaterThan(5e-3); // what is tested matters
      expectClose(got!.loss, wanted!.loss, 1e-4);
      for (let member = 0; member < 3; member++)
        expectClose(memberOf(got!.parameters, member, 3), memberOf(wanted!.parameters, member, 3), 1e-4, program);
      const [gotRanges, wantedRanges] = await Promise.all(chunks.map((chunk) => chunk.fakeRanges()));
      expectClose(gotRanges!, wantedRanges!, 1e-5);
      for (const chunk of [...chunks, plain]) chunk.dispose();
    });

  it('lets a member that has diverged show under fake quantization, and the others alone', async () => {
    const members = [1, 2, 3];
    const ask = async (
      on: SuiteContext['reference'],
      poison: number,
    ): Promise<Record<'loss' | 'ranges', Float32Array>> => {
      const chunk = chunkOf(on, logistic, dataOf(logistic, false), members);
      const parameters = parametersOf(logistic, members);
      parameters[logistic.parameterCount] = poison; // the first weight of the second member's first kernel
      chunk.setParameters(parameters);
      chunk.setFakeQuantization(fakeOf(logistic, members, [0, 2, 3, 4]));
      for (let step = 0; step < 2; step++) chunk.step(randomIndices(3, BATCH, step), new Float32Array(3).fill(0.02));
      const answer = { loss: await chunk.loss(), ranges: await chunk.fakeRanges() };
      chunk.dispose();
      return answer;
    };
    const [well, got, wanted] = [
      await ask(executor(), 0.5),
      await ask(executor(), Number.NaN),
      await ask(reference, Number.NaN),
    ];
    for (const what of ['loss', 'ranges'] as const) {
      expect([...got[what]].map(Number.isFinite)).toEqual([...wanted[what]].map(Number.isFinite));
      for (const member of [0, 2]) expect(memberOf(got[what], member, 3)).toEqual(memberOf(well[what], member, 3));
    }
    expect(got.loss[1]).toBeNaN();
  });

  it('gives each of 8 members in a population bit for bit what it gives it alone', async () => {
    const extras: Extras = { masked: true, views: true, fake: [0, 2, 7, 15] };
    const ask = async (members: readonly number[]): Promise<Float32Array[]> => {
      const chunk = trained(executor(), residual, members, { optimizer: decaying }, extras);
      const answers = [
        await chunk.parameters(),
        await chunk.loss(),
        await chunk.fakeRanges(),
        await chunk.logits(countUpTo(EXAMPLES), { kind: 'none' }),
        await chunk.embeddings(countUpTo(EXAMPLES)),
      ];
      chunk.dispose();
      return answers;
    };
    const together = await ask(ALL);
    for (const member of ALL)
      expect(await ask([member])).toEqual(together.map((values) => memberOf(values, member, ALL.length)));
  });
}

interface Extras {
  readonly masked?: boolean;
  readonly views?: boolean;
  /** Points that are fake quantized from the second step on. */
  readonly fake?: readonly number[];
}

/** What an option is compared to: the same steps without it. */
const PLAIN = { optimizer: MOMENTUM, maskedWeights: 'kept' } as const;

/** A chunk after four steps, in which nothing of a member depends on the others. */
function trained(
  on: Parameters<typeof chunkOf>[0],
  program: StepProgram,
  members: readonly number[],
  spec: Partial<ChunkSpec>,
  { masked = false, views = false, fake = [] }: Extras,
): Chunk {
  const { distillation } = spec;
  const teacher = distillation?.teacher;
  const size = EXAMPLES * program.outputs;
  const own = distillation && {
    ...distillation,
    teacher: joined(members, (member) => teacher!.subarray(member * size, (member + 1) * size)),
  };
  const chunk = chunkOf(on, program, dataOf(program, views), members, {
    ...spec,
    ...(own ? { distillation: own } : {}),
  });
  for (let step = 0; step < 4; step++) {
    if (step === 1) {
      if (masked) chunk.setMask(joined(members, (member) => randomMask(program, 1, member)));
      if (fake.length > 0) chunk.setFakeQuantization(fakeOf(program, members, fake));
    }
    chunk.step(
      Int32Array.from(joined(members, (member) => Float32Array.from(randomIndices(1, BATCH, step * 10 + member)))),
      Float32Array.from(members, (member) => 0.02 + 0.01 * member),
      views ? Int32Array.from(members.flatMap((member) => randomViews(step * 10 + member))) : null,
    );
  }
  return chunk;
}

/** Images of bytes where they are moved, so that their edges show; else floats. */
const dataOf = (program: StepProgram, bytes: boolean): ReturnType<typeof randomData> =>
  bytes ? randomBytes(program, EXAMPLES, 8) : randomData(program, EXAMPLES, 8);

function randomViews(seed: number): number[] {
  const random = stream(seed, 'views');
  return Array.from({ length: BATCH }, () =>
    packView({ flip: random.int(2) === 1, down: random.int(9) - 4, right: random.int(9) - 4 }),
  );
}

/** Ranges that differ between members and points; some of them cut values off. */
function fakeOf(program: StepProgram, members: readonly number[], points: readonly number[]): FakeQuantization {
  const all = countUpTo(program.ops.length + 1);
  return {
    points: Array.from(all, (point) => points.includes(point)),
    ranges: Float32Array.from(
      members.flatMap((member) => [...all].flatMap((point) => [-0.7 - 0.11 * member, 1.3 + 0.07 * point])),
    ),
    decay: 0.9,
  };
}

function teacherOf(program: StepProgram): NonNullable<ChunkSpec['distillation']> {
  const random = stream(11, 'teacher');
  const teacher = Float32Array.from({ length: ALL.length * EXAMPLES * program.outputs }, () => 3 * random.normal());
  return { temperature: 2.5, weight: 0.7, teacher };
}

function joined(members: readonly number[], of: (member: number) => Float32Array): Float32Array {
  return Float32Array.from(members.flatMap((member) => [...of(member)]));
}

const memberOf = (all: Float32Array, member: number, members: number): Float32Array =>
  all.slice((member * all.length) / members, ((member + 1) * all.length) / members);
