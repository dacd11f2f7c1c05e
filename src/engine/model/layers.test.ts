import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePadding } from '#engine/model/geometry.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';

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

describe('resnet-8', () => {
  const resnet = (filters: readonly number[], blocks: number): ModelSpec => ({ kind: 'resnet-8', filters, blocks });

  it('is a stem, three stages of one block and a dense layer: eight layers with kernels, but for shortcuts', () => {
    const program = buildProgram(resnet([4, 8, 16], 1), [9, 8, 3], 10);
    expect(program.ops.map((op) => [op.name, op.from, op.out])).toEqual([
      ['stem.conv', 0, [9, 8, 4]],
      ['stem.bn', 1, [9, 8, 4]],
      ['stage1.block1.1.conv', 2, [9, 8, 4]],
      ['stage1.block1.1.bn', 3, [9, 8, 4]],
      ['stage1.block1.2.conv', 4, [9, 8, 4]],
      ['stage1.block1.2.bn', 5, [9, 8, 4]],
      ['stage1.block1.add', 6, [9, 8, 4]],
      ['stage2.block1.shortcut.conv', 7, [5, 4, 8]],
      ['stage2.block1.shortcut.bn', 8, [5, 4, 8]],
      ['stage2.block1.1.conv', 7, [5, 4, 8]],
      ['stage2.block1.1.bn', 10, [5, 4, 8]],
      ['stage2.block1.2.conv', 11, [5, 4, 8]],
      ['stage2.block1.2.bn', 12, [5, 4, 8]],
      ['stage2.block1.add', 13, [5, 4, 8]],
      ['stage3.block1.shortcut.conv', 14, [3, 2, 16]],
      ['stage3.block1.shortcut.bn', 15, [3, 2, 16]],
      ['stage3.block1.1.conv', 14, [3, 2, 16]],
      ['stage3.block1.1.bn', 17, [3, 2, 16]],
      ['stage3.block1.2.conv', 18, [3, 2, 16]],
      ['stage3.block1.2.bn', 19, [3, 2, 16]],
      ['stage3.block1.add', 20, [3, 2, 16]],
      ['pool', 21, [1, 1, 16]],
      ['dense1', 22, [1, 1, 10]],
    ]);
    // What the additions read besides: the stem, and the shortcuts of stages 2 and 3.
    expect(program.ops.flatMap((op) => (op.kind === 'add' ? [op.other] : []))).toEqual([2, 9, 16]);
    // The relu of a block comes after its addition.
    expect(program.ops.filter((op) => 'relu' in op && op.relu).map((op) => op.name)).toEqual([
      'stem.bn',
      'stage1.block1.1.bn',
      'stage1.block1.add',
      'stage2.block1.1.bn',
      'stage2.block1.add',
      'stage3.block1.1.bn',
      'stage3.block1.add',
    ]);
    const kernels = 27 * 4 + 2 * 9 * 16 + (4 * 8 + 9 * 32 + 9 * 64) + (8 * 16 + 9 * 128 + 9 * 256) + 160;
    const norms = 4 * (3 * 4 + 3 * 8 + 3 * 16);
    expect(program.tensors.reduce((sum, tensor) => sum + tensor.size, 0)).toBe(kernels + norms + 10);
    expect(program.parameterCount).toBe(kernels + norms + 12); // two numbers of padding behind the last bias
    expect(program.ops.find((op) => op.name === 'stage2.block1.1.conv')).toMatchObject({ padTop: 1, padLeft: 0 });
    expect(program.ops.find((op) => op.name === 'stage2.block1.shortcut.conv')).toMatchObject({ kernel: 1, stride: 2 });
  });

  it('has any width and depth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 })),
        (filters, blocks, input) => {
          const program = buildProgram(resnet(filters, blocks), input, 3);
          const kinds = (kind: string): number => program.ops.filter((op) => op.kind === kind).length;
          const shortcuts = program.ops.filter((op) => op.name.endsWith('shortcut.conv')).length;
          expect(kinds('add')).toBe(filters.length * blocks);
          expect(kinds('conv')).toBe(1 + 2 * filters.length * blocks + shortcuts);
          expect(kinds('batchnorm')).toBe(kinds('conv'));
          expect(shortcuts).toBe(filters.length - 1); // only where a stage halves the image
          const shape = (point: number): Shape => (point === 0 ? program.input : program.ops[point - 1]!.out);
          program.ops.forEach((op, index) => {
            expect(op.from).toBeLessThanOrEqual(index);
            expect(op.in).toEqual(shape(op.from));
            if (op.kind === 'add') expect(shape(op.other)).toEqual(op.in);
          });
        },
      ),
    );
  });

  it('refuses no stages, no blocks and no filters', () => {
    expect(() => buildProgram(resnet([], 1), [8, 8, 3], 2)).toThrow(/stages/);
    expect(() => buildProgram(resnet([4], 0), [8, 8, 3], 2)).toThrow(/blocks of a stage/);
    expect(() => buildProgram(resnet([4, 0], 1), [8, 8, 3], 2)).toThrow(/filters of stage2/);
  });
});

describe('the logistic loss', () => {
  it('has one logit for two classes, and none for more', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [3] }, [1, 1, 4], 2, 'logistic');
    expect(program).toMatchObject({ classes: 2, outputs: 1, loss: 'logistic' });
    expect(program.ops.at(-1)?.out).toEqual([1, 1, 1]);
    expect(buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 4], 3)).toMatchObject({ outputs: 3, loss: 'softmax' });
    expect(() => buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 4], 3, 'logistic')).toThrow(/two classes, not 3/);
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
