import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptCount, magnitudeMask, parameterMask } from '#compression/mask.ts';
import type { PruningSemantics } from '#compression/spec.ts';
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
    const mask = parameterMask(tensors, Float32Array.of(100, 99, 0, 0, 1, 2), 0.5, 'hooker', earlier);
    expect([...mask]).toEqual([1, 0, 1, 1, 0, 1]);
    expect(mask).toBe(earlier);
  });

  it('prunes every kernel under tfmot, the last too, and never a bias or batch norm', () => {
    const program = residualProgram();
    const parameters = Float32Array.from(randomParameters(program, 1));
    const pruned = (semantics: PruningSemantics): string[] => {
      const mask = parameterMask(program.tensors, parameters, 0.5, semantics);
      return program.tensors
        .filter(({ offset, size }) => mask.subarray(offset, offset + size).some((m) => m === 0))
        .map((tensor) => tensor.name);
    };
    const kernels = program.tensors.map((t) => t.name).filter((name) => name.endsWith('/kernel'));
    expect(pruned('tfmot')).toEqual(kernels);
    expect(pruned('hooker')).toEqual(kernels.slice(0, -1));
  });

  it('is hooker where nothing is said', () => {
    const program = residualProgram();
    const parameters = Float32Array.from(randomParameters(program, 1));
    expect(parameterMask(program.tensors, parameters, 0.5)).toEqual(
      parameterMask(program.tensors, parameters, 0.5, 'hooker'),
    );
  });
});

it('keptCount rounds and keeps at least one of any', () => {
  expect([keptCount(432, 0.9), keptCount(432, 0.99), keptCount(10, 0.99), keptCount(0, 0.5)]).toEqual([43, 4, 1, 0]);
});
