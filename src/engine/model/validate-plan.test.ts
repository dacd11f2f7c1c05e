import { describe, expect, it } from 'vitest';
import type { Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import { presetPlan } from '#engine/model/presets.ts';
import { planProblems } from '#engine/model/validate-plan.ts';

const facts: PlanFacts = {
  dataset: { name: 'Drawn faces', hash: 'abc' },
  question: { target: 'Blond', positive: '1', attributes: ['Male', 'Young'], minCount: 20 },
  kind: 'images',
  trainExamples: 400,
};
const plan = presetPlan('one-minute', facts);
const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.5, begin: 30, end: 270, every: 15 } as const;

const extremes: readonly (readonly [string, Partial<Plan>, keyof Plan, RegExp])[] = [
  ['no members', { members: 0 }, 'members', /from 2 to 500, not 0\./],
  ['one member', { members: 1 }, 'members', /no majority and no spread/],
  ['1000 members', { members: 1000 }, 'members', /from 2 to 500, not 1,000\./],
  ['half a member', { members: 2.5 }, 'members', /whole number/],
  ['no steps', { steps: 0, levels: [{ kind: 'hybrid-int8', tensors: 'all' }] }, 'steps', /from 1 to/],
  [
    'steps that are no number',
    { steps: Number.NaN, levels: [{ kind: 'hybrid-int8', tensors: 'all' }] },
    'steps',
    /not NaN/,
  ],
  ['an empty batch', { batchSize: 0 }, 'batchSize', /examples in a batch/],
  ['a batch larger than the data', { batchSize: 401 }, 'batchSize', /batch of 401 is larger than the 400/],
  ['a learning rate of 0', { learningRate: 0 }, 'learningRate', /nothing is learned/],
  ['a learning rate below 0', { learningRate: -1 }, 'learningRate', /above 0, not -1/],
  ['an endless learning rate', { learningRate: Infinity }, 'learningRate', /not Infinity/],
  ['seed -1', { seed: -1 }, 'seed', /from 0 to 9,007,199,254,740,991, not -1/],
  ['seed 2^53', { seed: 2 ** 53 }, 'seed', /not 9,007,199,254,740,992/],
  ['seed NaN', { seed: Number.NaN }, 'seed', /not NaN/],
  ['no level', { levels: [] }, 'levels', /at least one level/],
  ['a level twice', { levels: [pruned, { ...pruned, every: 7 }] }, 'levels', /pruned-0.5 is listed twice/],
  ['sparsity 0', { levels: [{ ...pruned, sparsity: 0 }] }, 'levels', /above 0 \(that is the baseline\).*not 0\./],
  ['sparsity 1', { levels: [{ ...pruned, sparsity: 1 }] }, 'levels', /no weight would remain.*not 1\./],
  ['sparsity NaN', { levels: [{ ...pruned, sparsity: Number.NaN }] }, 'levels', /not NaN/],
  ['pruning past the last step', { levels: [{ ...pruned, end: 301 }] }, 'levels', /within the 300 steps/],
  ['pruning that ends before it begins', { levels: [{ ...pruned, begin: 280 }] }, 'levels', /from 280 to 270/],
  ['pruning at no interval', { levels: [{ ...pruned, every: 0 }] }, 'levels', /between two prunings/],
  [
    'more calibration than data',
    { levels: [{ kind: 'fixed-int8', calibration: 401 }] },
    'levels',
    /from 1 to 400, not 401/,
  ],
  ['a layer without units', { model: { kind: 'mlp', hidden: [3, 0] } }, 'model', /units of a layer/],
  ['seventeen layers', { model: { kind: 'mlp', hidden: Array<number>(17).fill(2) } }, 'model', /at most 16/],
  ['full momentum', { optimizer: { kind: 'sgd', momentum: 1 } }, 'optimizer', /momentum .* below 1, not 1/],
  ['epsilon 0', { optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.9, epsilon: 0 } }, 'optimizer', /epsilon/],
  ['other data', { dataset: { name: 'HAM', hash: 'x' } }, 'dataset', /other data \("HAM"\)/],
  [
    'the target among the attributes',
    { question: { ...plan.question, attributes: ['Blond'] } },
    'question',
    /"Blond" is what/,
  ],
  ['no target', { question: { ...plan.question, target: '' } }, 'question', /Choose the column/],
];

describe('planProblems', () => {
  it.each(extremes)('says one sentence about %s', (_, change, field, message) => {
    const problems = planProblems({ ...plan, ...change }, facts);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.field).toBe(field);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.message).toMatch(/^["A-Z].*\.$/);
  });

  it('finds nothing wrong at the edges of what is allowed', () => {
    expect(planProblems({ ...plan, members: 2, seed: 0, batchSize: 400 }, facts)).toEqual([]);
    expect(planProblems({ ...plan, members: 500, seed: Number.MAX_SAFE_INTEGER, learningRate: 1e3 }, facts)).toEqual(
      [],
    );
    expect(planProblems({ ...plan, model: { kind: 'mlp', hidden: [] } }, facts)).toEqual([]);
  });

  it('refuses convolutions on a table and data without training examples', () => {
    expect(planProblems(plan, { ...facts, kind: 'table' })[0]?.message).toMatch(/needs images/);
    const without = { ...facts, trainExamples: 0 };
    expect(planProblems(presetPlan('one-minute', without), without).map((p) => p.field)).toEqual(['dataset']);
  });
});
