import { describe, expect, it } from 'vitest';
import { createKernelMemory } from '#engine/executors/simd/memory.ts';
import { ProblemError } from '#lib/result.ts';

describe('the memory of the kernels', () => {
  it('hands out zeroed regions that do not overlap, above the static tables', () => {
    const memory = createKernelMemory();
    const first = memory.reserve(100, 'A');
    const second = memory.reserve(1, 'B');
    expect(first).toBe(65_536);
    expect(second).toBe(65_536 + 128);
    expect(memory.used()).toBe(192);
    memory.bytes().fill(7, first, first + 100);
    memory.release(first);
    const again = memory.reserve(120, 'C');
    expect(again).toBe(first);
    expect(
      memory
        .bytes()
        .subarray(again, again + 120)
        .every((byte) => byte === 0),
    ).toBe(true);
  });

  it('does not grow where a released region is large enough, and keeps what is in use when it grows', () => {
    const memory = createKernelMemory();
    const kept = memory.reserve(64, 'kept');
    const large = memory.reserve(300_000, 'large');
    const size = memory.memory.buffer.byteLength;
    memory.floats()[kept / 4] = 1.5;
    for (let i = 0; i < 20; i++) {
      memory.release(large);
      expect(memory.reserve(300_000, 'large')).toBe(large);
    }
    expect(memory.memory.buffer.byteLength).toBe(size);
    memory.reserve(2_000_000, 'larger');
    expect(memory.memory.buffer.byteLength).toBeGreaterThan(size);
    expect(memory.floats()[kept / 4]).toBe(1.5);
  });

  it('refuses what does not fit with the sizes, and stays usable', () => {
    const memory = createKernelMemory(2 ** 20);
    expect(() => memory.reserve(2 ** 20, 'The data')).toThrow(
      'The data need 1 MB, more than fits into the 1 MB that training on the CPU may use.',
    );
    expect(() => memory.reserve(2 ** 20, 'The data')).toThrow(ProblemError);
    expect(memory.used()).toBe(0);
    expect(memory.reserve(memory.largestFree(), 'all')).toBe(65_536);
    expect(memory.largestFree()).toBe(0);
    memory.releaseAll();
    expect(memory.reserve(1000, 'less')).toBe(65_536);
  });
});
