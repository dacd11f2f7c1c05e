import { expect, it } from 'vitest';
import { sizeAccount } from '#compression/size.ts';
import { sparsityReport } from '#compression/sparsity-report.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';

const tensors: readonly CompressibleTensor[] = [
  { name: 'conv1/kernel', kind: 'conv-kernel', offset: 0, size: 12, shape: [1, 1, 6, 2], prunable: true },
  { name: 'conv1/bias', kind: 'bias', offset: 12, size: 2, shape: [2], prunable: false },
  { name: 'dense1/kernel', kind: 'dense-kernel', offset: 16, size: 4, shape: [2, 2], prunable: false },
  { name: 'dense1/bias', kind: 'bias', offset: 20, size: 2, shape: [2], prunable: false },
];
const parameters = new Float32Array(24);
parameters[3] = 1;
parameters[5] = -2;
parameters.fill(7, 16, 20);

it('sizes by hand: dense, sparse rows where they are smaller, int8 with its scales', () => {
  expect(sizeAccount(tensors, parameters)).toEqual({
    denseBytes: (12 + 2 + 4 + 2) * 4,
    sparseBytes: 2 * 6 + 7 * 4 + 8 + 16 + 8, // two values in six rows; the full dense kernel stays dense
    int8Bytes: 12 + 2 * 4 + 8 + 4 + 4 + 8,
  });
});

it('counts kernels that quantization left alone as float', () => {
  const all = sizeAccount(tensors, parameters).int8Bytes;
  expect(sizeAccount(tensors, parameters, new Set(['dense1/kernel'])).int8Bytes).toBe(all - 4 - 4 + 16);
});

it('measures sparsity over prunable tensors and over all kernels', () => {
  expect(sparsityReport(tensors, parameters, 0.8)).toEqual({ planned: 0.8, achieved: 10 / 12, wholeModel: 10 / 16 });
});

it('measures sparsity over every kernel under tfmot, the last too', () => {
  expect(sparsityReport(tensors, parameters, 0.8, 'tfmot').achieved).toBe(10 / 16);
});

it('sizes batch norm as plain vectors', () => {
  const scale = { name: 'bn1/scale', kind: 'bn-scale', offset: 0, size: 8, shape: [8], prunable: false } as const;
  expect(sizeAccount([scale], new Float32Array(8))).toEqual({ denseBytes: 32, sparseBytes: 32, int8Bytes: 32 });
});

it('has no sparsity where nothing is prunable', () => {
  expect(sparsityReport([], parameters, 0)).toEqual({ planned: 0, achieved: 0, wholeModel: 0 });
});
