import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pacedJob } from '#store/paced-job.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A job of 100 ms a turn that notes when its turns begin. */
function noted() {
  const begins: number[] = [];
  const origin = performance.now();
  const job = pacedJob(async () => {
    begins.push(performance.now() - origin);
    await new Promise((done) => setTimeout(done, 100));
  });
  return { ...job, begins };
}

describe('a paced job', () => {
  it('begins at once, then rests nine times as long as it worked', async () => {
    const { soon, begins } = noted();
    soon();
    await vi.advanceTimersByTimeAsync(100);
    soon();
    soon();
    await vi.advanceTimersByTimeAsync(5000);
    expect(begins).toEqual([0, 1000]);
  });

  it('makes one more turn of all wishes that come while it works', async () => {
    const { soon, begins } = noted();
    for (let i = 0; i < 10; i++) {
      soon();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(5000);
    expect(begins).toEqual([0, 1000]);
  });

  it('does not rest before a turn that is wanted now, but waits for the one in hand', async () => {
    const { soon, now, begins } = noted();
    soon();
    await vi.advanceTimersByTimeAsync(50);
    soon();
    let settled = false;
    void now().then(() => (settled = true));
    await vi.advanceTimersByTimeAsync(149);
    expect(settled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(begins).toEqual([0, 100]);
  });

  it('takes a turn that is wanted now in place of one that waits', async () => {
    const { soon, now, begins } = noted();
    soon();
    await vi.advanceTimersByTimeAsync(100);
    soon();
    await vi.advanceTimersByTimeAsync(300);
    void now();
    await vi.advanceTimersByTimeAsync(5000);
    expect(begins).toEqual([0, 400]);
  });
});
