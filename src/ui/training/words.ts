import type { Race } from '#engine/protocol/race.ts';
import type { Admission } from '#engine/protocol/run.ts';
import type { MemberSummary, TrainingState } from '#store/state.ts';
import { count, list } from '#ui/kit/format.ts';

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

/**
 * Who won the race and by how much: "WebGPU trains 310 member-steps a second here, SIMD WebAssembly 95: WebGPU it is." A
 * backend that ran in several ways counts with its best, which is named; one that failed is named last.
 */
export function raceText({ racers }: Race): string {
  const best = [...racers]
    .sort((a, b) => (b.memberStepsPerSecond ?? 0) - (a.memberStepsPerSecond ?? 0))
    .filter((one, i, all) => all.findIndex(({ backend }) => backend === one.backend) === i);
  const finished = best.flatMap(({ backend, variant, memberStepsPerSecond: pace }) => {
    const name = BACKENDS[backend];
    return pace === null ? [] : [{ name, way: variant === undefined ? name : `${name} (${variant})`, pace }];
  });
  const failed = best.filter((one) => one.memberStepsPerSecond === null).map((one) => BACKENDS[one.backend]);
  const [first, ...others] = finished;
  if (first === undefined) return `${list(failed)} failed in the race.`;
  const paces = [
    `${first.way} trains ${paceText(first.pace)} member-steps a second here`,
    ...others.map(({ way, pace }) => `${way} ${paceText(pace)}`),
    ...failed.map((name) => `${name} failed`),
  ];
  return `${paces.join(', ')}: ${first.name} it is.`;
}

const paceText = (perSecond: number): string => (perSecond < 10 ? perSecond.toFixed(1) : count(perSecond));

/** That members come from more than one backend, which may round differently; null where they do not. */
export function mixtureText(results: readonly MemberSummary[]): string | null {
  const names = new Set(results.map(({ backend }) => BACKENDS[backend]));
  return names.size < 2 ? null : `The members come from ${list([...names])}.`;
}

/** Why this backend and no faster one, short: the whole reasons are in the details. */
export function reasonText({ tried, reason, race }: Admission): string {
  if (race !== undefined) return raceText(race);
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
