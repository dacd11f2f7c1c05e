import { expect, it } from 'vitest';
import { structuredSchedule } from '#compression/schedule.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import {
  isPostTraining,
  levelName,
  stagesOf,
  sourceLevels,
  trainedSpecs,
  USUAL_SOFT_WEIGHT,
  USUAL_TEMPERATURE,
} from '#compression/spec.ts';

const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 1, end: 9, every: 1 } as const;
const fixed = { kind: 'fixed-int8', calibration: 100 } as const;
const distilled = { kind: 'distilled', temperature: USUAL_TEMPERATURE, weight: USUAL_SOFT_WEIGHT } as const;
const SPECS: readonly (readonly [string, boolean, CompressionSpec])[] = [
  ['baseline', false, { kind: 'baseline' }],
  ['pruned-0.9', false, pruned],
  ['tfmot-0.95', false, { ...pruned, semantics: 'tfmot', sparsity: 0.95 }],
  ['global-0.9', false, { ...pruned, scope: 'global' }],
  ['global-tfmot-0.9', false, { ...pruned, semantics: 'tfmot', scope: 'global' }],
  ['pruned-0.9', false, { ...pruned, scope: 'layer' }],
  ['hybrid-int8', true, { kind: 'hybrid-int8', tensors: 'all' }],
  ['fixed-int8', true, { kind: 'fixed-int8', calibration: 100 }],
  ['hybrid-int4', true, { kind: 'hybrid-int8', tensors: 'all', bits: 4 }],
  ['fixed-int2', true, { kind: 'fixed-int8', calibration: 100, bits: 2 }],
  ['fixed-int8', true, { kind: 'fixed-int8', calibration: 100, bits: 8 }],
  ['filters-0.5', false, structuredSchedule(0.5, 300)],
  ['filters-l2-0.25', false, structuredSchedule(0.25, 300, 'l2')],
  ['distilled-cnn-8-16-d32', false, { ...distilled, student: { kind: 'cnn-small', filters: [8, 16], dense: [32] } }],
  ['distilled-mlp', false, { ...distilled, student: { kind: 'mlp', hidden: [] } }],
  ['distilled-mlp-4-4-t2', false, { ...distilled, temperature: 2, student: { kind: 'mlp', hidden: [4, 4] } }],
  [
    'distilled-resnet-4-8-b2-w0.5',
    false,
    { ...distilled, weight: 0.5, student: { kind: 'resnet-8', filters: [4, 8], blocks: 2 } },
  ],
  ['pruned-0.9+fixed-int4', true, { kind: 'pipeline', stages: [pruned, { ...fixed, bits: 4 }] }],
  ['qat-int8', false, { kind: 'qat-int8', begin: 10, calibration: 100 }],
];

it.each(SPECS)('%s is the name of a level; made from trained members: %s', (name, postTraining, spec) => {
  expect(levelName(spec)).toBe(name);
  expect(isPostTraining(spec)).toBe(postTraining);
});

it('every level is a trained population, and what is made of it', () => {
  const baseline = { kind: 'baseline' } as const;
  expect(stagesOf(baseline)).toEqual({ trained: baseline, quantized: null });
  expect(stagesOf(pruned)).toEqual({ trained: pruned, quantized: null });
  expect(stagesOf(fixed)).toEqual({ trained: baseline, quantized: fixed });
  expect(stagesOf({ kind: 'pipeline', stages: [pruned, fixed] })).toEqual({ trained: pruned, quantized: fixed });
  for (const stages of [[], [pruned], [fixed, pruned], [pruned, pruned], [pruned, fixed, fixed]])
    expect(() => stagesOf({ kind: 'pipeline', stages })).toThrow(/not a stage that trains and then/);
});

it('a population is trained once, for the level that it is and for all pipelines that begin with it', () => {
  const half = { ...pruned, sparsity: 0.5 };
  const after = (stage: typeof pruned | typeof half, bits: 8 | 4): CompressionSpec => ({
    kind: 'pipeline',
    stages: [stage, { ...fixed, bits }],
  });
  const levels = [after(half, 8), pruned, fixed, after(pruned, 8), after(half, 4)];
  expect(trainedSpecs(levels)).toEqual([{ kind: 'baseline' }, half, pruned]);
});

it('weights are needed of what is still to be made from them', () => {
  const student: CompressionSpec = { ...distilled, student: { kind: 'mlp', hidden: [] } };
  const levels: readonly CompressionSpec[] = [pruned, student, { kind: 'pipeline', stages: [student, fixed] }];
  expect([...sourceLevels([pruned])]).toEqual([]);
  expect([...sourceLevels(levels)]).toEqual(['distilled-mlp', 'baseline']);
  expect([...sourceLevels(levels, (level) => level === 'distilled-mlp')]).toEqual(['distilled-mlp']);
  expect([...sourceLevels(levels, (level) => level.includes('+'))]).toEqual(['baseline']);
  expect([...sourceLevels(levels.slice(2))]).toEqual(['distilled-mlp', 'baseline']); // trained for the pipeline only
  expect([...sourceLevels(levels, () => true)]).toEqual([]);
});
