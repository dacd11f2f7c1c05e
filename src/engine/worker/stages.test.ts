import { beforeAll, describe, expect, it, vi } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import type { CompressionSpec, PipelineSpec, QuantizedSpec, TrainedSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import { slice } from '#compression/tensors.ts';
import type { ChunkSpec, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { observed } from '#testing/observed-executor.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';
import { trainedMembers } from '#testing/trained-members.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

const RESNET = { kind: 'resnet-8', filters: [4, 8], blocks: 1 } as const;
const BASELINE = { kind: 'baseline' } as const;
const STUDENT = { kind: 'mlp', hidden: [6] } as const;
const DISTILLED = { kind: 'distilled', student: STUDENT, temperature: 3, weight: 0.5 } as const;
const STRUCTURED = { kind: 'structured', norm: 'l1', sparsity: 0.6, begin: 2, end: 20, every: 6 } as const;
const PRUNED = { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 2, end: 20, every: 3 } as const;
const HYBRID = { kind: 'hybrid-int8', tensors: 'all' } as const;
const FIXED = { kind: 'fixed-int8', calibration: 12 } as const;

const context = (changes: Partial<Plan> = {}, executor: Executor = createReferenceExecutor()): RunContext =>
  prepareRun(tinyPlan(changes), tinyData(), executor, () => 0);
const task = (spec: TrainedSpec, teacher?: Float32Array) => ({
  kind: 'training' as const,
  key: { level: levelName(spec), index: 0 },
  spec,
  ...(teacher && { teacher }),
});
async function only(stream: MemberStream): Promise<MemberResult> {
  let result: MemberResult | null = null;
  for await (const event of stream) if (event.kind === 'member') result = event.result;
  return result!;
}
const tensor = (result: MemberResult, name: string) => result.tensors!.find((account) => account.name === name)!;

describe('distillation', () => {
  let baseline: MemberResult;
  beforeAll(async () => {
    [baseline] = (await trainedMembers(context({ steps: 60 }), [BASELINE])) as [MemberResult];
  });
  /** Trains a student of it, and gives the chunk in which that was done. */
  async function taught(changes: Partial<Plan>, spec: TrainedSpec = DISTILLED) {
    const created: ChunkSpec[] = [];
    const run = context(changes, observed({ created: (given) => created.push(given) }));
    const result = await only(trainMembers(run, [task(spec, baseline.weights)]));
    return { run, result, chunk: created[1]! };
  }

  it('takes what the baseline member says about the training examples, as they are, and of no others', async () => {
    const { run, chunk } = await taught({ steps: 1, augmentation: { flip: true, shift: 2 } });
    const { teacher, ...how } = chunk.distillation!;
    expect(how).toEqual({ temperature: 3, weight: 0.5 });
    const own = run.executor.createChunk({ ...chunk, program: run.program, parameters: baseline.weights });
    const said = await own.logits(Int32Array.from(run.trainIndices), { kind: 'none' });
    const expected = new Float32Array(96 * 2);
    run.trainIndices.forEach((example, i) => {
      expected.set(said.subarray(2 * i, 2 * i + 2), 2 * example);
    });
    expect(teacher).toEqual(expected);
    expect(new Set(said).size).toBeGreaterThan(64);
  });

  it('trains a student of its own shape, from its own weights', async () => {
    const { run, result, chunk } = await taught({ steps: 60 });
    expect(chunk.program).toEqual(buildProgram(STUDENT, run.program.input, 2));
    expect(result.weights).toHaveLength(chunk.program.parameterCount);
    expect(result.accuracy).toBeGreaterThan(0.8);
    expect(result.sizes.denseBytes).toBeLessThan(baseline.sizes.denseBytes);
    expect(tensor(result, 'dense1/kernel').rule).toBe('as trained towards its teacher');
  });

  it('with labels only is the student trained alone; with the teacher only it learns without labels', async () => {
    const { result: labels } = await taught({}, { ...DISTILLED, weight: 0 });
    const alone = await only(trainMembers(context({ model: STUDENT }), [task(BASELINE)]));
    expect(labels.weights).toEqual(alone.weights);
    const { result: taughtOnly } = await taught({ steps: 60 }, { ...DISTILLED, weight: 1 });
    const agreeing = taughtOnly.predictions.filter((label, i) => label === baseline.predictions[i]).length;
    expect(agreeing / taughtOnly.predictions.length).toBeGreaterThan(0.8);
    expect(taughtOnly.weights).not.toEqual(alone.weights);
  });

  it('of a teacher that is no number diverges, and frees what it holds', async () => {
    const run = context();
    const before = run.executor.allocated();
    const result = await only(
      trainMembers(run, [
        task(
          DISTILLED,
          baseline.weights.map(() => NaN),
        ),
      ]),
    );
    expect(result.diverged).toBe(true);
    expect(run.executor.allocated()).toBe(before);
  });

  it('frees its teacher where it is given up while that is asked', async () => {
    const run = context();
    const before = run.executor.allocated();
    const stream = trainMembers(run, [task(DISTILLED, baseline.weights)]);
    await stream.next();
    expect(run.executor.allocated()).toBeGreaterThan(before);
    await stream.return();
    expect(run.executor.allocated()).toBe(before);
  });
});

describe('structured pruning', () => {
  it('leaves a network with fewer filters, which is what is kept, sized and used', async () => {
    const updates: number[] = [];
    let steps = 0;
    const watched = observed({ step: () => steps++, setMask: () => updates.push(steps) });
    const run = context({ model: RESNET, steps: 40 }, watched);
    const spec = { ...STRUCTURED, end: 32 };
    const result = await only(trainMembers(run, [task(spec)]));
    expect(updates).toEqual([2, 8, 14, 20, 26, 32]);
    const smaller = memberProgram(run.plan, run.program, spec);
    expect(result.weights).toHaveLength(smaller.parameterCount);
    expect(result.accuracy).toBeGreaterThan(0.7);
    const left = keptCount(4, 0.6) + keptCount(8, 0.6);
    expect(result.sparsity.planned).toBe(0.6);
    expect(result.sparsity.achieved).toBeCloseTo((12 - left) / 12, 12);
    const numbers = smaller.tensors.reduce((sum, { size }) => sum + size, 0);
    expect(result.sizes.denseBytes).toBe(4 * numbers);
    expect(result.tensors!.map(({ name, size }) => [name, size])).toEqual(smaller.tensors.map((t) => [t.name, t.size]));
    const inner = tensor(result, 'stage2.block1.1.conv/kernel');
    expect(inner).toMatchObject({ plannedSparsity: 0.6, rule: '3 of 8 filters kept, those of largest L1 norm' });
    expect(inner.achievedSparsity).toBeCloseTo(5 / 8, 12);
    expect(tensor(result, 'stage2.block1.1.bn/shift').rule).toBe('3 of 8 filters kept');
    const outer = tensor(result, 'stage2.block1.2.conv/kernel');
    expect(outer).toMatchObject({ plannedSparsity: null, rule: 'kept for the inputs that are left' });
    expect(outer.achievedSparsity).toBeCloseTo(5 / 8, 12);
    expect(tensor(result, 'dense1/kernel')).toMatchObject({ achievedSparsity: 0, rule: 'kept whole' });
  });

  it('ends also where the member diverges before the last mask', async () => {
    const result = await only(trainMembers(context({ learningRate: 1e30 }), [task(STRUCTURED)]));
    expect(result.diverged).toBe(true);
    expect(result.sparsity.achieved).toBeCloseTo(12 / 20, 12); // 2 of 4, 3 of 8 and 3 of 8 stay
  });
});

describe('a pipeline', () => {
  const after = (trained: PipelineSpec['stages'][number], quantized: QuantizedSpec): PipelineSpec => ({
    kind: 'pipeline',
    stages: [trained, quantized],
  });

  it.each([RESNET, tinyPlan().model])('keeps the zeros of pruning through quantization: $kind', async (model) => {
    const run = context({ model }, await createSimdExecutor());
    const specs: readonly CompressionSpec[] = [PRUNED, after(PRUNED, HYBRID), after(PRUNED, { ...FIXED, bits: 4 })];
    const [pruned, ...quantized] = await trainedMembers(run, specs);
    const [before, behind] = [run.program, foldedProgram(run.program)];
    for (const result of quantized) {
      for (const kernel of behind.tensors.filter(({ prunable }) => prunable)) {
        const raw = slice(
          before.tensors.find(({ name }) => name === kernel.name)!,
          pruned!.weights,
        );
        const own = slice(kernel, result.weights);
        expect(raw.filter((weight) => weight === 0)).toHaveLength(kernel.size - keptCount(kernel.size, 0.9));
        expect(raw.every((weight, i) => weight !== 0 || own[i] === 0)).toBe(true);
        const account = tensor(result, kernel.name);
        expect(account.plannedSparsity).toBe(0.9);
        expect(account.rule).toMatch(/^pruned by itself: .*; then int[84], symmetric/);
      }
      expect(result.sparsity.planned).toBe(0.9);
      expect(result.sizes.int8Bytes).toBeLessThan(pruned!.sizes.denseBytes / 2);
    }
    expect(quantized.map(({ key, spec }) => [key.level, spec])).toEqual([
      ['pruned-0.9+hybrid-int8', specs[1]],
      ['pruned-0.9+fixed-int4', specs[2]],
    ]);
  });

  it('quantizes the network that structured pruning has made smaller, and a student', async () => {
    const run = context({ model: RESNET, steps: 60 }, await createSimdExecutor());
    const specs = [BASELINE, STRUCTURED, after(STRUCTURED, FIXED), DISTILLED, after(DISTILLED, HYBRID)];
    const [, structured, small, , student] = await trainedMembers(run, specs);
    expect(small!.weights).toHaveLength(memberProgram(run.plan, run.program, specs[2]!).parameterCount);
    expect(small!.sparsity.achieved).toBe(structured!.sparsity.achieved);
    expect(tensor(small!, 'stage1.block1.1.conv/kernel').rule).toBe(
      '2 of 4 filters kept, those of largest L1 norm; then int8, symmetric, per output channel',
    );
    const same = small!.predictions.filter((label, i) => label === structured!.predictions[i]).length;
    expect(same / small!.predictions.length).toBeGreaterThan(0.85);
    expect(tensor(student!, 'dense1/kernel').rule).toBe(
      'as trained towards its teacher; then int8, symmetric, per tensor',
    );
    expect(tensor(student!, 'dense1/bias').rule).toMatch(/; then kept in float: hybrid/);
  });
});
