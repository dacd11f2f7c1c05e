import { expect, it } from 'vitest';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { residualProgram } from '#testing/small-nets.ts';

const program = buildProgram({ kind: 'cnn-small', filters: [8], dense: [64] }, [16, 16, 3], 3);

it('draws kernels with the variance of He and leaves biases and gaps at 0', () => {
  const parameters = initialParameters(program, 7, 0);
  const written = new Set<number>();
  for (const tensor of program.tensors) {
    const values = parameters.subarray(tensor.offset, tensor.offset + tensor.size);
    for (let i = 0; i < tensor.size; i++) written.add(tensor.offset + i);
    if (tensor.kind === 'bias') expect(values.every((v) => v === 0)).toBe(true);
    else {
      const variance = values.reduce((sum, v) => sum + v * v, 0) / tensor.size;
      expect(variance * (tensor.fanIn / 2)).toBeCloseTo(1, tensor.size > 5000 ? 1 : 0);
    }
  }
  parameters.forEach((value, i) => {
    if (!written.has(i)) expect(value).toBe(0);
  });
});

it('gives every member weights of its own, the same each time', () => {
  expect(initialParameters(program, 7, 1)).toEqual(initialParameters(program, 7, 1));
  expect(initialParameters(program, 7, 1)).not.toEqual(initialParameters(program, 7, 2));
  expect(initialParameters(program, 7, 1)).not.toEqual(initialParameters(program, 8, 1));
});

it('starts batch norm as the identity', () => {
  const residual = residualProgram();
  const parameters = initialParameters(residual, 7, 0);
  for (const { kind, offset, size } of residual.tensors) {
    const values = new Set(parameters.subarray(offset, offset + size));
    if (kind === 'bn-scale' || kind === 'bn-variance') expect(values).toEqual(new Set([1]));
    if (kind === 'bn-shift' || kind === 'bn-mean') expect(values).toEqual(new Set([0]));
    if (kind === 'conv-kernel') expect(values.size).toBe(size);
  }
});
