/** A trainer with its data, on this thread. */
export interface Trainer {
  readonly detail: string;
  readonly software: boolean;
  /** Makes the members and all that they need. */
  readonly start: () => void;
  /** One step of all members; may only be queued. */
  readonly step: () => Promise<unknown> | undefined;
  /** Waits until all steps are done, by reading the loss where a step does not do so itself. */
  readonly settle: () => Promise<unknown>;
  /** Memory in use for data and members; null where it cannot be known. */
  readonly allocatedBytes: () => number | null;
  readonly dispose: () => void;
}

/** Examples that stand for a dataset. */
export const EXAMPLES = 1024;
