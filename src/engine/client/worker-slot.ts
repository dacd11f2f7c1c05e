import type { BackendName, Inputs } from '#engine/executors/executor.ts';
import type { RunRequest } from '#engine/protocol/run.ts';
import { connect } from '#engine/protocol/rpc.ts';
import type { Port } from '#engine/protocol/rpc.ts';
import type { AdmittedBackend, Job, WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';

/** A Worker, or what stands in for one. */
export interface WorkerPort extends Port {
  terminate(): void;
}

/** What the engine needs of the world around it. */
export interface EngineEnvironment {
  readonly spawn: () => WorkerPort;
  /** Logical cores of the machine. */
  readonly cores: number;
  /** Whether the page is hidden. */
  readonly hidden: () => boolean;
  /** Calls back whenever that changes, until the function it gives is called. */
  readonly onVisibility: (listener: () => void) => () => void;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** One worker that was admitted and holds the data. */
export interface WorkerSlot {
  readonly admitted: AdmittedBackend;
  readonly maxMembers: number;
  readonly run: (job: Job) => Promise<'done' | 'stopped'>;
  /** Whether the device has computed a step of the job in hand, or of the last one. */
  readonly hasStepped: () => boolean;
  readonly control: (command: 'pause' | 'resume' | 'stop') => void;
  /** Ends the worker; every open promise of it rejects. */
  readonly close: () => void;
}

const TICK_MS = 1000;
/** A tick that comes so late means that the page slept, not that the worker is silent. */
const CLOCK_GAP_MS = 5000;
const START_LIMIT_MS = 90_000;
const GPU_LIMIT_MS = 20_000;
const CPU_LIMIT_MS = 60_000;
/** One step can take many seconds on a software adapter and on the reference executor. */
const SLOW_LIMIT_MS = 120_000;

export interface SlotOptions {
  readonly request: RunRequest;
  readonly admit: WorkerMethods['admit']['params'];
  readonly environment: EngineEnvironment;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** A worker being started: `ready` rejects if it is refused or dies, `close` ends it at any time. */
export interface OpeningSlot {
  readonly ready: Promise<WorkerSlot>;
  /** The backend that passed the admission test, as soon as one has. */
  readonly backend: () => BackendName | null;
  readonly close: () => void;
}

/**
 * Starts a worker: backend, admission, data. A watchdog declares it dead when it is silent too long while the page's clock
 * runs on: starting up (90 s), or in a job (20 s on a GPU, more
 * elsewhere: also a worker that the system killed says nothing). Pauses do not count.
 */
export function openSlot({ request, admit, environment, onEvent }: SlotOptions): OpeningSlot {
  const worker = environment.spawn();
  let heardAt = environment.now();
  let tickedAt = heardAt;
  let limitMs = START_LIMIT_MS;
  let paused = false;
  let closed = false;
  let stepped = false;
  let backend: BackendName | null = null;
  const connection = connect<WorkerMethods, WorkerEvent>(
    worker,
    (event) => {
      heardAt = environment.now();
      if (event.kind === 'progress' && event.training.some(({ loss }) => loss !== null)) stepped = true;
      onEvent(event);
    },
    () => {
      close();
    },
  );
  const watchdog = setInterval(() => {
    const now = environment.now();
    if (paused || now - tickedAt > CLOCK_GAP_MS) heardAt = now;
    tickedAt = now;
    if (now - heardAt <= limitMs) return;
    const seconds = String(limitMs / 1000);
    connection.dead({
      code: 'worker-silent',
      message: `A worker gave no sign of life for ${seconds} seconds.`,
      details: {},
    });
  }, TICK_MS);
  const close = (): void => {
    if (closed) return;
    closed = true;
    clearInterval(watchdog);
    worker.terminate();
    connection.dead({ code: 'worker-closed', message: 'The worker was closed.', details: {} });
  };

  const open = async (): Promise<WorkerSlot> => {
    const admitted = await connection.call('admit', admit);
    backend = admitted.backend;
    heardAt = environment.now();
    const { training } = request.data;
    // A plain copy that is handed over costs the page half of what cloning it does.
    const inputs = { ...training.inputs, data: training.inputs.data.slice() } as Inputs; // slice keeps the kind of array
    const data = { ...request.data, training: { ...training, inputs } };
    const { maxMembers } = await connection.call('prepare', { plan: request.plan, data }, [inputs.data.buffer]);
    const jobLimitMs = silenceLimit(admitted);
    limitMs = Infinity; // it has nothing to say while it has no job
    return {
      admitted,
      maxMembers,
      run: async (job) => {
        heardAt = environment.now();
        limitMs = jobLimitMs;
        stepped = job.checkpoint !== undefined;
        try {
          return await connection.call('run', job);
        } finally {
          limitMs = Infinity;
        }
      },
      hasStepped: () => stepped,
      control: (command) => {
        if (command === 'pause') paused = true;
        if (command === 'resume') paused = false;
        connection.call('control', command).catch(() => undefined); // a dead worker is noticed by its job
      },
      close,
    };
  };
  const ready = open();
  ready.catch(close);
  return { ready, backend: () => backend, close };
}

/** How long a worker may say nothing while it has a job, in milliseconds. */
function silenceLimit({ backend, software }: AdmittedBackend): number {
  if (software || backend === 'reference') return SLOW_LIMIT_MS;
  return backend === 'simd' ? CPU_LIMIT_MS : GPU_LIMIT_MS;
}
