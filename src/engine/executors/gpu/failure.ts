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
  const report = (message: string): Error => {
    failed ??= new Error(message);
    for (const reject of waiting) reject(failed);
    waiting.clear();
    return failed;
  };
  return {
    report,
    guard: async (read) => {
      if (failed) throw failed;
      let forget: () => unknown = () => undefined;
      const failure = new Promise<never>((_, reject) => {
        waiting.add(reject);
        forget = () => waiting.delete(reject);
      });
      try {
        return await Promise.race([read(), failure]);
      } catch (error) {
        // A lost device rejects its reads with various messages, some before it says that it is lost.
        throw report(
          `The GPU did not give its results back: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        forget();
      }
    },
  };
}
