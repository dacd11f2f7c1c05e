import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { TensorGrid } from '#compression/post-training.ts';
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
const member = { tensors, parameters, whole: { ops: [], tensors } };
const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.8, begin: 1, end: 2, every: 1 } as const;

it('sizes by hand: dense, sparse rows where they are smaller, int8 with its scales', () => {
  const { total, tensors: each } = sizeAccount(tensors, parameters);
  expect(total).toMatchObject({
    denseBytes: (12 + 2 + 4 + 2) * 4,
    sparseBytes: 2 * 6 + 7 * 4 + 8 + 16 + 8, // two values in six rows; the full dense kernel stays dense
    int8Bytes: 12 + 2 * 4 + 8 + 4 + 4 + 8,
  });
  expect(each.map(({ int8Bytes }) => int8Bytes)).toEqual([20, 8, 8, 8]);
  expect(each.map(({ denseBytes }) => denseBytes)).toEqual([48, 8, 16, 8]);
});

it('packs the bytes of all tensors, and of each, with gzip', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i / 7);
  const { total, tensors: each } = sizeAccount(tensors, values);
  const floats = tensors.flatMap(({ offset, size }) => [...values.subarray(offset, offset + size)]);
  expect(total.gzipBytes).toBe(gzipSync(new Uint8Array(Float32Array.from(floats).buffer), { level: 6 }).length);
  const [, , dense] = each;
  const scale = values[19]! / 127;
  const integers = Int8Array.from(values.subarray(16, 20), (value) => Math.round(value / scale));
  const whole = [...new Uint8Array(integers.buffer), ...new Uint8Array(Float32Array.of(scale).buffer)];
  expect(dense!.int8GzipBytes).toBe(gzipSync(Uint8Array.from(whole), { level: 6 }).length);
});

it('counts kernels that quantization left alone as float, and fewer bits packed', () => {
  const all = sizeAccount(tensors, parameters).total.int8Bytes;
  const grid = (quantization: TensorGrid['quantization']): TensorGrid[] => [
    { name: 'dense1/kernel', rule: '', quantization },
  ];
  expect(sizeAccount(tensors, parameters, grid(null)).total.int8Bytes).toBe(all - 4 - 4 + 16);
  const few = (bits: number) => grid({ bits, scales: [7], zeroPoint: 0, clipped: 0 });
  expect(sizeAccount(tensors, parameters, few(4)).total.int8Bytes).toBe(all - 2);
  expect(sizeAccount(tensors, parameters, few(2)).total.int8Bytes).toBe(all - 3);
});

it('has a size also for a member that diverged', () => {
  expect(sizeAccount(tensors, new Float32Array(24).fill(NaN)).total.int8Bytes).toBe(44);
});

it('measures sparsity over prunable tensors and over all kernels', () => {
  expect(sparsityReport(member, pruned)).toEqual({ planned: 0.8, achieved: 10 / 12, wholeModel: 10 / 16 });
});

it('measures sparsity over every kernel under tfmot, the last too', () => {
  expect(sparsityReport(member, { ...pruned, semantics: 'tfmot' }).achieved).toBe(10 / 16);
});

it('sizes batch norm as plain vectors', () => {
  const scale = { name: 'bn1/scale', kind: 'bn-scale', offset: 0, size: 8, shape: [8], prunable: false } as const;
  expect(sizeAccount([scale], new Float32Array(8)).total).toMatchObject({
    ...{ denseBytes: 32, sparseBytes: 32, int8Bytes: 32 },
  });
});

it('has no sparsity where nothing is prunable', () => {
  expect(sparsityReport({ ...member, tensors: [], whole: { ops: [], tensors: [] } }, { kind: 'baseline' })).toEqual({
    planned: 0,
    achieved: 0,
    wholeModel: 0,
  });
});
