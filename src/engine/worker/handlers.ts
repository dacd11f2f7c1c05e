import { sourceLevel, trainedSpecs } from '#compression/spec.ts';
import { trainingProgram } from '#engine/model/member-program.ts';
import type { Handlers, Emit } from '#engine/protocol/rpc.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Job, WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import type { ChosenBackend } from '#engine/worker/backends.ts';
import type { Saver } from '#engine/worker/checkpoints.ts';
import { jobControl, macrotask } from '#engine/worker/control.ts';
import type { JobControl } from '#engine/worker/control.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import type { QuantizationTask } from '#engine/worker/post-training.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';

/** Progress goes to the page at most so often. */
const REPORT_MS = 100;
/** Members in training are saved about so often: no more than this is lost with a worker. */
const CHECKPOINT_MS = 20_000;

/** What a training worker answers. One job at a time; control is heard while it runs. */
export function trainingHandlers(
  emit: Emit<WorkerEvent>,
  choose: (request: WorkerMethods['admit']['params']) => Promise<ChosenBackend> = chooseBackend,
  now: () => number = () => performance.now(),
): Handlers<WorkerMethods> {
  let chosen: ChosenBackend | null = null;
  let context: RunContext | null = null;
  let control: JobControl | null = null;
  let paused = false;

  return {
    admit: async (request) => {
      chosen?.executor.dispose();
      chosen = await choose(request);
      const { backend, detail, software, reason, tried, race } = chosen;
      return { backend, detail, software, reason, tried, race };
    },
    prepare: ({ plan, data }) => {
      if (chosen === null) throw new Error('prepare was called before admit.');
      context = prepareRun(plan, data, chosen.executor, now);
      const { executor } = chosen;
      const { program } = context;
      const most = trainedSpecs(plan.levels).map((spec) =>
        executor.maxMembers(trainingProgram(plan, program, spec), plan.batchSize),
      );
      return { maxMembers: Math.max(1, Math.min(...most)) };
    },
    run: async (job) => {
      if (context === null) throw new Error('run was called before prepare.');
      if (control !== null) throw new Error('run was called while a job is running.');
      control = jobControl(paused);
      const saver: Saver = { save: null };
      try {
        const members = makeMembers(context, job, saver);
        return (await drive({ members, saver, control, emit, now })) ? 'done' : 'stopped';
      } finally {
        control = null;
        emit({ kind: 'progress', training: [] });
      }
    },
    control: (command) => {
      if (command !== 'stop') paused = command === 'pause';
      control?.[command]();
      return null;
    },
    dispose: () => {
      control?.stop();
      chosen?.executor.dispose();
      chosen = context = null;
      return null;
    },
  };
}

/** The members of a job: trained ones first, then those made from them or from the weights that came with the job. */
async function* makeMembers(
  context: RunContext,
  { training, postTraining, checkpoint }: Job,
  saver: Saver,
): MemberStream {
  const sources = new Map<string, { readonly weights: Float32Array; readonly diverged: boolean }>();
  const sourceOf = ({ key, spec }: Job['postTraining'][number]): string =>
    keyText({ level: sourceLevel(spec) ?? key.level, index: key.index });
  const asked = new Set(postTraining.map(sourceOf));
  if (training.length > 0) {
    for await (const event of trainMembers(context, training, checkpoint, saver)) {
      if (event.kind === 'member' && asked.has(keyText(event.result.key))) {
        const { key, weights, diverged } = event.result;
        sources.set(keyText(key), { weights: weights.slice(), diverged }); // the result's own buffer leaves this thread
      }
      yield event;
    }
  }
  const tasks = postTraining.map((task): QuantizationTask => {
    const source = task.weights === null ? sources.get(sourceOf(task)) : { weights: task.weights, diverged: false };
    if (source === undefined) throw new Error(`What ${task.key.level} is made from is not in the job.`);
    return { ...task, ...source };
  });
  yield* quantizeMembers(context, tasks);
}

/** Pulls a stream to its end and lets messages in between; has members in training saved. False if it was stopped. */
async function drive({
  members,
  saver,
  control,
  emit,
  now,
}: {
  readonly members: MemberStream;
  readonly saver: Saver;
  readonly control: JobControl;
  readonly emit: Emit<WorkerEvent>;
  readonly now: () => number;
}): Promise<boolean> {
  let reportedAt = -Infinity;
  let savedAt = now();
  for await (const event of members) {
    if (event.kind === 'member') {
      const { predictions, probabilities, embeddings, lossCurve, weights } = event.result;
      const arrays = [predictions, probabilities, embeddings?.values, lossCurve, weights];
      emit(
        event,
        arrays.flatMap((array) => array?.buffer ?? []),
      );
    } else {
      if (now() - reportedAt >= REPORT_MS) {
        reportedAt = now();
        emit(event);
      }
    }
    await macrotask();
    if (control.isHeld() || now() - savedAt >= CHECKPOINT_MS) {
      const checkpoint = await saver.save?.();
      if (checkpoint !== undefined) emitCheckpoint(emit, checkpoint);
      savedAt = now();
    }
    if (!(await control.goOn())) return false; // leaving the loop returns the stream, which frees its chunk
  }
  return true;
}

function emitCheckpoint(emit: Emit<WorkerEvent>, checkpoint: Checkpoint): void {
  emit({ kind: 'checkpoint', checkpoint }, [checkpoint.chunk.buffer, checkpoint.masks.buffer] as ArrayBuffer[]);
}
