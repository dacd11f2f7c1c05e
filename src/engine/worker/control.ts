/** How often work stops to let messages in, in milliseconds. */
export const BREATH_MS = 30;

/** Waits for one turn of the event loop, so that messages get through. Timers would be held back in hidden tabs. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** What the page said about the job in hand. */
export interface JobControl {
  pause(): void;
  resume(): void;
  stop(): void;
  /** Whether it is to pause or to be given up: then its members are saved first. */
  isHeld(): boolean;
  /** Waits while paused. False: give the job up. */
  goOn(): Promise<boolean>;
}

/** A control for one job. `paused`: whether it begins paused. */
export function jobControl(paused: boolean): JobControl {
  let stopped = false;
  let release: () => void = () => undefined;
  let held: Promise<void> | null = null;
  const pause = (): void => {
    held ??= new Promise((resolve) => (release = resolve));
  };
  const resume = (): void => {
    held = null;
    release();
  };
  if (paused) pause();
  return {
    pause,
    resume,
    stop: () => {
      stopped = true;
      release();
    },
    isHeld: () => held !== null || stopped,
    goOn: async () => {
      while (held !== null && !stopped) await held;
      return !stopped;
    },
  };
}
