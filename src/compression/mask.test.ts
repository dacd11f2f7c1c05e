import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptCount, magnitudeMask, parameterMask } from '#compression/mask.ts';
import type { PruningSemantics } from '#compression/spec.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { randomParameters, residualProgram } from '#testing/small-nets.ts';

/** Few distinct magnitudes, so that ties are common. */
const tiedWeights = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 })
  .map((numbers) => Float32Array.from(numbers));
const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
const sum = (mask: Float32Array): number => mask.reduce((total, m) => total + m, 0);

describe('magnitudeMask', () => {
  it('keeps the largest magnitudes, the first of equals', () => {
    expect([...magnitudeMask(Float32Array.of(0.1, -5, 3, -3, 0, 3), 0.5)]).toEqual([0, 1, 1, 1, 0, 0]);
    expect([...magnitudeMask(Float32Array.of(2, -2, 2, -2), 0.25)]).toEqual([1, 1, 1, 0]);
    expect([...magnitudeMask(new Float32Array(4), 0.5)]).toEqual([1, 1, 0, 0]);
  });

  it('keeps at least one weight, all at sparsity 0, and none of none', () => {
    expect([...magnitudeMask(Float32Array.of(1, 2, 3), 0.99)]).toEqual([0, 0, 1]);
    expect([...magnitudeMask(Float32Array.of(0, 0, 0), 0)]).toEqual([1, 1, 1]);
    expect(magnitudeMask(new Float32Array(0), 0.5)).toHaveLength(0);
  });

  it('keeps exactly round(N (1 - s)) weights, none smaller than one it drops', () => {
    fc.assert(
      fc.property(tiedWeights, fraction, (weights, sparsity) => {
        const mask = magnitudeMask(weights, sparsity);
        expect(sum(mask)).toBe(Math.max(1, Math.round(weights.length * (1 - sparsity))));
        const magnitudes = (bit: number): number[] => [...weights].map(Math.abs).filter((_, i) => mask[i] === bit);
        expect(Math.min(...magnitudes(1))).toBeGreaterThanOrEqual(Math.max(0, ...magnitudes(0)));
      }),
    );
  });

  it('agrees with a stable sort by magnitude, whatever the bits of the weights', () => {
    const wild = fc.array(
      fc.oneof(fc.float(), fc.constantFrom(0, -0, 1e-45, -1e-45, 1, -1, Infinity, -Infinity, Number.NaN)),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(wild, fraction, (numbers, sparsity) => {
        const weights = Float32Array.from([7, ...numbers]).subarray(1); // a view into the middle of a buffer
        const magnitude = (i: number): number => (Number.isNaN(weights[i]!) ? Infinity : Math.abs(weights[i]!));
        const ranking = numbers
          .map((_, i) => i)
          .sort((a, b) => (magnitude(a) < magnitude(b) ? 1 : magnitude(a) > magnitude(b) ? -1 : a - b));
        const kept = new Set(ranking.slice(0, keptCount(numbers.length, sparsity)));
        expect([...magnitudeMask(weights, sparsity)]).toEqual(numbers.map((_, i) => (kept.has(i) ? 1 : 0)));
      }),
      { numRuns: 300 },
    );
  });

  it('nests: what a higher sparsity keeps, a lower one keeps as well', () => {
    fc.assert(
      fc.property(tiedWeights, fraction, fraction, (weights, a, b) => {
        const more = magnitudeMask(weights, Math.min(a, b));
        magnitudeMask(weights, Math.max(a, b)).forEach((kept, i) => {
          expect(kept).toBeLessThanOrEqual(more[i]!);
        });
      }),
    );
  });

  it('keeps the planned number also of a diverged member', () => {
    const mask = magnitudeMask(Float32Array.of(Number.NaN, 1, Infinity, Number.NaN, 2), 0.4);
    expect([...mask]).toEqual([1, 0, 1, 1, 0]);
  });
});

describe('parameterMask', () => {
  it('prunes each prunable tensor by itself and overwrites an earlier mask', () => {
    const tensor = { name: '', kind: 'dense-kernel', shape: [], prunable: true } as const;
    const tensors = [
      { ...tensor, offset: 0, size: 2 },
      { ...tensor, offset: 2, size: 1, prunable: false },
      { ...tensor, offset: 4, size: 2 },
    ];
    const earlier = new Float32Array(6);
    const weights = Float32Array.of(100, 99, 0, 0, 1, 2);
    const mask = parameterMask(tensors, weights, { sparsity: 0.5, semantics: 'hooker' }, earlier);
    expect([...mask]).toEqual([1, 0, 1, 1, 0, 1]);
    expect(mask).toBe(earlier);
  });

  it('prunes every kernel under tfmot, the last too, and never a bias or batch norm', () => {
    const program = residualProgram();
    const parameters = Float32Array.from(randomParameters(program, 1));
    const pruned = (semantics: PruningSemantics): string[] => {
      const mask = parameterMask(program.tensors, parameters, { sparsity: 0.5, semantics });
      return program.tensors
        .filter(({ offset, size }) => mask.subarray(offset, offset + size).some((m) => m === 0))
        .map((tensor) => tensor.name);
    };
    const kernels = program.tensors.map((t) => t.name).filter((name) => name.endsWith('/kernel'));
    expect(pruned('tfmot')).toEqual(kernels);
    expect(pruned('hooker')).toEqual(kernels.slice(0, -1));
  });
});

describe('one threshold over all tensors', () => {
  const tensorsOf = (sizes: readonly number[]): CompressibleTensor[] => {
    let end = 0;
    return sizes.map((size) => ({
      ...{ name: '', kind: 'dense-kernel', shape: [], prunable: true },
      ...{ size, offset: (end += size) - size },
    }));
  };
  const global = (sparsity: number) => ({ sparsity, semantics: 'hooker', scope: 'global' }) as const;

  it('takes more from the tensor of smaller weights', () => {
    const mask = parameterMask(tensorsOf([3, 3]), Float32Array.of(1, 2, 3, 10, -20, 30), global(0.5));
    expect([...mask]).toEqual([0, 0, 1, 0, 1, 1]); // of three, the largest of the first tensor is one
  });

  it('keeps one weight a tensor where fewer are planned, and nothing else', () => {
    const mask = parameterMask(tensorsOf([2, 2, 2]), Float32Array.of(1, 1, 8, 9, 0, 0), global(0.99));
    expect([...mask]).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it('keeps exactly as many as planned, at least one a tensor, the largest of those; what more sparsity keeps, less keeps too', () => {
    const parts = fc.array(tiedWeights, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, fraction, fraction, (weights, a, b) => {
        const tensors = tensorsOf(weights.map(({ length }) => length));
        const all = Float32Array.from(weights.flatMap((part) => [...part]));
        const mask = parameterMask(tensors, all, global(Math.max(a, b)));
        expect(sum(mask)).toBe(Math.max(tensors.length, Math.round(all.length * (1 - Math.max(a, b)))));
        const dropped = Math.max(0, ...[...all].map(Math.abs).filter((_, i) => mask[i] === 0));
        for (const { offset, size } of tensors) {
          const kept = [...all.subarray(offset, offset + size)].map(Math.abs).filter((_, i) => mask[offset + i] === 1);
          expect(kept.length).toBeGreaterThan(0);
          // All but a tensor's largest are above everything that is dropped anywhere.
          for (const magnitude of kept.sort((x, y) => y - x).slice(1))
            expect(magnitude).toBeGreaterThanOrEqual(dropped);
        }
        const more = parameterMask(tensors, all, global(Math.min(a, b)));
        expect(mask.every((kept, i) => kept <= more[i]!)).toBe(true);
      }),
    );
  });
});

it('keptCount rounds and keeps at least one of any', () => {
  expect([keptCount(432, 0.9), keptCount(432, 0.99), keptCount(10, 0.99), keptCount(0, 0.5)]).toEqual([43, 4, 1, 0]);
});
