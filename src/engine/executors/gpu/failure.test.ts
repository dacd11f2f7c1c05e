import { describe, expect, it } from 'vitest';
import { createDeviceFailure } from '#engine/executors/gpu/failure.ts';

describe('a device failure', () => {
  it('lets values through while nothing has failed', async () => {
    await expect(createDeviceFailure().guard(() => Promise.resolve(7))).resolves.toBe(7);
  });

  it('rejects a read that never ends, and every later one, with the first report', async () => {
    const failure = createDeviceFailure();
    const reading = failure.guard(() => new Promise<number>(() => undefined));
    failure.report('gpu-memory', 'full');
    failure.report('gpu-lost', 'again');
    await expect(reading).rejects.toMatchObject({ problem: { code: 'gpu-memory', message: 'full' } });
    await expect(failure.guard(() => Promise.resolve(1))).rejects.toThrow('full');
  });

  it('gives no value that was read while the device failed unseen', async () => {
    let lost = false;
    const failure = createDeviceFailure((report) => {
      if (lost) report('gpu-lost', 'gone');
    });
    const reading = failure.guard(() => {
      lost = true;
      return Promise.resolve(0);
    });
    await expect(reading).rejects.toMatchObject({ problem: { code: 'gpu-lost', message: 'gone' } });
  });

  it('says what a read was refused with, and takes the device for failed from then on', async () => {
    const failure = createDeviceFailure();
    await expect(failure.guard(() => Promise.reject(new Error('unmapped')))).rejects.toThrow(/results back: unmapped/);
    await expect(failure.guard(() => Promise.resolve(1))).rejects.toThrow(/unmapped/);
  });
});
