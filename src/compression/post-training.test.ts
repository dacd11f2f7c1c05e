import { describe, expect, it } from 'vitest';
import { fixedInt8, hybridInt8 } from '#compression/post-training.ts';
import type { CompressibleModel, CompressibleTensor } from '#compression/tensors.ts';

/** conv 1x1 of 1 -> 2, pool, dense 2 -> 1; each kernel followed by its bias, blocks at multiples of 4. */
const model: CompressibleModel = {
  ops: [
    { kind: 'conv', name: 'conv1', offset: 0 },
    { kind: 'maxpool', name: 'pool1' },
    { kind: 'dense', name: 'dense1', offset: 4 },
  ],
  tensors: [
    { name: 'conv1/kernel', kind: 'conv-kernel', offset: 0, size: 2, shape: [1, 1, 1, 2], prunable: true },
    { name: 'conv1/bias', kind: 'bias', offset: 2, size: 2, shape: [2], prunable: false },
    { name: 'dense1/kernel', kind: 'dense-kernel', offset: 4, size: 2, shape: [2, 1], prunable: false },
    { name: 'dense1/bias', kind: 'bias', offset: 6, size: 1, shape: [1], prunable: false },
  ],
};
const parameters = Float32Array.of(127, 254, 0.3, 0.3, 127, 3.4, 0.7, 0);

describe('fixedInt8', () => {
  it('quantizes kernels, biases and activations by hand', () => {
    // input scale 0.5; conv scales 1 and 2; conv output scale 2; dense scale 1
    const ranges = Float32Array.of(0, 127.5, 0, 510, 0, 400, -128, 127);
    const member = fixedInt8(model, parameters, ranges);
    expect(member.points).toEqual([
      { scale: 0.5, zeroPoint: -128 },
      { scale: 2, zeroPoint: -128 },
      null,
      { scale: 1, zeroPoint: 0 },
    ]);
    // biases: 0.3 in steps of 0.5 x 1 and of 0.5 x 2; 0.7 in steps of 2 x 1 (the pool hands on the scale of the convolution)
    expect([...member.parameters]).toEqual([127, 254, 0.5, 0, 127, 3, 0, 0]);
    expect(member.kernels).toEqual([
      { name: 'conv1/kernel', quantized: true, rule: 'int8, symmetric, per output channel', scale: null },
      { name: 'dense1/kernel', quantized: true, rule: 'int8, symmetric, per tensor', scale: 1 },
    ]);
    expect(parameters[2]).toBe(Math.fround(0.3)); // the trained member is untouched
  });

  it('refuses ranges of another model and of a diverged member', () => {
    expect(() => fixedInt8(model, parameters, new Float32Array(4))).toThrow(/must have 8 numbers, not 4/);
    expect(() => fixedInt8(model, parameters, new Float32Array(8).fill(Number.NaN))).toThrow(/cannot be quantized/);
  });
});

describe('hybridInt8', () => {
  it('leaves kernels below 1,024 elements in float when faithful to TensorFlow Lite', () => {
    const member = hybridInt8(model, parameters, { kind: 'hybrid-int8', tensors: 'tflite-faithful' });
    expect(member.parameters).toEqual(parameters);
    expect(member.activations.ops).toEqual([false, false, false]);
    expect(member.kernels.map((k) => k.quantized)).toEqual([false, false]);
    expect(member.kernels[0]?.rule).toMatch(/2 elements.*1,024/);
  });

  it('quantizes every kernel when told so, and no bias', () => {
    const member = hybridInt8(model, parameters, { kind: 'hybrid-int8', tensors: 'all' });
    expect(member.parameters).toEqual(Float32Array.of(127, 254, 0.3, 0.3, 127, 3, 0.7, 0));
    expect(member.activations).toEqual({ kind: 'dynamic', ops: [true, false, true] });
  });

  it('quantizes a kernel of exactly 1,024 elements', () => {
    const tensor = (size: number): CompressibleTensor => ({
      name: 'dense1/kernel',
      kind: 'dense-kernel',
      offset: 0,
      size,
      shape: [size, 1],
      prunable: true,
    });
    const quantized = (size: number): boolean | undefined =>
      hybridInt8(
        { ops: [{ kind: 'dense', name: 'dense1', offset: 0 }], tensors: [tensor(size)] },
        new Float32Array(size).fill(0.3),
        { kind: 'hybrid-int8', tensors: 'tflite-faithful' },
      ).kernels[0]?.quantized;
    expect([quantized(1023), quantized(1024)]).toEqual([false, true]);
  });
});
