import { describe, expect, it } from 'vitest';
import { levelName } from '#compression/spec.ts';
import { membersToTrain, memberCosts } from '#engine/model/costs.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import { presetPlan } from '#engine/model/presets.ts';
import { planProblems } from '#engine/model/validate-plan.ts';

const facts: PlanFacts = {
  dataset: { name: 'Drawn faces', hash: 'abc' },
  question: { target: 'Blond', positive: '1', attributes: ['Male', 'Young'], minCount: 20 },
  kind: 'images',
  trainExamples: 4000,
};

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

  it('takes eight hidden layers for a table', () => {
    expect(presetPlan('one-minute', { ...facts, kind: 'table' }).model).toEqual({
      kind: 'mlp',
      hidden: Array(8).fill(32),
    });
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

  it('train the baseline and the pruned levels only', () => {
    expect(membersToTrain(presetPlan('one-minute', facts))).toBe(40);
    expect(membersToTrain(presetPlan('class-hour', facts))).toBe(210);
  });
});
