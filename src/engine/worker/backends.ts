import type { BackendName, Executor } from '#engine/executors/executor.ts';
import type { AdmittedBackend, BackendTrial, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import { webglAdapter, webgpuAdapter } from '#engine/worker/adapters.ts';
import type { Adapter } from '#engine/worker/adapters.ts';
import { admit } from '#engine/worker/admission.ts';
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

const NAMES: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  simd: 'WebAssembly SIMD',
  reference: 'The reference executor',
};

/** The admitted executor and how it was chosen. */
export interface ChosenBackend extends AdmittedBackend {
  readonly executor: Executor;
}

/**
 * The first candidate that passes the admission test. A graphics adapter that is rendered in software is chosen only if it
 * is asked for by name (`only`). Throws a ProblemError with the code `no-backend` where none is left.
 */
export async function chooseBackend(
  { only, avoid }: WorkerMethods['admit']['params'],
  candidates: readonly Candidate[] = CANDIDATES,
): Promise<ChosenBackend> {
  const tried: BackendTrial[] = [];
  for (const candidate of candidates) {
    const { backend } = candidate;
    if (only !== null ? backend !== only : avoid.includes(backend)) continue;
    const begin = performance.now();
    const outcome = await attempt(candidate, only !== null);
    const durationMs = performance.now() - begin;
    const admitted = typeof outcome !== 'string';
    tried.push({ backend, admitted, reason: admitted ? 'It passed the admission test.' : outcome, durationMs });
    if (admitted) {
      const { detail } = outcome;
      const software = candidate.adapter !== null && outcome.software;
      return {
        executor: outcome,
        backend,
        detail,
        software,
        tried,
        reason: whyThis(backend, only !== null, tried, avoid),
      };
    }
  }
  const reasons = tried.map(({ backend, reason }) => `${NAMES[backend]}: ${reason}`).join(' ');
  throw new ProblemError({ code: 'no-backend', message: `No way to train was found in this browser. ${reasons}` });
}

/** The admitted executor, or one sentence that says why not. */
async function attempt(candidate: Candidate, askedFor: boolean): Promise<Executor | string> {
  try {
    const adapter = await candidate.adapter?.();
    if (adapter?.ok === false) return adapter.problem.message;
    if (adapter?.value.software === true && !askedFor) return softwareReason(adapter.value.name);
    const created = await candidate.create();
    if (!created.ok) return created.problem.message;
    const executor = created.value;
    const slow = candidate.adapter !== null && executor.software;
    const refusal = slow && !askedFor ? softwareReason(executor.detail) : await admissionRefusal(executor);
    if (refusal === null) return executor;
    executor.dispose();
    return refusal;
  } catch (error) {
    return `It could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function admissionRefusal(executor: Executor): Promise<string | null> {
  const reference = await createReference();
  const outcome = await admit(executor, reference);
  reference.dispose();
  return outcome.ok ? null : outcome.problem.message;
}

function softwareReason(name: string): string {
  return `The adapter (${name}) is rendered in software, which is 50 to 400 times slower than WebAssembly.`;
}

function whyThis(
  backend: BackendName,
  askedFor: boolean,
  tried: readonly BackendTrial[],
  avoid: readonly BackendName[],
): string {
  const name = NAMES[backend];
  if (askedFor) return `${name} was asked for and passed the admission test.`;
  const refused = [
    ...avoid.map((other) => `${NAMES[other]} was lost twice.`),
    ...tried.filter((trial) => !trial.admitted).map((trial) => `${NAMES[trial.backend]}: ${trial.reason}`),
  ];
  return refused.length === 0
    ? `${name} is the fastest backend and passed the admission test.`
    : `${name} is the fastest backend left that passed the admission test. ${refused.join(' ')}`;
}
