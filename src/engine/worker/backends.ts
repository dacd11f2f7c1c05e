import type { BackendName, Executor } from '#engine/executors/executor.ts';
import { BACKEND_NAMES } from '#engine/protocol/backend-names.ts';
import { programText, winnerOf } from '#engine/protocol/race.ts';
import type { Race, RaceCourse } from '#engine/protocol/race.ts';
import type { AdmittedBackend, BackendTrial, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import { webglAdapter, webgpuAdapter } from '#engine/worker/adapters.ts';
import type { Adapter } from '#engine/worker/adapters.ts';
import { admit } from '#engine/worker/admission.ts';
import type { NeededPlan } from '#engine/worker/admission-problem.ts';
import { deviceText, runRace } from '#engine/worker/race.ts';
import { ProblemError, ok } from '#lib/result.ts';
import type { Result } from '#lib/result.ts';

/** How one backend is looked at and made. */
export interface Candidate {
  readonly backend: BackendName;
  /** Whether there is anything to run on, without loading the executor; null for a CPU backend. */
  readonly adapter: (() => Result<Adapter> | Promise<Result<Adapter>>) | null;
  readonly create: () => Promise<Result<Executor>>;
}

/** Best first. Every executor is its own chunk, loaded when it is tried. */
export const CANDIDATES: readonly Candidate[] = [
  {
    backend: 'webgpu',
    adapter: webgpuAdapter,
    create: async () => (await import('#engine/executors/webgpu/executor.ts')).createWebgpuExecutor(),
  },
  {
    backend: 'webgl',
    adapter: webglAdapter,
    create: async () => (await import('#engine/executors/webgl/executor.ts')).createWebglExecutor(),
  },
  {
    backend: 'simd',
    adapter: null,
    create: async () => ok(await (await import('#engine/executors/simd/executor.ts')).createSimdExecutor()),
  },
  { backend: 'reference', adapter: null, create: async () => ok(await createReference()) },
];

async function createReference(): Promise<Executor> {
  return (await import('#engine/executors/reference/executor.ts')).createReferenceExecutor();
}

/** The admitted executor and how it was chosen. */
export interface ChosenBackend extends AdmittedBackend {
  readonly executor: Executor;
}

/** A candidate that passed the admission test. */
interface Admitted {
  readonly backend: BackendName;
  readonly executor: Executor;
  readonly software: boolean;
  /** The graphics adapter's name; null on a CPU. */
  readonly adapter: string | null;
}

/**
 * The first candidate that passes the admission test; but where that is a GPU and there is a race course, it has to be
 * faster than WebAssembly, now or in an earlier race on this device. A graphics adapter that is rendered in software is
 * chosen only if it is asked for by name (`only`). Throws a ProblemError with the code `no-backend` where none is left.
 */
export async function chooseBackend(
  { only, avoid, race: course, plan }: WorkerMethods['admit']['params'],
  candidates: readonly Candidate[] = CANDIDATES,
  now: () => number = () => performance.now(),
): Promise<ChosenBackend> {
  const open = candidates.filter(({ backend }) => (only !== null ? backend === only : !avoid.includes(backend)));
  const rival = only === null ? open.find(({ backend }) => backend === 'simd') : undefined;
  const tried: BackendTrial[] = [];
  let race: Race | null = null;
  const admitted = async (candidate: Candidate): Promise<Admitted | null> => {
    const { backend } = candidate;
    const begin = now();
    const outcome = await attempt(candidate, plan, only !== null, (adapter) => {
      const known = course === undefined || rival === undefined ? null : knownRace(course, backend, adapter);
      if (known === null || winnerOf(known)?.backend === backend) return null;
      race = known;
      return `${BACKEND_NAMES[rival!.backend]} was faster in an earlier race on this device.`;
    });
    const durationMs = now() - begin;
    const refusal = typeof outcome === 'string' ? outcome : null;
    tried.push({
      backend,
      admitted: refusal === null,
      reason: refusal ?? 'It passed the admission test.',
      durationMs,
    });
    return typeof outcome === 'string' ? null : outcome;
  };
  const isTried = (one: Candidate): boolean => tried.some(({ backend }) => backend === one.backend);
  const choose = ({ backend, executor, software }: Admitted): ChosenBackend => {
    const { detail } = executor;
    const reason = whyThis(backend, { askedFor: only !== null, tried, avoid, raced: race !== null });
    return { executor, backend, detail, software, tried, race, reason };
  };
  for (const candidate of open) {
    if (isTried(candidate)) continue; // it was out in the race
    const first = (await admitted(candidate)) ?? (race === null ? null : await admitted(rival!));
    if (first === null) {
      race = null;
      continue;
    }
    const { adapter } = first;
    if (adapter === null || course === undefined || rival === undefined) return choose(first);
    race = knownRace(course, first.backend, adapter);
    if (race !== null) {
      runBestVariant(first.executor, race);
      return choose(first);
    }
    const second = isTried(rival) ? null : await admitted(rival);
    if (second === null) return choose(first);
    race = await runRace(
      [
        { executor: first.executor, members: course.gpuMembers, workers: 1 },
        { executor: second.executor, members: 1, workers: course.cpuWorkers },
      ],
      course,
      deviceText(first.backend, adapter, course),
      now,
    );
    const winner = winnerOf(race)?.backend;
    const [left, out] = winner === second.backend ? [second, first] : [first, second];
    discard(out.executor);
    for (const { backend } of [first, second]) {
      if (race.racers.some((racer) => racer.backend === backend && racer.memberStepsPerSecond !== null)) continue;
      const at = tried.findIndex((trial) => trial.backend === backend);
      tried[at] = { ...tried[at]!, admitted: false, reason: 'It passed the admission test, but failed in the race.' };
    }
    if (winner !== undefined) {
      runBestVariant(left.executor, race);
      return choose(left);
    }
    discard(left.executor);
    race = null;
  }
  const reasons = tried.map(({ backend, reason }) => `${BACKEND_NAMES[backend]}: ${reason}`).join(' ');
  throw new ProblemError({ code: 'no-backend', message: `No way to train was found in this browser. ${reasons}` });
}

/** Lets an executor run as it did best in the race; races of earlier versions know no variants. */
function runBestVariant(executor: Executor, race: Race): void {
  const variant = winnerOf(race)?.variant;
  if (variant !== undefined && executor.variants?.names.includes(variant) === true) executor.variants.use(variant);
}

/** One that failed may not even end well. */
function discard(executor: Executor): void {
  try {
    executor.dispose();
  } catch {
    // It is not used any more.
  }
}

function knownRace(course: RaceCourse, backend: BackendName, adapter: string): Race | null {
  const [program, device] = [programText(course), deviceText(backend, adapter, course)];
  return course.known.find((race) => race.program === program && race.device === device) ?? null;
}

/** What passed the admission test, or one sentence that says why not. `refuse` may say so for a hardware adapter by its name. */
async function attempt(
  candidate: Candidate,
  plan: NeededPlan | undefined,
  askedFor: boolean,
  refuse: (adapter: string) => string | null,
): Promise<Admitted | string> {
  try {
    const looked = (await candidate.adapter?.()) ?? null;
    if (looked?.ok === false) return looked.problem.message;
    const adapter = looked?.value ?? null;
    if (adapter !== null && !askedFor) {
      const reason = adapter.software ? softwareReason(adapter.name) : refuse(adapter.name);
      if (reason !== null) return reason;
    }
    const created = await candidate.create();
    if (!created.ok) return created.problem.message;
    const executor = created.value;
    const software = adapter !== null && executor.software;
    const refusal = software && !askedFor ? softwareReason(executor.detail) : await admissionRefusal(executor, plan);
    if (refusal === null) return { backend: candidate.backend, executor, software, adapter: adapter?.name ?? null };
    executor.dispose();
    return refusal;
  } catch (error) {
    return `It could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function admissionRefusal(executor: Executor, plan: NeededPlan | undefined): Promise<string | null> {
  const reference = await createReference();
  const outcome = await admit(executor, reference, plan);
  reference.dispose();
  return outcome.ok ? null : outcome.problem.message;
}

function softwareReason(name: string): string {
  return `The adapter (${name}) is rendered in software, which is 50 to 400 times slower than WebAssembly.`;
}

function whyThis(
  backend: BackendName,
  {
    askedFor,
    tried,
    avoid,
    raced,
  }: {
    readonly askedFor: boolean;
    readonly tried: readonly BackendTrial[];
    readonly avoid: readonly BackendName[];
    readonly raced: boolean;
  },
): string {
  const name = BACKEND_NAMES[backend];
  if (askedFor) return `${name} was asked for and passed the admission test.`;
  const refused = [
    ...avoid.map((other) => `${BACKEND_NAMES[other]} failed earlier in this run.`),
    ...tried.filter((trial) => !trial.admitted).map((trial) => `${BACKEND_NAMES[trial.backend]}: ${trial.reason}`),
  ];
  if (raced) return `${name} won a race on this device.${refused.map((why) => ` ${why}`).join('')}`;
  return refused.length === 0
    ? `${name} is the fastest backend and passed the admission test.`
    : `${name} is the fastest backend left that passed the admission test. ${refused.join(' ')}`;
}
