import { expect, it } from 'vitest';
import { browserHost } from '../page/browser-host.ts';
import type { Task } from '../run/host.ts';
import { MLP } from '../run/workload.ts';

const small: Task['workload'] = { ...MLP, spec: { kind: 'mlp', hidden: [8] }, loss: 'softmax' };

it.each(['webgl', 'webgpu'] as const)('counts what a step and a look at the loss ask of %s', async (trainer) => {
  const session = await browserHost.open({ trainer, workload: small, members: 3 });
  const { step, loss } = await session.count();
  expect(step.dispatches).toBeGreaterThan(3); // forward, backward, update
  expect(step.bytes).toBeGreaterThanOrEqual(4 * 3 * small.batch); // the indices of the batches
  expect(loss.bytes).toBeGreaterThanOrEqual(4 * 3);
  expect((await session.count()).step).toEqual(step);
  expect(session.opened.bytesPerMember).toBeGreaterThan(0);
  await session.close();
});

it('gives a reading of a step on the CPU, and calls nothing of a graphics device', async () => {
  const session = await browserHost.open({ trainer: 'simd', workload: small, members: 1 });
  const readings = await session.slice(5);
  expect(readings.length).toBeGreaterThan(0);
  expect(Math.min(...readings)).toBeGreaterThan(0);
  expect((await session.count()).step).toEqual({ dispatches: 0, bytes: 0 });
  await session.close();
  await expect(session.slice(5)).rejects.toThrow('The trainer was closed.');
});

it('rejects with a sentence where a trainer refuses', async () => {
  await expect(browserHost.open({ trainer: 'pytorch', workload: small, members: 1 })).rejects.toThrow(
    "pytorch is not one of the app's executors",
  );
});
