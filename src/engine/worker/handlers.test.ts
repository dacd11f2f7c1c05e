import { describe, expect, it, vi } from 'vitest';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { WorkerEvent } from '#engine/protocol/worker-methods.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import { trainingHandlers } from '#engine/worker/handlers.ts';
import { referenceAs } from '#testing/channel-worker.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

const checkpointsOf = (events: readonly WorkerEvent[]): Checkpoint[] =>
  events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));

function handlers(now?: () => number) {
  const events: WorkerEvent[] = [];
  let disposed = 0;
  const candidate = referenceAs('simd', () => ({ dispose: () => (disposed += 1) }));
  const made = trainingHandlers(
    (event) => events.push(event),
    (request) => chooseBackend(request, [candidate]),
    now,
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
    ).rejects.toThrow('What fixed-int8 is made from is not in the job.');
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

  it('saves its members at a pause, at a stop and every 20 seconds, and goes on from there', async () => {
    let time = 0;
    const worker = handlers(() => (time += 7000));
    await worker.admit(any);
    await worker.prepare({ plan: tinyPlan(), data: tinyData() });
    expect(await worker.run(job)).toBe('done');
    const saved = checkpointsOf(worker.events);
    expect(saved.length).toBeGreaterThan(3);
    const undisturbed = worker.events.find((event) => event.kind === 'member')!.result;

    const calm = handlers(() => 0);
    await calm.admit(any);
    await calm.prepare({ plan: tinyPlan({ steps: 2000 }), data: tinyData() });
    const stopping = calm.run(job);
    await calm.control('stop');
    expect(await stopping).toBe('stopped');
    expect(checkpointsOf(calm.events.splice(0))).toHaveLength(1);
    const running = calm.run(job);
    await calm.control('pause');
    await vi.waitFor(() => {
      expect(checkpointsOf(calm.events)).toHaveLength(1);
    });
    await calm.control('stop');
    expect(await running).toBe('stopped');

    const heir = handlers();
    await heir.admit(any);
    await heir.prepare({ plan: tinyPlan(), data: tinyData() });
    const last = saved.at(-1)!;
    expect(last.step).toBeGreaterThan(0);
    expect(await heir.run({ ...job, checkpoint: last })).toBe('done');
    expect(heir.events[0]).toEqual({
      kind: 'progress',
      training: [{ key: last.members[0], step: last.step, loss: last.losses![0] }],
    });
    const result = heir.events.find((event) => event.kind === 'member')!.result;
    expect(result.weights).toEqual(undisturbed.weights);
    expect(result.lossCurve).toEqual(undisturbed.lossCurve);
  });

  it('gives the executor back once', async () => {
    const worker = handlers();
    await worker.admit(any);
    await worker.dispose(null);
    await worker.dispose(null);
    expect(worker.disposed()).toBe(1);
  });
});
