import { startRun } from '#engine/client/run.ts';
import type { EngineEnvironment } from '#engine/client/worker-slot.ts';
import type { Engine, RunHandle } from '#engine/protocol/run.ts';

const browser = (): EngineEnvironment => ({
  spawn: () => new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' }),
  cores: navigator.hardwareConcurrency,
  hidden: () => document.hidden,
  onVisibility: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
    };
  },
  now: () => performance.now(),
});

/** The training engine: every run has its own workers, which end with it. Tests give another environment. */
export function createEngine(environment: EngineEnvironment = browser()): Engine {
  const running = new Set<RunHandle>();
  return {
    start: (request, onEvent) => {
      const handle = startRun(request, onEvent, environment);
      running.add(handle);
      void handle.finished.then(() => running.delete(handle));
      return handle;
    },
    dispose: () => {
      for (const handle of running) handle.stop();
    },
  };
}
