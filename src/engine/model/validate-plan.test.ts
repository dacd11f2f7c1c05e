import { describe, expect, it } from 'vitest';
import type { StageSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import { presetPlan, studentOf } from '#engine/model/presets.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { FACES_FACTS } from '#testing/plan-facts.ts';

const plan = presetPlan('one-minute', FACES_FACTS);
const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.5, begin: 30, end: 270, every: 15 } as const;

const structured = { kind: 'structured', norm: 'l1', sparsity: 0.5, begin: 30, end: 270, every: 15 } as const;
const distilled = { kind: 'distilled', student: studentOf(plan.model), temperature: 4, weight: 0.9 } as const;
const fixed = { kind: 'fixed-int8', calibration: 9 } as const;
const HYBRID = { kind: 'hybrid-int8', tensors: 'all' } as const;
const AWARE = { kind: 'qat-int8', begin: 9, calibration: 9 } as const;
const pipelineCase = (stages: readonly StageSpec[], message: RegExp) =>
  [
    `the pipeline [${stages.map(levelName).join(', ')}]`,
    { levels: [{ kind: 'pipeline', stages }] },
    'levels',
    message,
  ] as const;

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
  ['a level twice', { levels: [pruned, { ...pruned, every: 7 }] }, 'levels', /pruned-0.5 is listed twice: take one/],
  ['sparsity 0', { levels: [{ ...pruned, sparsity: 0 }] }, 'levels', /above 0 \(that is the baseline\).*not 0\./],
  ['sparsity 1', { levels: [{ ...pruned, sparsity: 1 }] }, 'levels', /no weight would remain.*not 1\./],
  ['sparsity NaN', { levels: [{ ...pruned, sparsity: Number.NaN }] }, 'levels', /not NaN/],
  ['pruning past the last step', { levels: [{ ...pruned, end: 301 }] }, 'levels', /within the 300 steps/],
  ['pruning that ends before it begins', { levels: [{ ...pruned, begin: 280 }] }, 'levels', /from 280 to 270/],
  ['pruning at no interval', { levels: [{ ...pruned, every: 0 }] }, 'levels', /between two prunings/],
  [
    'a calibration drawn with half a seed',
    { levels: [{ kind: 'fixed-int8', calibration: 9, draw: { kind: 'random', seed: 0.5 } }] },
    'levels',
    /seed of the calibration examples .* not 0\.5/,
  ],
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
  [
    'a weight decay below 0',
    { optimizer: { kind: 'sgd', momentum: 0, weightDecay: -1 } },
    'optimizer',
    /decay .* not -1/,
  ],
  [
    'an endless weight decay',
    { optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.9, epsilon: 1, weightDecay: Infinity } },
    'optimizer',
    /decay .* not Infinity/,
  ],
  [
    'five stages',
    { model: { kind: 'resnet-8', filters: [4, 4, 4, 4, 4], blocks: 1 } },
    'model',
    /stages .* 1 to 4, not 5/,
  ],
  ['no stage', { model: { kind: 'resnet-8', filters: [], blocks: 1 } }, 'model', /stages .* 1 to 4, not 0/],
  ['five blocks', { model: { kind: 'resnet-8', filters: [4], blocks: 5 } }, 'model', /blocks .* 1 to 4, not 5/],
  [
    'more pools than the image has halves',
    { model: { kind: 'cnn-small', filters: [1, 1, 1, 1, 1, 1], dense: [] } },
    'model',
    /32 pixels can be halved 5 times: use at most 5 convolutions, not 6/,
  ],
  [
    'a member that no memory holds',
    { model: { kind: 'mlp', hidden: [4096, 4096, 4096, 4096] } },
    'model',
    /1\.3 GB of memory .* 1\.0 GB is the most: choose a narrower model/,
  ],
  [
    'a batch that no memory holds',
    { model: { kind: 'cnn-small', filters: [2048], dense: [] }, batchSize: 400 },
    'model',
    /smaller batch/,
  ],
  [
    'a rise as long as the run',
    { schedule: { kind: 'cosine', warmup: 300 } },
    'schedule',
    /warmup .* 0 to 299, not 300/,
  ],
  ['stairs without a step', { schedule: { kind: 'step', at: [], factor: 0.1 } }, 'schedule', /at least one/],
  ['stairs out of order', { schedule: { kind: 'step', at: [20, 20], factor: 0.1 } }, 'schedule', /rising order/],
  ['stairs past the end', { schedule: { kind: 'step', at: [301], factor: 0.1 } }, 'schedule', /from 1 to 300/],
  ['stairs that end all learning', { schedule: { kind: 'step', at: [9], factor: 0 } }, 'schedule', /factor .* not 0/],
  ['stairs that climb', { schedule: { kind: 'step', at: [9], factor: 1.5 } }, 'schedule', /factor .* not 1\.5/],
  ['a shift by half the image', { augmentation: { flip: true, shift: 16 } }, 'augmentation', /0 to 15, .* not 16/],
  ['a shift by part of a pixel', { augmentation: { flip: true, shift: 0.5 } }, 'augmentation', /whole number/],
  [
    'pruning that stops short',
    { levels: [{ ...pruned, semantics: 'tfmot', every: 50 }] },
    'levels',
    /every 50 steps from 30, tfmot-0\.5 stops at step 230 .* interval that divides 240/,
  ],
  [
    'rounding after the end',
    { levels: [{ kind: 'qat-int8', begin: 300, calibration: 9 }] },
    'levels',
    /0 to 299, not 300/,
  ],
  [
    'rounding without calibration',
    { levels: [{ kind: 'qat-int8', begin: 0, calibration: 0 }] },
    'levels',
    /calibration/,
  ],
  ['filters that no interval prunes', { levels: [{ ...structured, every: 0 }] }, 'levels', /between two prunings/],
  ['all filters pruned', { levels: [{ ...structured, sparsity: 1 }] }, 'levels', /no filter would remain/],
  [
    'filters pruned where there are none',
    { model: { kind: 'mlp', hidden: [] }, levels: [structured] },
    'levels',
    /no filters or neurons that can be removed/,
  ],
  [
    'too few filters pruned',
    { model: { kind: 'mlp', hidden: [4, 3] }, levels: [{ ...structured, sparsity: 0.1 }] },
    'levels',
    /so many filters or neurons that 10 % of them is one/,
  ],
  [
    'a student that cannot be built',
    { levels: [{ ...distilled, student: { kind: 'mlp', hidden: [0] } }] },
    'levels',
    /student cannot be built: The number of units .* not 0/,
  ],
  [
    'a student as large as its teacher',
    { levels: [{ ...distilled, student: plan.model }] },
    'levels',
    /student has 136,\d+ parameters and its teacher 136,\d+: /,
  ],
  ['a temperature of 0', { levels: [{ ...distilled, temperature: 0 }] }, 'levels', /temperature .* above 0, not 0/],
  ['more than the teacher', { levels: [{ ...distilled, weight: 1.1 }] }, 'levels', /0 \(labels only\) to 1 .* not 1.1/],
  ...(
    [
      [[], /has two stages: with one/],
      [[pruned], /has two stages: with one/],
      [[fixed, pruned], /fixed-int8, then pruned-0.5 cannot be made: training would .* Quantize last/],
      [[fixed, HYBRID], /weights can be rounded once/],
      [[pruned, distilled], /both stages train from the initial weights/],
      [[AWARE, fixed], /ends with int8 already/],
      [[pruned, AWARE], /starts from the initial weights, not from what/],
      [[pruned, fixed, HYBRID], /more than two stages/],
      [[{ ...pruned, end: 301 }, fixed], /within the 300 steps/],
      [[pruned, { ...fixed, calibration: 0 }], /calibration/],
    ] as const
  ).map(([stages, message]) => pipelineCase(stages, message)),
  [
    'a pipeline that begins with another training of a level',
    { levels: [pruned, { kind: 'pipeline', stages: [{ ...pruned, every: 16 }, fixed] }] },
    'levels',
    /pruned-0.5 would be trained in two ways/,
  ],
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
    const problems = planProblems({ ...plan, ...change }, FACES_FACTS);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.field).toBe(field);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.message).toMatch(/^["A-Z].*\.$/);
  });

  it('finds nothing wrong at the edges of what is allowed', () => {
    expect(planProblems({ ...plan, members: 2, seed: 0, batchSize: 400 }, FACES_FACTS)).toEqual([]);
    expect(
      planProblems({ ...plan, members: 500, seed: Number.MAX_SAFE_INTEGER, learningRate: 1e3 }, FACES_FACTS),
    ).toEqual([]);
    expect(planProblems({ ...plan, model: { kind: 'mlp', hidden: [] } }, FACES_FACTS)).toEqual([]);
    const edges: Partial<Plan> = {
      model: { kind: 'resnet-8', filters: [1, 1, 1, 1], blocks: 4 },
      loss: 'logistic',
      schedule: { kind: 'step', at: [1, 300], factor: 1 },
      augmentation: { flip: false, shift: 15 },
      levels: [
        { ...pruned, begin: 0 },
        { ...pruned, semantics: 'tfmot' },
        { kind: 'qat-int8', begin: 299, calibration: 400 },
      ],
    };
    expect(planProblems({ ...plan, ...edges }, FACES_FACTS)).toEqual([]);
    expect(planProblems({ ...plan, schedule: { kind: 'cosine', warmup: 299 } }, FACES_FACTS)).toEqual([]);
  });

  it('refuses what the data do not allow', () => {
    const fieldsFor = (change: Partial<Plan>, other: Partial<PlanFacts>): string[] =>
      planProblems({ ...plan, ...change }, { ...FACES_FACTS, ...other }).map(({ field }) => field);
    expect(fieldsFor({ loss: 'logistic' }, { classes: 3 })).toEqual(['loss']);
    const table = { kind: 'table', input: [1, 1, 15] } as const;
    const mlp = { kind: 'mlp', hidden: [4] } as const;
    expect(fieldsFor({ model: mlp, augmentation: { flip: true, shift: 0 } }, table)).toEqual(['augmentation']);
    expect(fieldsFor({ model: { kind: 'resnet-8', filters: [4], blocks: 1 } }, table)).toEqual(['model']);
    const tiny = { input: [4, 3, 1] } as const;
    expect(fieldsFor({ model: { kind: 'resnet-8', filters: [4, 4, 4], blocks: 1 } }, tiny)).toEqual(['model']);
    expect(fieldsFor({ model: { kind: 'resnet-8', filters: [4, 4], blocks: 1 } }, tiny)).toEqual([]);
    expect(fieldsFor({ model: mlp, augmentation: { flip: true, shift: 2 } }, tiny)).toEqual(['augmentation']);
  });

  it('says nothing of schedules while there is no number of steps', () => {
    const change = { steps: 0, schedule: { kind: 'cosine', warmup: 5 } } as const;
    expect(planProblems({ ...plan, ...change }, FACES_FACTS).map(({ field }) => field)).toEqual(['steps']);
  });

  it('refuses convolutions on a table and data without training examples', () => {
    expect(planProblems(plan, { ...FACES_FACTS, kind: 'table' })[0]?.message).toMatch(/needs images/);
    const without = { ...FACES_FACTS, trainExamples: 0 };
    expect(planProblems(presetPlan('one-minute', without), without).map((p) => p.field)).toEqual(['dataset']);
  });
});
