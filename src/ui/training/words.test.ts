import { expect, test } from 'vitest';
import { backendText, spokenState, titleOf } from './words.ts';

test('says what runs, with cores only where they matter', () => {
  const admission = { backend: 'simd', detail: '', workers: 2, reason: '', tried: [] } as const;
  expect(backendText(admission)).toBe('SIMD WebAssembly on 2 CPU cores');
  expect(backendText({ ...admission, workers: 1 })).toBe('SIMD WebAssembly on 1 CPU core');
  expect(backendText({ ...admission, backend: 'webgpu' })).toBe('WebGPU');
});

test('title and spoken state follow the run', () => {
  expect(titleOf({ status: 'running', done: 3, planned: 60 })).toBe('3 of 60 members trained');
  expect(titleOf({ status: 'done', done: 60, planned: 60 })).toBe('All 60 members are in');
  expect(spokenState({ status: 'paused', done: 3, planned: 60 })).toBe('Paused: 3 of 60 members trained.');
});
