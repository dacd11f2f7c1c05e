import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { slice } from '#compression/tensors.ts';
import { unitMask, unitNorms } from '#compression/unit-mask.ts';
import { unitLayers } from '#compression/units.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { randomParameters, residualProgram, shortcutProgram } from '#testing/small-nets.ts';

const namesOf = (program: Parameters<typeof unitLayers>[0]): string[] => unitLayers(program).map(({ name }) => name);

describe('the norm of a unit', () => {
  it('is that of its own weights, worked by hand', () => {
    const kernel = Float32Array.of(3, 1, -4, 0, 0, -2); // [2 inputs, 3 units]: (3, 0), (1, 0), (-4, -2)
    expect([...unitNorms(kernel, 3, 'l1')]).toEqual([3, 1, 6]);
    expect([...unitNorms(kernel, 3, 'l2')]).toEqual([3, 1, Math.fround(Math.sqrt(20))]);
  });

  it('decides differently by L1 and by L2: many small weights against one large', () => {
    const kernel = Float32Array.of(2, 3, 2, 0); // units (2, 2) and (3, 0)
    expect([...unitNorms(kernel, 2, 'l1')]).toEqual([4, 3]);
    expect([...unitNorms(kernel, 2, 'l2')]).toEqual([Math.fround(Math.sqrt(8)), 3]);
  });

  it('of no weights is 0, and of one that is no number NaN', () => {
    expect([...unitNorms(new Float32Array(), 2, 'l2')]).toEqual([0, 0]);
    expect([...unitNorms(Float32Array.of(NaN, 1), 2, 'l1')]).toEqual([NaN, 1]);
  });
});

describe('the layers that can lose units', () => {
  it('are all but the last in a chain', () => {
    expect(namesOf(buildProgram({ kind: 'cnn-small', filters: [3, 4], dense: [5] }, [8, 8, 1], 2))).toEqual([
      'conv1',
      'conv2',
      'dense1',
    ]);
    expect(namesOf(buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 4], 2))).toEqual([]);
  });

  it('are the inner convolutions of residual blocks, with their batch norm', () => {
    const program = buildProgram({ kind: 'resnet-8', filters: [4, 6], blocks: 2 }, [9, 8, 3], 3);
    const layers = unitLayers(program);
    expect(layers.map(({ name, units }) => [name, units])).toEqual([
      ['stage1.block1.1.conv', 4],
      ['stage1.block2.1.conv', 4],
      ['stage2.block1.1.conv', 6],
      ['stage2.block2.1.conv', 6],
    ]);
    expect(layers[0]?.vectors.map(({ name }) => name)).toEqual([
      'stage1.block1.1.bn/scale',
      'stage1.block1.1.bn/shift',
    ]);
    expect(namesOf(residualProgram())).toEqual(['conv3', 'conv10']);
  });

  it('are those that only kernels read, however many, through batch norm and pools', () => {
    expect(namesOf(shortcutProgram())).toEqual(['conv1']); // three convolutions read it; additions read the others
    const net = netBuilder([4, 4, 2]);
    net.conv({ filters: 3, relu: true });
    net.pool('maxpool', 2);
    net.batchNorm();
    net.dense(3);
    const program = net.program(2);
    expect(unitLayers(program).map(({ name, vectors }) => [name, vectors.map((vector) => vector.name)])).toEqual([
      ['conv1', ['conv1/bias', 'batchnorm3/scale', 'batchnorm3/shift']],
      ['dense4', ['dense4/bias']],
    ]);
  });
});

describe('a mask of units', () => {
  const program = buildProgram({ kind: 'mlp', hidden: [3] }, [1, 1, 2], 2);
  const weights = (...kernel: readonly number[]): Float32Array => {
    const all = Float32Array.from(randomParameters(program, 1));
    all.set(kernel); // [2 inputs, 3 neurons]
    return all;
  };
  const kept = (parameters: Float32Array, sparsity: number): number[] => {
    const mask = unitMask(program, parameters, { sparsity, norm: 'l1' });
    const [kernel, bias] = program.tensors.map((tensor) => [...slice(tensor, mask)]);
    expect(kernel).toEqual([...bias!, ...bias!]); // a neuron goes with all its weights and its bias
    expect(program.tensors.slice(2).every((tensor) => slice(tensor, mask).every((value) => value === 1))).toBe(true);
    return bias!;
  };

  it('takes the neurons of smallest norm, worked by hand', () => {
    expect(kept(weights(1, 0, 5, 1, 3, 0), 1 / 3)).toEqual([0, 1, 1]); // norms 2, 3, 5
    expect(kept(weights(1, 0, 5, 1, 3, 0), 2 / 3)).toEqual([0, 0, 1]);
  });

  it('keeps the first of equal norms, and one neuron at least', () => {
    expect(kept(weights(1, -2, 0, 1, 0, 2), 0.6)).toEqual([1, 0, 0]);
    expect(kept(weights(0, 0, 0, 0, 0, 0), 0.99)).toEqual([1, 0, 0]);
  });

  it('keeps what is not a number', () => {
    expect(kept(weights(9, NaN, 0, 9, 0, 0), 0.6)).toEqual([0, 1, 0]);
  });

  it('of one weight keeps it: a 1x1 kernel of one filter', () => {
    const net = netBuilder([2, 2, 1]);
    net.conv({ filters: 1, kernel: 1, relu: true });
    const one = net.program(2);
    const mask = unitMask(one, Float32Array.from(randomParameters(one, 1)), { sparsity: 0.9, norm: 'l2' });
    expect(mask.every((value) => value === 1)).toBe(true);
  });

  it('keeps exactly as many as planned of every layer, and what more sparsity keeps, less keeps too', () => {
    const width = fc.integer({ min: 1, max: 12 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const norm = fc.constantFrom('l1' as const, 'l2' as const);
    fc.assert(
      fc.property(width, width, share, share, norm, fc.nat(99), (a, b, one, other, by, seed) => {
        const net = buildProgram({ kind: 'resnet-8', filters: [a, b], blocks: 1 }, [5, 4, 2], 2);
        const parameters = Float32Array.from(randomParameters(net, seed));
        const [more, less] = [Math.max(one, other), Math.min(one, other)].map((sparsity) =>
          unitMask(net, parameters, { sparsity, norm: by }),
        );
        for (const { units, kernel, vectors } of unitLayers(net)) {
          const own = slice(kernel, more!);
          const first = [...own.subarray(0, units)];
          expect(first.filter((value) => value === 1)).toHaveLength(keptCount(units, Math.max(one, other)));
          expect([...own]).toEqual(Array.from(own, (_, i) => first[i % units]));
          for (const vector of vectors) expect([...slice(vector, more!)]).toEqual(first);
        }
        expect(more!.every((value, i) => value <= less![i]!)).toBe(true);
      }),
    );
  });
});
