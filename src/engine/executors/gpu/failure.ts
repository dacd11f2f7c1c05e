import type { DeviceProblem } from '#engine/executors/executor.ts';
import { ProblemError } from '#lib/result.ts';

/** Remembers that a device was lost or reported an error, and makes what waits for it reject. */
export interface DeviceFailure {
  /** The first failure stays. */
  report(code: DeviceProblem, message: string): void;
  /**
   * What `read` gives, unless the device has failed, fails while it is waited for, or `check` reports that it failed
   * unseen; then rejects with that failure, a ProblemError.
   */
  guard<T>(read: () => Promise<T>): Promise<T>;
}

/** check: looks at a device that does not say by itself that it failed, before and after every read. */
export function createDeviceFailure(check: (report: DeviceFailure['report']) => void = () => undefined): DeviceFailure {
  let failed: ProblemError | null = null;
  const waiting = new Set<(error: Error) => void>();
  const note = (code: DeviceProblem, message: string): Error => {
    failed ??= new ProblemError({ code, message });
    for (const reject of waiting) reject(failed);
    waiting.clear();
    return failed;
  };
  const report = (code: DeviceProblem, message: string): void => {
    note(code, message);
  };
  const mustBeWell = (): void => {
    check(report);
    if (failed) throw failed;
  };
  return {
    report,
    guard: async (read) => {
      mustBeWell();
      let forget: () => unknown = () => undefined;
      const failure = new Promise<never>((_, reject) => {
        waiting.add(reject);
        forget = () => waiting.delete(reject);
      });
      try {
        const value = await Promise.race([read(), failure]);
        mustBeWell();
        return value;
      } catch (error) {
        // A lost device rejects its reads with various messages, some before it says that it is lost.
        const said = error instanceof Error ? error.message : String(error);
        throw note('gpu-lost', `The GPU did not give its results back: ${said}`);
      } finally {
        forget();
      }
    },
  };
}
