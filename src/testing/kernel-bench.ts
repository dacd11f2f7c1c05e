import { beforeAll, expect } from 'vitest';
import { createKernelMemory, type KernelMemory } from '#engine/executors/simd/memory.ts';
import { chooseVariant, loadKernels } from '#engine/executors/simd/module.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';

/** Single kernels of the simd executor on arrays of a test. */
export interface KernelBench {
  readonly call: (name: string, ...args: readonly number[]) => number;
  /** Addresses of new memory that holds the values, with 64 bytes to spare. */
  readonly put: (values: ArrayLike<number>) => number;
  readonly putInts: (values: ArrayLike<number>) => number;
  readonly putBytes: (values: ArrayLike<number>) => number;
  readonly get: (at: number, count: number) => number[];
  readonly getInts: (at: number, count: number) => number[];
  readonly memory: () => KernelMemory;
}

/** Loads the better variant of this Node before the tests of the file. */
export function kernelBench(): KernelBench {
  let kernels: Record<string, (...args: readonly number[]) => number> = {};
  let memory: KernelMemory;
  beforeAll(async () => {
    ensureSimdKernels();
    memory = createKernelMemory();
    kernels = (await loadKernels(await chooseVariant(), memory.memory)) as unknown as typeof kernels;
  }, 60_000);
  const room = (bytes: number): number => memory.reserve(bytes + 64, 'a test array');
  return {
    call: (name, ...args) => kernels[name]!(...args),
    put: (values) => {
      const at = room(values.length * 4);
      memory.floats().set(values, at / 4);
      return at;
    },
    putInts: (values) => {
      const at = room(values.length * 4);
      memory.ints().set(values, at / 4);
      return at;
    },
    putBytes: (values) => {
      const at = room(values.length);
      memory.bytes().set(values, at);
      return at;
    },
    get: (at, count) => [...memory.floats().subarray(at / 4, at / 4 + count)],
    getInts: (at, count) => [...memory.ints().subarray(at / 4, at / 4 + count)],
    memory: () => memory,
  };
}

/** To four decimals. */
export function expectNear(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i], String(i)).toBeCloseTo(wanted[i]!, 4);
}

/** of(y, x) of every place, row by row. */
export function grid<T>(height: number, width: number, of: (y: number, x: number) => T): T[] {
  return Array.from({ length: height * width }, (_, i) => of(Math.floor(i / width), i % width));
}
