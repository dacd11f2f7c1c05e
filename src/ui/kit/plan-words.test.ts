import { expect, test } from 'vitest';
import { augmentationWords, layerWords, optimizerWords, qatWords, scheduleWords } from './plan-words.ts';

test('names the layers of a model', () => {
  expect(layerWords({ kind: 'cnn-small', filters: [16, 32], dense: [64] })).toBe('16 and 32 filters, then 64 units');
  expect(layerWords({ kind: 'cnn-small', filters: [16], dense: [] })).toBe('16 filters');
  expect(layerWords({ kind: 'resnet-8', filters: [8, 16, 32], blocks: 1 })).toBe(
    '3 stages of 1 block, 8, 16 and 32 filters',
  );
  expect(layerWords({ kind: 'mlp', hidden: [32, 32] })).toBe('2 hidden layers of 32');
  expect(layerWords({ kind: 'mlp', hidden: [32, 16] })).toBe('hidden layers of 32 and 16');
  expect(layerWords({ kind: 'mlp', hidden: [] })).toBe('no hidden layer');
});

test('names the optimizer with its weight decay', () => {
  expect(optimizerWords({ kind: 'sgd', momentum: 0.9, weightDecay: 0.01 })).toBe(
    'SGD (momentum 0.9, L2 weight decay 0.01)',
  );
  expect(optimizerWords({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })).toBe(
    'Adam (beta 0.9 and 0.999, epsilon 1e-7)',
  );
});

test('names schedule, views and rounding', () => {
  expect(scheduleWords(undefined)).toBe('constant');
  expect(scheduleWords({ kind: 'cosine', warmup: 15 })).toBe('rising over 15 steps, then falling to 0 along a cosine');
  expect(scheduleWords({ kind: 'step', at: [1000, 1500], factor: 0.1 })).toBe(
    'multiplied by 0.1 after steps 1,000 and 1,500',
  );
  expect(augmentationWords({ flip: true, shift: 2 })).toBe('mirrored half of the time and moved by up to 2 pixels');
  expect(augmentationWords({ flip: false, shift: 0 })).toBeNull();
  expect(qatWords({ kind: 'qat-int8', begin: 0, calibration: 100 }, 300)).toContain('int8 from the first step, ');
  expect(qatWords({ kind: 'qat-int8', begin: 150, calibration: 100 }, 300)).toContain(
    'after 150 of 300 steps in float',
  );
});
