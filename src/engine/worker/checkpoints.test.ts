import { describe, expect, it, vi } from 'vitest';
import { levelName } from '#compression/spec.ts';
import type { Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import type { Saver } from '#engine/worker/checkpoints.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

const EXECUTORS: readonly (readonly [string, () => Promise<Executor>])[] = [
  ['reference', () => Promise.resolve(createReferenceExecutor())],
  ['simd', () => createSimdExecutor()],
];
const STEPS = 24;
const RESNET = { kind: 'resnet-8', filters: [4, 8], blocks: 1 } as const;
const data = tinyData();

const task = (spec: TrainingTask['spec'], index: number): TrainingTask => ({
  kind: 'training',
  key: { level: levelName(spec), index },
  spec,
});
const pruned = (semantics: 'hooker' | 'tfmot'): TrainingTask['spec'] => ({
  kind: 'pruned',
  semantics,
  sparsity: 0.8,
  begin: 2,
  end: 20,
  every: 3,
});
/** A teacher that knows nothing: the weights of a baseline member before its first step. */
function student(index: number): TrainingTask {
  const spec = { kind: 'distilled', student: { kind: 'mlp', hidden: [5] }, temperature: 3, weight: 0.7 } as const;
  const { seed, model } = tinyPlan();
  const teacher = initialParameters(buildProgram(model, data.input, data.classes.length), seed, index);
  return { ...task(spec, index), teacher };
}
const structured = { kind: 'structured', norm: 'l2', sparsity: 0.6, begin: 2, end: 20, every: 3 } as const;
const aware = { kind: 'qat-int8', begin: 8, calibration: 10 } as const;

/** A clock that lets the trainer yield after every step. */
const hasty = (): (() => number) => {
  let time = 0;
  return () => (time += 40);
};

/** Everything but the time that it took. */
const lasting = ({ durationMs: _, ...rest }: MemberResult): Omit<MemberResult, 'durationMs'> => rest;

async function finish(
  executor: Executor,
  plan: Plan,
  tasks: readonly TrainingTask[],
  from: Checkpoint | null,
): Promise<{ readonly results: unknown[]; readonly steps: number[] }> {
  const results: unknown[] = [];
  const steps: number[] = [];
  for await (const event of trainMembers(prepareRun(plan, data, executor, hasty()), tasks, from)) {
    if (event.kind === 'member') results.push(lasting(event.result));
    if (event.kind === 'progress') steps.push(event.training[0]!.step);
  }
  return { results, steps };
}

/** Trains until `step` steps are done, and leaves a checkpoint that has crossed a thread and a database. */
async function leaveAt(
  executor: Executor,
  plan: Plan,
  tasks: readonly TrainingTask[],
  step: number,
): Promise<Checkpoint> {
  const saver: Saver = { save: null };
  for await (const event of trainMembers(prepareRun(plan, data, executor, hasty()), tasks, null, saver)) {
    if (event.kind === 'progress' && event.training[0]!.step === step && saver.save !== null)
      return structuredClone(await saver.save());
  }
  throw new Error(`There was no step ${String(step)}.`);
}

const cases: readonly (readonly [string, Partial<Plan>, readonly TrainingTask[]])[] = [
  [
    'two levels in one chunk',
    {},
    [task({ kind: 'baseline' }, 1), task(pruned('hooker'), 0), task({ kind: 'baseline' }, 0)],
  ],
  [
    'TensorFlow pruning with Adam, views and a schedule',
    {
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 },
      learningRate: 0.01,
      augmentation: { flip: true, shift: 1 },
      schedule: { kind: 'cosine', warmup: 4 },
    },
    [task(pruned('tfmot'), 0), task(pruned('tfmot'), 1)],
  ],
  ['filters pruned', {}, [task(structured, 0), task(structured, 1)]],
  ['students of two teachers', {}, [student(0), student(1)]],
  ['quantization-aware training', {}, [task(aware, 0), task(aware, 1)]],
  ['batch norm, quantization-aware', { model: RESNET, loss: 'logistic' }, [task(aware, 0)]],
];

describe.each(EXECUTORS)('a checkpoint on %s', (_, create) => {
  it.each(cases)('is gone on with to bitwise the same members: %s', async (_name, changes, tasks) => {
    const plan = tinyPlan({ steps: STEPS, ...changes });
    const executor = await create();
    const whole = await finish(executor, plan, tasks, null);
    for (const step of [0, 5, 8, 9, 20, STEPS]) {
      const rest = await finish(await create(), plan, tasks, await leaveAt(await create(), plan, tasks, step));
      expect(rest.steps[0]).toBe(step);
      expect(rest.results).toEqual(whole.results);
    }
  });

  it('is left aside where the plan, the members or the backend differ', async () => {
    const plan = tinyPlan({ steps: STEPS });
    const tasks = [task({ kind: 'baseline' }, 0)];
    const checkpoint = await leaveAt(await create(), plan, tasks, 5);
    const beginning = async (other: Plan, others: readonly TrainingTask[], executor: Executor) =>
      (await finish(executor, other, others, checkpoint)).steps[0];
    expect(await beginning(plan, tasks, await create())).toBe(5);
    expect(await beginning({ ...plan, seed: 4 }, tasks, await create())).toBe(0);
    expect(await beginning(plan, [task({ kind: 'baseline' }, 1)], await create())).toBe(0);
    expect(await beginning(plan, tasks, { ...(await create()), detail: 'another module' })).toBe(0);
  });
});
