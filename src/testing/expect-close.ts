import { expect } from 'vitest';
import type { StepProgram } from '#engine/model/program.ts';

/** Differences relative to the greatest wanted value, of each tensor where a program is given. */
export function expectClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  program?: StepProgram,
): void {
  expect(got.length).toBe(wanted.length);
  const slices = program ? program.tensors : [{ name: 'all', offset: 0, size: wanted.length }];
  for (const { name, offset, size } of slices) {
    let greatest = 0;
    let difference = 0;
    for (let i = offset; i < offset + size; i++) {
      greatest = Math.max(greatest, Math.abs(wanted[i]!));
      difference = Math.max(difference, Math.abs(got[i]! - wanted[i]!));
      if (Number.isNaN(got[i]!)) difference = NaN;
    }
    expect(difference, name).toBeLessThanOrEqual(tolerance * greatest + 1e-7);
  }
}
