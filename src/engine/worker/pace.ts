/** The device is waited for about so often, so that work does not pile up behind the page's back. */
const WAIT_EVERY_MS = 500;
const LOSS_POINTS = 60;

/** Says after how many steps the device is waited for. Never changes what is computed. */
export interface Pace {
  /** Notes a queued step; whether the device should be waited for now. */
  readonly queued: () => boolean;
  /** The device is done with everything queued. */
  readonly waited: () => void;
}

/**
 * GPU steps are queued faster than they run: a stop, a watchdog and a progress bar would all be misled. Starts with one
 * step, then allows as many as took half a second, at most twice as many as before.
 */
export function devicePace(now: () => number): Pace {
  let allowed = 1;
  let queued = 0;
  let since = now();
  return {
    queued: () => ++queued >= allowed,
    waited: () => {
      const at = now();
      if (queued > 0) {
        const perStep = Math.max((at - since) / queued, 1e-3);
        allowed = Math.max(1, Math.min(2 * allowed, Math.floor(WAIT_EVERY_MS / perStep)));
      }
      queued = 0;
      since = at;
    },
  };
}

/** The steps whose loss goes into the curve: about 60, evenly spaced, the last included; every step of a shorter run. */
export function lossSteps(steps: number): ReadonlySet<number> {
  const points = Math.min(LOSS_POINTS, steps);
  return new Set(Array.from({ length: points }, (_, i) => Math.round(((i + 1) * steps) / points)));
}
