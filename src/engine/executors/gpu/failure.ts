/** Remembers that a device was lost or reported an error, and makes what waits for it reject. */
export interface DeviceFailure {
  /** The first failure stays. */
  report(message: string): void;
  /** What `read` gives, unless the device has failed or fails while it is waited for; then rejects with that failure. */
  guard<T>(read: () => Promise<T>): Promise<T>;
}

export function createDeviceFailure(): DeviceFailure {
  let failed: Error | null = null;
  const waiting = new Set<(error: Error) => void>();
  return {
    report: (message) => {
      failed ??= new Error(message);
      for (const reject of waiting) reject(failed);
      waiting.clear();
    },
    guard: async <T>(read: () => Promise<T>): Promise<T> => {
      if (failed) throw failed;
      let reject: (error: Error) => void = () => undefined;
      const failure = new Promise<never>((_, rejectWith) => {
        reject = rejectWith;
        waiting.add(rejectWith);
      });
      try {
        const value = await Promise.race([read(), failure]);
        // An error that was reported before the value came makes the value worthless.
        if (failed) throw failed as Error;
        return value;
      } catch (error) {
        throw failed ?? error;
      } finally {
        waiting.delete(reject);
      }
    },
  };
}
