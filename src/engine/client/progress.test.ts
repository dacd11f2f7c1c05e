import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressEvents } from '#engine/client/progress.ts';
import type { RunEvent } from '#engine/protocol/run.ts';
import type { MemberProgress } from '#engine/protocol/worker-methods.ts';

const at = (index: number, step: number): MemberProgress => ({ key: { level: 'baseline', index }, step, loss: null });
const steps = (event: RunEvent | undefined): number[] =>
  event?.kind === 'progress' ? event.training.map(({ step }) => step) : [];

describe('progress events', () => {
  let events: RunEvent[] = [];
  const progress = () => progressEvents((event) => events.push(event), Date.now);
  beforeEach(() => {
    events = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('come at most ten times a second, and the last state always arrives', () => {
    const { report } = progress();
    const worker = {};
    for (let step = 0; step < 1000; step++) {
      report(worker, [at(0, step)]);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(1000);
    expect(events.length).toBeGreaterThan(8);
    expect(events.length).toBeLessThanOrEqual(11);
    expect(steps(events.at(-1))).toEqual([999]);
  });

  it('join the members of all workers, without those of a worker that has none left', () => {
    const { report } = progress();
    const [a, b] = [{}, {}];
    report(a, [at(0, 5)]);
    report(b, [at(1, 7)]);
    vi.advanceTimersByTime(100);
    expect(steps(events.at(-1))).toEqual([5, 7]);
    report(a, []);
    vi.advanceTimersByTime(100);
    expect(steps(events.at(-1))).toEqual([7]);
  });

  it('end when they are closed', () => {
    const { report, close } = progress();
    report({}, [at(0, 1)]);
    report({}, [at(0, 2)]);
    close();
    vi.advanceTimersByTime(1000);
    report({}, [at(0, 3)]);
    expect(events).toHaveLength(1);
  });
});
