import { describe, expect, it } from 'vitest';
import { fixedInt8, hybridInt8 } from '#compression/post-training.ts';
import { activationGrid, symmetricScale } from '#compression/quantize.ts';
import type { CompressibleModel, CompressibleTensor } from '#compression/tensors.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { randomParameters, residualProgram, shortcutProgram } from '#testing/small-nets.ts';

/** conv 1x1 of 1 -> 2, pool, dense 2 -> 1; each kernel followed by its bias, blocks at multiples of 4. */
const model: CompressibleModel = {
  ops: [
    { kind: 'conv', name: 'conv1', from: 0, offset: 0, bias: true },
    { kind: 'maxpool', name: 'pool1', from: 1 },
    { kind: 'dense', name: 'dense1', from: 2, offset: 4 },
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
    const int32 = 'int32, scale of the input x scale of the kernel';
    const integers = (bits: number, ...scales: number[]) => ({ bits, scales, zeroPoint: 0, clipped: 0 });
    expect(member.grids).toEqual([
      { name: 'conv1/kernel', rule: 'int8, symmetric, per output channel', quantization: integers(8, 1, 2) },
      { name: 'conv1/bias', rule: int32, quantization: integers(32, 0.5, 1) },
      { name: 'dense1/kernel', rule: 'int8, symmetric, per tensor', quantization: integers(8, 1) },
      { name: 'dense1/bias', rule: int32, quantization: integers(32, 2) },
    ]);
    const own = { clipped: null, rule: 'int8, asymmetric, per tensor' };
    expect(member.activations).toEqual([
      { ...own, name: 'input', grid: { scale: 0.5, zeroPoint: -128 }, range: [0, 127.5] },
      { ...own, name: 'conv1', grid: { scale: 2, zeroPoint: -128 }, range: [0, 510] },
      {
        name: 'pool1',
        grid: { scale: 2, zeroPoint: -128 },
        range: null,
        clipped: null,
        rule: 'int8, on the grid of what it reads',
      },
      { ...own, name: 'dense1', grid: { scale: 1, zeroPoint: 0 }, range: [-128, 127] },
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
    expect(member.grids.map(({ quantization }) => quantization)).toEqual([null, null]);
    expect(member.grids[0]?.rule).toMatch(/2 elements.*1,024/);
  });

  it('quantizes every kernel when told so, and no bias', () => {
    const member = hybridInt8(model, parameters, { kind: 'hybrid-int8', tensors: 'all' });
    expect(member.parameters).toEqual(Float32Array.of(127, 254, 0.3, 0.3, 127, 3, 0.7, 0));
    expect(member.activations).toEqual({ kind: 'dynamic', ops: [true, false, true] });
  });

  it('takes fewer levels with fewer bits: seven either way of 4, one of 2', () => {
    const levels = (bits: 4 | 2): number[] => {
      const kernel = Float32Array.of(-7, 6, 3.4, 3.5, 0.4, 1, 0, 0);
      const spec = { kind: 'hybrid-int8', tensors: 'all', bits } as const;
      const one: CompressibleModel = {
        ops: [{ kind: 'dense', name: 'dense1', from: 0, offset: 0 }],
        tensors: [{ name: 'k', kind: 'dense-kernel', offset: 0, size: 8, shape: [8, 1], prunable: true }],
      };
      const member = hybridInt8(one, kernel, spec);
      expect(member.grids[0]?.quantization).toEqual({ bits, scales: [bits === 4 ? 1 : 7], zeroPoint: 0, clipped: 0 });
      return [...member.parameters];
    };
    expect(levels(4)).toEqual([-7, 6, 3, 4, 0, 1, 0, 0]);
    expect(levels(2)).toEqual([-7, 7, 0, 7, 0, 0, 0, 0]);
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
    const quantized = (size: number): boolean =>
      hybridInt8(
        { ops: [{ kind: 'dense', name: 'dense1', from: 0, offset: 0 }], tensors: [tensor(size)] },
        new Float32Array(size).fill(0.3),
        { kind: 'hybrid-int8', tensors: 'tflite-faithful' },
      ).grids[0]?.quantization !== null;
    expect([quantized(1023), quantized(1024)]).toEqual([false, true]);
  });
});

describe('a graph', () => {
  const program = shortcutProgram(); // every operation reads the point that `from` says; three convolutions read point 1
  const parameters = Float32Array.from(randomParameters(program, 1));
  const ranges = Float32Array.from({ length: 2 * (program.ops.length + 1) }, (_, i) => (i % 2 === 0 ? -i : 2 * i));
  const kernel = (name: string): number => program.tensors.find((t) => t.name === `${name}/kernel`)!.offset;

  it('rounds biases in steps of the point that the layer reads, and none where there is none', () => {
    const member = fixedInt8(program, parameters, ranges);
    const scaleOf = (point: number): number => activationGrid(ranges[2 * point]!, ranges[2 * point + 1]!).scale;
    // conv2 and conv5 read point 1, not the point before them.
    for (const [name, size, channels] of [
      ['conv2', 12, 4],
      ['conv5', 48, 4],
    ] as const) {
      const at = kernel(name);
      for (let channel = 0; channel < channels; channel++) {
        const weights = parameters.subarray(at, at + size).filter((_, i) => i % channels === channel);
        const step = scaleOf(1) * symmetricScale(weights);
        const steps = member.parameters[at + size + channel]! / step;
        expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-4 * Math.max(1, Math.abs(steps)));
        expect(Math.abs(member.parameters[at + size + channel]! - parameters[at + size + channel]!)).toBeLessThan(
          0.51 * step,
        );
      }
    }
    // conv3 has no bias: what follows its kernel is the next layer's.
    expect(member.grids.filter(({ quantization }) => quantization!.bits === 8).map(({ name }) => name)).toEqual(
      ['conv1', 'conv2', 'conv3', 'conv5', 'dense8'].map((name) => `${name}/kernel`),
    );
    expect(member.grids.filter(({ quantization }) => quantization!.bits === 32).map(({ name }) => name)).toEqual(
      ['conv1', 'conv2', 'conv5', 'dense8'].map((name) => `${name}/bias`),
    );
  });

  it('gives an addition a grid of its own and a max pool none', () => {
    const { points } = fixedInt8(program, parameters, ranges);
    program.ops.forEach((op, i) => {
      const own = activationGrid(ranges[2 * i + 2]!, ranges[2 * i + 3]!);
      expect(points[i + 1], op.name).toEqual(op.kind === 'maxpool' ? null : own);
    });
  });

  it('hands the grid of its input on through an average pool, and gives a global one its own', () => {
    const net = netBuilder([4, 4, 1]);
    net.conv({ filters: 2 });
    net.pool('avgpool', 2);
    net.globalPool();
    const pools = net.program(2);
    const weights = Float32Array.from(randomParameters(pools, 2));
    const { points } = fixedInt8(pools, weights, Float32Array.of(0, 255, -100, 155, -10, 10, -1, 1, -2, 2));
    expect(points[2]).toEqual(points[1]);
    expect(points[3]).toEqual(activationGrid(-1, 1));
    expect(points[3]).not.toEqual(points[2]);
  });

  it('marks the weighted operations for dynamic quantization, and refuses batch norm that was not folded', () => {
    const member = hybridInt8(program, parameters, { kind: 'hybrid-int8', tensors: 'all' });
    expect(member.activations.ops).toEqual(program.ops.map((op) => op.kind === 'conv' || op.kind === 'dense'));
    const normed = residualProgram();
    const weights = Float32Array.from(randomParameters(normed, 3));
    const seen = new Float32Array(2 * (normed.ops.length + 1)).fill(1);
    expect(() => fixedInt8(normed, weights, seen)).toThrow(/batchnorm2 must be folded/);
    expect(() => fixedInt8(foldedProgram(normed), weights, seen)).toThrow(/must have 22 numbers/);
  });
});
