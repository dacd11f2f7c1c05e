import { MOST_TOGETHER, crew } from '#engine/client/crew.ts';
import type { Crew } from '#engine/client/crew.ts';
import { memberQueue } from '#engine/client/member-queue.ts';
import { progressEvents } from '#engine/client/progress.ts';
import { workerCount } from '#engine/client/worker-count.ts';
import { openSlot } from '#engine/client/worker-slot.ts';
import type { EngineEnvironment, OpeningSlot, WorkerSlot } from '#engine/client/worker-slot.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import { BACKEND_NAMES } from '#engine/protocol/backend-names.ts';
import { RemoteError, problemOf } from '#engine/protocol/errors.ts';
import { programText } from '#engine/protocol/race.ts';
import type { RaceCourse } from '#engine/protocol/race.ts';
import type { RunEvent, RunHandle, RunOutcome, RunRequest } from '#engine/protocol/run.ts';
import type { WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';

/** How long a stop waits for the workers to end a step by themselves. */
const STOP_GRACE_MS = 700;
/** What is suspected, in this order, when a worker hangs before it could say what it was trying. */
const SUSPECTS: readonly BackendName[] = ['webgpu', 'webgl'];

/** Starts a run on workers of its own; they end when it is finished, and no event comes after that. */
export function startRun(
  request: RunRequest,
  onEvent: (event: RunEvent) => void,
  environment: EngineEnvironment,
): RunHandle {
  let closed = false;
  const emit = (event: RunEvent): void => {
    if (!closed) onEvent(event);
  };
  const queue = memberQueue(request);
  const progress = progressEvents(emit, environment.now);
  const slots = new Set<OpeningSlot>();
  let working: Crew | null = null;
  let paused = false;
  let stopped = false;
  let hasMembers = request.done.length > 0;
  let all = request.allCores ?? false;
  const cpuWorkers = (): number => workerCount({ cores: environment.cores, hidden: environment.hidden(), all });
  const unwatch = environment.onVisibility(() => working?.recount());
  const limits = new Map(
    (request.limits ?? []).map(({ program, device, members }) => [JSON.stringify({ program, device }), members]),
  );
  /** What is said where members that are done will be compared with those of another backend; else nothing. */
  const mixture = (): string =>
    hasMembers ? ' Backends round differently: comparisons among members of both are flagged.' : '';
  const raceCourse = (): RaceCourse => ({
    plan: request.plan,
    input: request.data.input,
    inputs: request.data.training.inputs.kind,
    classes: request.data.classes.length,
    gpuMembers: Math.min(MOST_TOGETHER, queue.toTrain()),
    cpuWorkers: Math.min(cpuWorkers(), queue.open()),
    known: request.races ?? [],
  });

  const open = (admit: WorkerMethods['admit']['params']): OpeningSlot => {
    const self = {};
    const slot = openSlot({
      request,
      admit: { ...admit, plan: request.plan },
      environment,
      onEvent: (event: WorkerEvent) => {
        switch (event.kind) {
          case 'progress':
            progress.report(self, event.training);
            return;
          case 'checkpoint':
            queue.checkpoint(event.checkpoint);
            emit(event);
            return;
          case 'member':
            if (!queue.finish(event.result)) return;
            hasMembers = true;
            emit(event);
            return;
          default:
            event satisfies never;
        }
      },
    });
    slots.add(slot);
    return {
      ...slot,
      close: () => {
        slot.close();
        slots.delete(slot);
        progress.report(self, []);
      },
    };
  };

  /**
   * The first worker: it finds the backend. One that dies or hangs is replaced by one that avoids what it tried. Where the
   * members so far come from one backend, that one comes first.
   */
  const openLead = async (avoid: BackendName[]): Promise<{ readonly slot: WorkerSlot; readonly close: () => void }> => {
    for (;;) {
      const preferred =
        request.preferred !== undefined && !avoid.includes(request.preferred) ? request.preferred : null;
      const only = request.backend ?? preferred;
      const opening = open({ only, avoid, race: raceCourse() });
      try {
        return { slot: await opening.ready, close: opening.close };
      } catch (error) {
        opening.close();
        const refused = !(error instanceof RemoteError) || (preferred === null && error.problem.code === 'no-backend');
        const suspect = opening.backend() ?? preferred ?? SUSPECTS.find((backend) => !avoid.includes(backend));
        if (stopped || refused || request.backend !== undefined || suspect === undefined) throw error;
        avoid.push(suspect);
        emit({
          kind: 'notice',
          message: `A worker did not start (${error.message.replace(/\.$/, '')}). The next backend is tried.${mixture()}`,
        });
      }
    }
  };

  const execute = async (): Promise<RunOutcome> => {
    const avoid: BackendName[] = [];
    while (queue.open() > 0 && !stopped) {
      const lead = await openLead(avoid);
      const { backend, detail } = lead.slot.admitted;
      const name = BACKEND_NAMES[backend];
      const place = { program: programText(raceCourse()), device: `${backend}, ${detail}` };
      working = crew({
        queue,
        lead,
        open,
        cpuWorkers,
        mostWorkers: environment.cores,
        emit,
        paused,
        mostMembers: limits.get(JSON.stringify(place)) ?? Infinity,
        onLimit: (members) => {
          emit({ kind: 'limit', limit: { ...place, members } });
        },
      });
      working.recount(); // what was asked for while it was being put together
      if (stopped) break;
      const outcome = await working.finished;
      if (outcome === 'done') break;
      if (request.backend !== undefined) {
        return {
          kind: 'failed',
          problem: {
            code: 'backend-lost',
            message: `${name} was lost twice; the run was ended. What is done is kept.`,
          },
        };
      }
      avoid.push(backend);
      queue.forgive();
      emit({
        kind: 'notice',
        message: `${name} was lost twice. The run goes on with the next backend; every member is kept with the one it ran on.${mixture()}`,
      });
    }
    return { kind: queue.open() === 0 ? 'done' : 'stopped' };
  };

  let settleStop: (outcome: RunOutcome) => void = () => undefined;
  const stopSignal = new Promise<RunOutcome>((resolve) => (settleStop = resolve));
  const failed = (error: unknown): RunOutcome =>
    stopped ? { kind: 'stopped' } : { kind: 'failed', problem: problemOf(error) };
  const finished = Promise.race([execute().catch(failed), stopSignal]).then((outcome) => {
    closed = true;
    unwatch();
    progress.close();
    for (const slot of slots) slot.close();
    return outcome;
  });

  return {
    pause: () => {
      paused = true;
      working?.pause();
    },
    resume: () => {
      paused = false;
      working?.resume();
    },
    useAllCores: (next) => {
      all = next;
      working?.recount();
    },
    stop: () => {
      if (stopped) return;
      stopped = true;
      working?.stop();
      const timer = setTimeout(() => {
        settleStop({ kind: 'stopped' });
      }, STOP_GRACE_MS);
      void finished.then(() => {
        clearTimeout(timer);
      });
    },
    finished,
  };
}
