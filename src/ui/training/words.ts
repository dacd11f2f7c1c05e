import type { Admission } from '#engine/protocol/run.ts';
import type { TrainingState } from '#store/state.ts';

const BACKENDS: Readonly<Record<Admission['backend'], string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  simd: 'SIMD WebAssembly',
  reference: 'the plain reference in TypeScript',
};

export const backendName = (backend: Admission['backend']): string => BACKENDS[backend];

/** "SIMD WebAssembly on 2 CPU cores", "WebGPU". */
export function backendText({ backend, workers }: Admission): string {
  const onCpu = backend === 'simd' || backend === 'reference';
  return onCpu
    ? `${BACKENDS[backend]} on ${String(workers)} CPU ${workers === 1 ? 'core' : 'cores'}`
    : BACKENDS[backend];
}

const SOFTWARE = 'rendered in software';
const firstSentence = (text: string): string => /^.*?\.(?=\s|$)/su.exec(text)?.[0] ?? text;

/** Why this backend and no faster one, short: the whole reasons are in the details. */
export function reasonText({ tried, reason }: Admission): string {
  const refused = tried.filter((one) => !one.admitted);
  const inSoftware = refused.filter((one) => one.reason.includes(SOFTWARE));
  if (refused.length === 0 || inSoftware.length < refused.length) return firstSentence(reason);
  const names = inSoftware.map((one) => BACKENDS[one.backend]).join(' and ');
  return `${names} ${inSoftware.length === 1 ? 'is' : 'are'} ${SOFTWARE} in this browser, far slower, and so not used.`;
}

/** The title: what has been done of what was planned. */
export function titleOf({ status, done, planned }: Pick<TrainingState, 'status' | 'done' | 'planned'>): string {
  switch (status) {
    case 'idle':
      return 'Training has not started';
    case 'done':
      return done < planned
        ? `${String(done)} of ${String(planned)} members are in`
        : `All ${String(planned)} members are in`;
    default:
      return `${String(done)} of ${String(planned)} members trained`;
  }
}

/** A sentence for people who do not see the grid; changes with every finished member, not with every step. */
export function spokenState({ status, done, planned }: Pick<TrainingState, 'status' | 'done' | 'planned'>): string {
  const progress = `${String(done)} of ${String(planned)} members trained`;
  switch (status) {
    case 'idle':
      return '';
    case 'starting':
      return 'Checking which backend can be trusted.';
    case 'running':
      return `Training: ${progress}.`;
    case 'paused':
      return `Paused: ${progress}.`;
    case 'stopped':
      return `Stopped: ${progress}.`;
    case 'failed':
      return `Training failed: ${progress}.`;
    case 'done':
      return `Done: ${progress}.`;
    default:
      return status satisfies never;
  }
}
