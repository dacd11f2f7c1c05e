import { useEffect, useMemo, useState } from 'react';
import type { Steps } from '#audit/steps.ts';

/** How long the page may work at a time, so that a frame still fits beside it. */
const SLICE_MS = 6;

/** As many steps are always taken: small work is done in one go however busy the machine is. */
const AT_LEAST = 8;

/** Goes on until the work is done or the slice is over; null for not done. */
function slice<T>(steps: Steps<T>): { readonly value: T } | null {
  const end = performance.now() + SLICE_MS;
  for (let taken = 0; taken < AT_LEAST || performance.now() < end; taken++) {
    const step = steps.next();
    if (step.done === true) return { value: step.value };
  }
  return null;
}

/** Work that goes into one slice is done at once; the rest goes on between frames. */
function begin<T>(steps: Steps<T>): { readonly steps: Steps<T>; readonly done: { readonly value: T } | null } {
  return { steps, done: slice(steps) };
}

/**
 * The outcome of `make()`, which runs anew for each new `make`; until it is there the outcome before, at first null.
 * Small work is done before the first drawing, large work never holds up a frame.
 */
export function useSteps<T>(make: () => Steps<T>): T | null {
  const begun = useMemo(() => begin(make()), [make]);
  const [latest, setLatest] = useState<T | null>(null);
  if (begun.done !== null && latest !== begun.done.value) setLatest(begun.done.value);
  useEffect(() => {
    if (begun.done !== null) return;
    let timer = 0;
    const goOn = (): void => {
      const done = slice(begun.steps);
      if (done) setLatest(done.value);
      else timer = window.setTimeout(goOn);
    };
    timer = window.setTimeout(goOn);
    return () => {
      window.clearTimeout(timer);
    };
  }, [begun]);
  return begun.done === null ? latest : begun.done.value;
}
