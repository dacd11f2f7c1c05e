import type { Handlers } from '#engine/protocol/rpc.ts';
import type { GpuCalls, Opened, Task } from '../run/host.ts';
import { countGpuCalls } from './count-gpu-calls.ts';
import { steadyRunner, type Runner } from './runner.ts';
import type { Trainer } from './trainer.ts';

/** What a thread with a trainer answers. One trainer at a time. */
export interface BenchMethods {
  open: { readonly params: Task; readonly result: Opened };
  slice: { readonly params: { readonly ms: number }; readonly result: readonly number[] };
  count: { readonly params: null; readonly result: { readonly step: GpuCalls; readonly loss: GpuCalls } };
  close: { readonly params: null; readonly result: null };
}

export function benchHandlers(): Handlers<BenchMethods> {
  const calls = countGpuCalls();
  let current: { readonly trainer: Trainer; readonly runner: Runner } | null = null;
  const opened = (): { readonly trainer: Trainer; readonly runner: Runner } => {
    if (current === null) throw new Error('No trainer is open.');
    return current;
  };
  return {
    open: async (task) => {
      const trainer = await createTrainer(task);
      const before = trainer.allocatedBytes();
      const begin = performance.now();
      trainer.start();
      await trainer.step();
      await trainer.settle();
      const firstStepMs = performance.now() - begin;
      current = { trainer, runner: await steadyRunner(trainer, () => performance.now()) };
      const after = trainer.allocatedBytes();
      const bytesPerMember = before === null || after === null ? null : (after - before) / task.members;
      const { detail, software } = trainer;
      return { detail, software, firstStepMs, bytesPerMember };
    },
    slice: ({ ms }) => opened().runner(ms),
    count: async () => {
      const { trainer } = opened();
      const before = calls();
      await trainer.step();
      const between = calls();
      await trainer.settle();
      return { step: less(between, before), loss: less(calls(), between) };
    },
    close: () => {
      current?.trainer.dispose();
      current = null;
      return null;
    },
  };
}

async function createTrainer(task: Task): Promise<Trainer> {
  return task.trainer === 'tfjs-stock'
    ? (await import('./stock-trainer.ts')).stockTrainer(task)
    : (await import('./executor-trainer.ts')).executorTrainer(task);
}

const less = (a: GpuCalls, b: GpuCalls): GpuCalls => ({
  dispatches: a.dispatches - b.dispatches,
  bytes: a.bytes - b.bytes,
});
