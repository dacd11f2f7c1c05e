import { describe, expect, it } from 'vitest';
import { structuredSchedule, tfmotSchedule } from '#compression/schedule.ts';
import { levelName } from '#compression/spec.ts';
import { memberCosts, runCosts } from '#engine/model/costs.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import { presetPlan, recipe, studentOf } from '#engine/model/presets.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { FACES_FACTS } from '#testing/plan-facts.ts';

const facts: PlanFacts = { ...FACES_FACTS, examples: 6000, trainExamples: 4000, auditExamples: 2000 };

describe('presetPlan', () => {
  it.each(['one-minute', 'class-hour', 'paper'] as const)(
    'gives a plan %s that can run on images and tables',
    (name) => {
      for (const kind of ['images', 'table'] as const)
        for (const trainExamples of [1, 50, 4000]) {
          const these = { ...facts, kind, trainExamples };
          expect(planProblems(presetPlan(name, these), these)).toEqual([]);
        }
    },
  );

  it('names the levels of each preset', () => {
    const levels = (name: Parameters<typeof presetPlan>[0]): string[] => presetPlan(name, facts).levels.map(levelName);
    expect(levels('one-minute')).toEqual(['pruned-0.5', 'pruned-0.9', 'pruned-0.95', 'hybrid-int8', 'fixed-int8']);
    expect(levels('class-hour')).toHaveLength(8);
    expect(levels('paper')).toEqual(levels('class-hour'));
  });

  it('prunes as in the paper: from 1,000 to 9,000 every 500 steps, with batches of 256', () => {
    const plan = presetPlan('paper', facts);
    expect(plan).toMatchObject({ members: 30, steps: 10_000, batchSize: 256 });
    expect(plan.levels[0]).toMatchObject({ begin: 1000, end: 9000, every: 500 });
  });

  it('takes eight hidden layers for a table, and the logistic loss where it has two classes', () => {
    const table = { ...facts, kind: 'table', input: [1, 1, 15] } as const;
    expect(presetPlan('one-minute', table)).toMatchObject({
      model: { kind: 'mlp', hidden: Array(8).fill(32) },
      optimizer: { kind: 'adam' },
      loss: 'logistic',
    });
    expect(presetPlan('one-minute', { ...table, classes: 3 }).loss).toBeUndefined();
  });

  it.each(['cnn-small', 'resnet-8', 'mlp'] as const)('has a recipe for %s that can run', (kind) => {
    expect(planProblems({ ...presetPlan('one-minute', facts), ...recipe(kind, facts) }, facts)).toEqual([]);
  });
});

describe('costs', () => {
  it('count by hand', () => {
    const program = buildProgram({ kind: 'cnn-small', filters: [2], dense: [] }, [4, 4, 3], 2);
    const costs = memberCosts(program, 10, { kind: 'sgd', momentum: 0 });
    expect(costs.parameters).toBe(54 + 2 + 16 + 2);
    expect(costs.macsForward).toBe(16 * 54 + 16);
    expect(costs.macsStep).toBe(10 * (2 * 16 * 54 + 3 * 16));
    expect(costs.storedBytes).toBe(4 * 76); // 56 + 20 with the gap
    expect(costs.stateBytes).toBe(4 * 76 * 4);
    expect(costs.activationBytes).toBe(2 * 4 * 10 * (48 + 32 + 8 + 2));
  });

  it('counts the weights of the small CNN on faces', () => {
    const program = buildProgram({ kind: 'cnn-small', filters: [16, 32], dense: [64] }, [32, 32, 3], 2);
    expect(memberCosts(program, 64, { kind: 'sgd', momentum: 0 }).parameters).toBe(136_354);
  });

  it('count batch norm, pools and additions by hand', () => {
    const program = buildProgram({ kind: 'resnet-8', filters: [2], blocks: 1 }, [4, 4, 1], 2);
    const costs = memberCosts(program, 10, { kind: 'sgd', momentum: 0 });
    expect(costs.macsForward).toBe(16 * (9 * 2 + 2 * 9 * 4) + 2 * 2);
    // Three batch norms and one addition of 4 x 4 x 2, a pool of as many inputs; kernels 18, 36, 36, 4 (+2) and 3 x 8 of batch norm, with gaps.
    expect(program.parameterCount).toBe(20 + 36 + 36 + 3 * 8 + 8);
    expect(costs.visitsStep).toBe(10 * 32 * (3 * 8 + 2 + 2) + 6 * program.parameterCount);
    expect(costs.parameters).toBe(18 + 36 + 36 + 6 + 3 * 8);
  });
});

describe('what a run costs', () => {
  const plan = presetPlan('one-minute', facts);
  const program = buildProgram(plan.model, facts.input, 2);
  const step = memberCosts(program, plan.batchSize, plan.optimizer);

  it('trains the baseline and the levels that are not made from it', () => {
    expect(runCosts(plan, facts)).toMatchObject({ trained: 40, made: 20, totalSteps: 12_000 });
    expect(runCosts(presetPlan('class-hour', facts), facts)?.trained).toBe(210);
    const levels = [tfmotSchedule(0.9, 300), { kind: 'qat-int8', begin: 0, calibration: 100 } as const];
    expect(runCosts({ ...plan, levels }, facts)).toMatchObject({ trained: 30, made: 0 });
  });

  it('counts rounding from the step on from which it happens', () => {
    const work = (begin: number): number =>
      runCosts({ ...plan, levels: [{ kind: 'qat-int8', begin, calibration: 100 }] }, facts)?.levels[1]?.work ?? NaN;
    expect(work(300)).toBe(1);
    expect(work(0)).toBeGreaterThan(1);
    expect(work(150)).toBeCloseTo((1 + work(0)) / 2, 10);
  });

  it('trains the first stage of pipelines once, and not at all where it is a level', () => {
    const stage = structuredSchedule(0.5, 300);
    const after = (bits: 8 | 4) =>
      ({ kind: 'pipeline', stages: [stage, { kind: 'fixed-int8', calibration: 9, bits }] }) as const;
    const trained = (...levels: Plan['levels']): unknown =>
      runCosts({ ...plan, levels }, facts)?.levels.map((level) => [level.trained, level.work]);
    expect(trained(after(8), after(4))).toEqual([
      [10, 1],
      [10, 1],
      [0, 0],
    ]);
    expect(trained(after(8), stage)).toEqual([
      [10, 1],
      [0, 0],
      [10, 1],
    ]);
    expect(runCosts({ ...plan, levels: [after(8), after(4)] }, facts)).toMatchObject({ trained: 20, made: 20 });
    const wrong = { kind: 'pipeline', stages: [stage, stage] } as const;
    expect(runCosts({ ...plan, levels: [wrong] }, facts)).toBeNull();
  });

  it('counts the steps of a student, and its teacher asked once about every training example', () => {
    const student = studentOf(plan.model);
    expect(student).toEqual({ kind: 'cnn-small', filters: [8, 16], dense: [32] });
    const work = (steps: number): number => {
      const levels = [{ kind: 'distilled', student, temperature: 4, weight: 0.9 }] as const;
      return runCosts({ ...plan, levels, steps }, facts)?.levels[1]?.work ?? NaN;
    };
    const own = memberCosts(buildProgram(student, facts.input, 2), plan.batchSize, plan.optimizer);
    const operations = (costs: typeof own): number => 2 * costs.macsStep + costs.visitsStep;
    const teaching = (2 * step.macsForward * facts.trainExamples) / 300;
    expect(work(300)).toBeCloseTo((operations(own) + teaching) / operations(step), 10);
    expect(work(3000)).toBeLessThan(work(300));
  });

  it('adds up operations, memory and disk', () => {
    const costs = runCosts({ ...plan, levels: [] }, facts);
    expect(costs?.operations).toBe(10 * 300 * (2 * step.macsStep + step.visitsStep));
    expect(costs?.workerBytes).toBe(6000 * 32 * 32 * 3 + step.stateBytes + step.activationBytes);
    const width = program.ops.at(-1)!.in.reduce((product, side) => product * side, 1);
    expect(costs?.keptBytes).toBe(10 * (step.storedBytes + 4 * 2000) + 4 * width * 2000);
  });

  it('is nothing where no model can be built', () => {
    expect(runCosts({ ...plan, loss: 'logistic' }, { ...facts, classes: 3 })).toBeNull();
    expect(runCosts({ ...plan, model: { kind: 'mlp', hidden: [0] } }, facts)).toBeNull();
  });
});
