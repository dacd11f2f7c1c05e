import { describe, expect, it, vi } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { levelName } from '#compression/spec.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import type { ChunkSpec, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { viewOrder } from '#engine/model/augmentation.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { learningRateAt } from '#engine/model/learning-rate.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';
import { predictAudit } from '#engine/worker/prediction.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { observed } from '#testing/observed-executor.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

const context = (changes: Partial<Plan> = {}, executor: Executor = createReferenceExecutor()): RunContext =>
  prepareRun(tinyPlan(changes), tinyData(), executor, () => 0);
const task = (spec: TrainingTask['spec'], index = 0): TrainingTask => ({
  kind: 'training',
  key: { level: levelName(spec), index },
  spec,
});
async function membersOf(stream: MemberStream): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  for await (const event of stream) if (event.kind === 'member') results.push(event.result);
  return results;
}
const only = async (stream: MemberStream): Promise<MemberResult> => (await membersOf(stream))[0]!;

const BASELINE = { kind: 'baseline' } as const;
const TFMOT = { kind: 'pruned', semantics: 'tfmot', sparsity: 0.8, begin: 2, end: 20, every: 6 } as const;
const AWARE = { kind: 'qat-int8', begin: 10, calibration: 12 } as const;
const RESNET = { kind: 'resnet-8', filters: [4, 8], blocks: 1 } as const;
const agreement = (a: MemberResult, b: MemberResult): number =>
  a.predictions.filter((label, i) => label === b.predictions[i]).length / a.predictions.length;

describe('TensorFlow pruning', () => {
  it('zeroes the planned number of weights in every kernel, the last one too', async () => {
    let spec: ChunkSpec | null = null;
    const run = context({}, observed({ created: (given) => (spec = given) }));
    const result = await only(trainMembers(run, [task(TFMOT)]));
    expect(spec!.maskedWeights).toBe('zeroed');
    const planned = result.tensors!.filter(({ plannedSparsity }) => plannedSparsity !== null);
    expect(planned.map(({ name }) => name)).toEqual(['conv1/kernel', 'conv2/kernel', 'dense1/kernel', 'dense2/kernel']);
    for (const { size, achievedSparsity } of planned)
      expect(achievedSparsity * size).toBeCloseTo(size - keptCount(size, 0.8), 9);
  });

  it('makes masks on its own clock: not at an end that `every` does not reach', async () => {
    let steps = 0;
    const updates: number[] = [];
    const executor = observed({ step: () => steps++, setMask: () => updates.push(steps) });
    await membersOf(trainMembers(context({}, executor), [task({ ...TFMOT, end: 22 })]));
    expect(updates).toEqual([2, 8, 14, 20]);
  });
});

describe('what a step is given', () => {
  it('is the learning rate of the schedule, and each member its own views', async () => {
    const rates: number[] = [];
    const seen: (Int32Array | null)[] = [];
    const step = (_indices: Int32Array, rate: Float32Array, views: Int32Array | null): void => {
      rates.push(rate[1]!);
      seen.push(views);
    };
    const augmentation = { flip: true, shift: 2 };
    const run = context({ augmentation, schedule: { kind: 'cosine', warmup: 5 } }, observed({ step }));
    await membersOf(trainMembers(run, [task(BASELINE, 1), task(BASELINE, 0)]));
    expect(rates).toEqual(rates.map((_, i) => Math.fround(learningRateAt(run.plan, i + 1))));
    const orders = [1, 0].map((member) => viewOrder(run.plan.seed, member, augmentation, run.plan.batchSize));
    expect(seen).toEqual(seen.map(() => Int32Array.from(orders.flatMap((order) => [...order.next()]))));
    expect(seen).toHaveLength(24);
  });

  it('has no views where the plan has none', async () => {
    const seen = new Set<unknown>();
    const step = (_indices: Int32Array, _rate: Float32Array, views: Int32Array | null): void => void seen.add(views);
    await membersOf(trainMembers(context({}, observed({ step })), [task(BASELINE)]));
    expect([...seen]).toEqual([null]);
  });
});

describe('the logistic loss', () => {
  it('learns, with one logit', async () => {
    const result = await only(trainMembers(context({ loss: 'logistic', steps: 60 }), [task(BASELINE)]));
    expect(result.accuracy).toBeGreaterThan(0.8);
    expect(new Set(result.predictions)).toEqual(new Set([0, 1]));
  });

  it('predicts class 1 only above 0', async () => {
    const run = context({ loss: 'logistic', batchSize: 4 });
    const { plan, program } = run;
    const chunk = run.executor.createChunk({
      program,
      members: 1,
      batchSize: 4,
      optimizer: plan.optimizer,
      parameters: new Float32Array(program.parameterCount),
    });
    const said = { ...chunk, logits: () => Promise.resolve(Float32Array.of(-1, 0, 1e-30, 2)) };
    const prediction = predictAudit({ ...run, auditIndices: Uint32Array.of(0, 1, 2, 3) }, said, { kind: 'none' });
    await prediction.next();
    const { value } = await prediction.next();
    expect(value?.classes).toEqual([Uint16Array.of(0, 0, 1, 1)]);
  });
});

describe('a network with batch norm', () => {
  it('is folded before it is quantized', async () => {
    const run = context({ model: RESNET, steps: 60 });
    const baseline = await only(trainMembers(run, [task(BASELINE)]));
    expect(baseline.accuracy).toBeGreaterThan(0.7);
    const specs: readonly Extract<CompressionSpec, { kind: 'hybrid-int8' | 'fixed-int8' }>[] = [
      { kind: 'hybrid-int8', tensors: 'all' },
      { kind: 'fixed-int8', calibration: 30 },
    ];
    const shared = { kind: 'post-training' as const, weights: baseline.weights, diverged: false };
    const quantized = await membersOf(
      quantizeMembers(
        run,
        specs.map((spec) => ({ ...shared, spec, key: { level: spec.kind, index: 0 } })),
      ),
    );
    const folded = foldedProgram(run.program);
    for (const result of quantized) {
      expect(result.weights).toHaveLength(folded.parameterCount);
      const rounded = result.tensors!.filter(({ quantization }) => quantization?.bits === 8);
      expect(rounded.map(({ name }) => name)).toEqual(
        folded.ops.flatMap(({ kind, name }) => (kind === 'conv' || kind === 'dense' ? [`${name}/kernel`] : [])),
      );
      expect(agreement(result, baseline)).toBeGreaterThan(0.9);
      expect(result.diverged).toBe(false);
    }
  });

  it('is pruned in its kernels only', async () => {
    const run = context({ model: RESNET });
    const { weights } = await only(trainMembers(run, [task({ ...TFMOT, sparsity: 0.9 })]));
    for (const { kind, offset, size } of run.program.tensors) {
      if (kind !== 'bn-scale' && kind !== 'bn-variance') continue;
      expect(weights.subarray(offset, offset + size).every((value) => value !== 0)).toBe(true);
    }
  });
});

describe('quantization-aware training', () => {
  it.each([
    ['without batch norm', {}],
    ['with batch norm', { model: RESNET }],
  ] as const)('learns and ends as fixed point, %s', async (_, changes) => {
    const run = context({ steps: 60, ...changes });
    const [aware, baseline] = [
      await only(trainMembers(run, [task(AWARE)])),
      await only(trainMembers(run, [task(BASELINE)])),
    ];
    expect(aware.accuracy).toBeGreaterThan(0.7);
    expect(agreement(aware, baseline)).toBeGreaterThan(0.7);
    expect(aware.diverged).toBe(false);
    // Ranges that training moves are behind the values: some lie beyond them, none of the inputs do.
    const clipped = aware.activations!.map((point) => point.clipped!);
    expect(clipped[0]).toBeLessThan(0.01);
    expect(Math.max(...clipped)).toBeGreaterThan(0);
    expect(Math.max(...clipped)).toBeLessThanOrEqual(1);
    expect(aware.tensors!.every(({ quantization }) => quantization !== null)).toBe(true);
    const program = foldedProgram(run.program);
    expect(aware.weights).toHaveLength(program.parameterCount);
    for (const { kind, offset, size, shape } of program.tensors) {
      if (kind !== 'dense-kernel') continue;
      const values = aware.weights.subarray(offset, offset + size);
      expect(new Set(values).size).toBeLessThanOrEqual(Math.min(255, shape[0]! * shape[1]!));
      const scale = aware.tensors!.find(({ name }) => name === nameAt(program.tensors, offset))!.quantization!
        .scales[0]!;
      for (const value of values) expect(Math.abs(value / scale - Math.round(value / scale))).toBeLessThan(1e-3);
    }
  });

  it('is plain training until it begins: then the chunk changes, ranges start from the calibration', async () => {
    const happened: string[] = [];
    let steps = 0;
    const executor = observed({
      created: ({ program }) => happened.push(`chunk of ${String(program.parameterCount)} after ${String(steps)}`),
      step: () => steps++,
      activationRanges: (indices: Int32Array) => happened.push(`ranges of ${String(indices.length)}`),
      setFakeQuantization: (given: object | null) => happened.push(given === null ? 'off' : 'on'),
      fakeRanges: () => happened.push(`moved by ${String(steps)}`),
    });
    const run = context({ model: RESNET }, executor);
    await membersOf(trainMembers(run, [task(AWARE)]));
    const [plain, folded] = [run.program.parameterCount, foldedProgram(run.program).parameterCount];
    expect(happened).toEqual([
      `chunk of ${String(plain)} after 0`,
      `chunk of ${String(folded)} after 10`,
      'ranges of 12',
      'on',
      'moved by 24',
      'off',
    ]);
  });

  it('predicts with the grids that training moved, a layer before a pool with the pool’s', async () => {
    let points: unknown[] = [];
    const executor = observed({
      logits: (_indices: Int32Array, quantization: { kind: string; points: unknown[][] }) => {
        expect(quantization.kind).toBe('fixed');
        points = quantization.points[0]!;
      },
    });
    const run = context({}, executor);
    await membersOf(trainMembers(run, [task(AWARE)]));
    expect(run.program.ops.map(({ name }, i) => [name, points[i + 1] !== null])).toEqual([
      ['conv1', true],
      ['pool1', false],
      ['conv2', true],
      ['pool2', false],
      ['dense1', true],
      ['dense2', true],
    ]);
  });

  it('marks a member that diverges and keeps it as it is', async () => {
    const run = context({ learningRate: 1e30 });
    const result = await only(trainMembers(run, [task(AWARE)]));
    expect(result.diverged).toBe(true);
    expect(run.executor.allocated()).toBe(context().executor.allocated());
  });
});

const nameAt = (tensors: RunContext['program']['tensors'], offset: number): string =>
  tensors.find((tensor) => tensor.offset === offset)!.name;
