import { expect, it } from 'vitest';
import type { CompressionSpec } from '#compression/spec.ts';
import { isPostTraining, levelName } from '#compression/spec.ts';

const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 1, end: 9, every: 1 } as const;
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
  ['qat-int8', false, { kind: 'qat-int8', begin: 10, calibration: 100 }],
];

it.each(SPECS)('%s is the name of a level; made from trained members: %s', (name, postTraining, spec) => {
  expect(levelName(spec)).toBe(name);
  expect(isPostTraining(spec)).toBe(postTraining);
});
