import { expect, test } from 'vitest';
import { levelTick, levelText, levelTitle, levelWords, prunedLevel } from './levels.ts';

test.each([
  ['baseline', 'Baseline', 'Baseline', 'Baseline'],
  ['pruned-0.95', '0.95', 'level 0.95', '95\u00a0% of the weights removed'],
  ['tfmot-0.5', 'tfmot 0.5', 'level tfmot 0.5', '50\u00a0% of the weights removed as TensorFlow does'],
  ['hybrid-int8', 'hybrid int8', 'hybrid int8', 'hybrid int8'],
  ['qat-int8', 'QAT int8', 'QAT int8', 'QAT int8'],
  ['filters-0.5', 'filters 0.5', 'filters 0.5', '50\u00a0% of the filters and neurons removed'],
  ['filters-l2-0.25', 'filters l2 0.25', 'filters l2 0.25', '25\u00a0% of the filters and neurons removed'],
  [
    'distilled-cnn-8-16-d32-t2',
    'distilled cnn 8 16 d32 t2',
    'distilled cnn 8 16 d32 t2',
    'distilled into a smaller model (cnn 8 16 d32 t2)',
  ],
  ['distilled-mlp-8-8', 'distilled mlp 2 × 8', 'distilled mlp 2 × 8', 'distilled into a smaller model (mlp 2 × 8)'],
  [
    'pruned-0.9+fixed-int8',
    '0.9 + fixed int8',
    'level 0.9 + fixed int8',
    '90\u00a0% of the weights removed, then fixed int8',
  ],
  ['my-own-level', 'my own level', 'my own level', 'my own level'],
])('%s is called %s', (level, text, title, words) => {
  expect(levelText(level)).toBe(text);
  expect(levelTitle(level)).toBe(title);
  expect(levelWords(level)).toBe(words);
});

test('an axis has no room for int8', () => {
  expect(['hybrid-int8', 'qat-int8', 'tfmot-0.9'].map(levelTick)).toEqual(['hybrid', 'QAT', 'tfmot 0.9']);
});

test('semantics and sparsity of a pruned level stand in its name', () => {
  expect(prunedLevel('tfmot-0.5')).toEqual({ way: 'tfmot', sparsity: 0.5 });
  expect(prunedLevel('pruned-1e-7')).toEqual({ way: 'hooker', sparsity: 1e-7 });
  expect(prunedLevel('global-tfmot-0.9')).toEqual({ way: 'global tfmot', sparsity: 0.9 });
  expect(prunedLevel('global-0.9')).toEqual({ way: 'global hooker', sparsity: 0.9 });
  expect(levelWords('global-0.9')).toBe('90\u00a0% of the weights removed, wherever they are');
  expect(prunedLevel('fixed-int8')).toBeNull();
});
