import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePadding } from '#engine/model/geometry.ts';
import { buildProgram } from '#engine/model/layers.ts';

describe('buildProgram', () => {
  it('lays out cnn-small as conv, pool, conv, pool, dense, dense', () => {
    const program = buildProgram({ kind: 'cnn-small', filters: [16, 32], dense: [64] }, [32, 32, 3], 2);
    expect(program.ops.map((op) => [op.name, op.kind, op.out])).toEqual([
      ['conv1', 'conv', [32, 32, 16]],
      ['pool1', 'maxpool', [16, 16, 16]],
      ['conv2', 'conv', [16, 16, 32]],
      ['pool2', 'maxpool', [8, 8, 32]],
      ['dense1', 'dense', [1, 1, 64]],
      ['dense2', 'dense', [1, 1, 2]],
    ]);
    // 432 + 16, 4608 + 32, 131072 + 64, 128 + 2 and two numbers of padding
    expect(program.parameterCount).toBe(448 + 4640 + 131136 + 132);
    expect(program.tensors.filter((t) => t.prunable).map((t) => t.name)).toEqual([
      'conv1/kernel',
      'conv2/kernel',
      'dense1/kernel',
    ]);
    expect(program.tensors[0]).toMatchObject({ shape: [3, 3, 3, 16], fanIn: 27 });
    expect(program.ops.at(-1)).toMatchObject({ relu: false });
  });

  it('drops the odd row and column in a pool', () => {
    const program = buildProgram({ kind: 'cnn-small', filters: [2], dense: [] }, [7, 5, 1], 3);
    expect(program.ops[1]?.out).toEqual([3, 2, 2]);
    expect(program.ops[2]).toMatchObject({ name: 'dense1', in: [3, 2, 2], kernelSize: 36, relu: false });
  });

  it('makes an mlp of dense layers only, also of none hidden', () => {
    const deep = buildProgram({ kind: 'mlp', hidden: [32, 32] }, [1, 1, 20], 2);
    expect(deep.ops.map((op) => op.name)).toEqual(['dense1', 'dense2', 'dense3']);
    const linear = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 3], 2);
    expect(linear.parameterCount).toBe(8);
    expect(linear.tensors.every((t) => !t.prunable)).toBe(true);
  });

  it('starts every block at a multiple of four and never overlaps', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.integer({ min: 8, max: 13 }),
        fc.integer({ min: 1, max: 5 }),
        (filters, dense, side, classes) => {
          const program = buildProgram({ kind: 'cnn-small', filters, dense }, [side, side + 1, 3], classes);
          let end = 0;
          for (const tensor of program.tensors) {
            expect(tensor.offset).toBeGreaterThanOrEqual(end);
            if (tensor.kind !== 'bias') expect(tensor.offset % 4).toBe(0);
            else expect(tensor.offset).toBe(end);
            expect(tensor.shape.reduce((a, b) => a * b, 1)).toBe(tensor.size);
            end = tensor.offset + tensor.size;
          }
          expect(program.parameterCount % 4).toBe(0);
          expect(program.parameterCount - end).toBeLessThan(4);
        },
      ),
    );
  });

  it('refuses impossible shapes', () => {
    expect(() => buildProgram({ kind: 'cnn-small', filters: [2, 2], dense: [] }, [3, 3, 1], 2)).toThrow(/pool2.*1x1/);
    expect(() => buildProgram({ kind: 'mlp', hidden: [0] }, [1, 1, 3], 2)).toThrow(/units of dense1/);
    expect(() => buildProgram({ kind: 'mlp', hidden: [2] }, [1, 1, Number.NaN], 2)).toThrow(/input length/);
    expect(() => buildProgram({ kind: 'mlp', hidden: [2] }, [1, 1, 3], 0)).toThrow(/classes/);
  });
});

describe('samePadding', () => {
  it('follows TensorFlow: the odd pixel goes to the far side', () => {
    expect(samePadding(5, 3, 1)).toEqual({ out: 5, padBefore: 1 });
    expect(samePadding(4, 2, 1)).toEqual({ out: 4, padBefore: 0 });
    expect(samePadding(4, 3, 2)).toEqual({ out: 2, padBefore: 0 });
    expect(samePadding(5, 3, 2)).toEqual({ out: 3, padBefore: 1 });
    expect(samePadding(5, 1, 2)).toEqual({ out: 3, padBefore: 0 });
  });
});
