import type { RunEvent } from '#engine/protocol/run.ts';
import type { MemberProgress } from '#engine/protocol/worker-methods.ts';

const INTERVAL_MS = 100;

/** Joins the progress of all workers into one event, at most ten a second. */
export interface ProgressEvents {
  /** The absolute state of one worker's members; empty when it has none. */
  readonly report: (worker: object, training: readonly MemberProgress[]) => void;
  /** Nothing is sent afterwards. */
  readonly close: () => void;
}

export function progressEvents(emit: (event: RunEvent) => void, now: () => number): ProgressEvents {
  const states = new Map<object, readonly MemberProgress[]>();
  let sentAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  const send = (): void => {
    timer = null;
    sentAt = now();
    emit({ kind: 'progress', training: [...states.values()].flat() });
  };
  return {
    report: (worker, training) => {
      if (closed) return;
      if (training.length === 0) states.delete(worker);
      else states.set(worker, training);
      if (timer !== null) return;
      const wait = sentAt + INTERVAL_MS - now();
      if (wait <= 0) send();
      else timer = setTimeout(send, wait);
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
