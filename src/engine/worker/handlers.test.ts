import { describe, expect, it } from 'vitest';
import type { WorkerEvent } from '#engine/protocol/worker-methods.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import { trainingHandlers } from '#engine/worker/handlers.ts';
import { referenceAs } from '#testing/channel-worker.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

function handlers() {
  const events: WorkerEvent[] = [];
  let disposed = 0;
  const candidate = referenceAs('simd', () => ({ dispose: () => (disposed += 1) }));
  const made = trainingHandlers(
    (event) => events.push(event),
    (request) => chooseBackend(request, [candidate]),
  );
  return { ...made, events, disposed: () => disposed };
}
const any = { only: null, avoid: [] };
const job = {
  training: [{ kind: 'training' as const, key: { level: 'baseline', index: 0 }, spec: { kind: 'baseline' as const } }],
  postTraining: [],
};

describe('a training worker', () => {
  it('refuses what comes in the wrong order', async () => {
    const worker = handlers();
    expect(() => worker.prepare({ plan: tinyPlan(), data: tinyData() })).toThrow('prepare was called before admit');
    await expect(worker.run(job)).rejects.toThrow('run was called before prepare');
    await worker.admit(any);
    await worker.prepare({ plan: tinyPlan(), data: tinyData() });
    const first = worker.run(job);
    await expect(worker.run(job)).rejects.toThrow('while a job is running');
    expect(await first).toBe('done');
  });

  it('refuses a quantized member whose baseline is neither given nor in the job', async () => {
    const worker = handlers();
    await worker.admit(any);
    await worker.prepare({ plan: tinyPlan(), data: tinyData() });
    const orphan = { key: { level: 'fixed-int8', index: 4 }, spec: { kind: 'fixed-int8' as const, calibration: 5 } };
    await expect(
      worker.run({ ...job, postTraining: [{ kind: 'post-training', weights: null, ...orphan }] }),
    ).rejects.toThrow('The baseline member of fixed-int8 is not in the job.');
  });

  it('stays paused between jobs, and a stop ends the pause', async () => {
    const worker = handlers();
    await worker.admit(any);
    await worker.prepare({ plan: tinyPlan(), data: tinyData() });
    await worker.control('pause');
    const running = worker.run(job);
    await worker.control('stop');
    expect(await running).toBe('stopped');
    expect(worker.events.some(({ kind }) => kind === 'member')).toBe(false);
    await worker.control('resume');
    expect(await worker.run(job)).toBe('done');
    expect(worker.events.at(-1)).toEqual({ kind: 'progress', training: [] });
  });

  it('gives the executor back once', async () => {
    const worker = handlers();
    await worker.admit(any);
    await worker.dispose(null);
    await worker.dispose(null);
    expect(worker.disposed()).toBe(1);
  });
});
