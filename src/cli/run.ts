import { auditExamples } from '#audit/examples.ts';
import { sourceLevel, sourceLevels } from '#compression/spec.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN } from '#dataset/dataset.ts';
import { trainingData } from '#dataset/training-data.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Admission, MemberKey, RunEvent } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { ProblemError } from '#lib/result.ts';
import { examplesCsv } from '#sources/formats/examples-csv.ts';
import type { LoadedDataset } from '#sources/source.ts';
import { need, oneLine } from './answer.ts';
import {
  hasManifest,
  manifestOf,
  readManifest,
  thisMachine,
  writeManifest,
  type ManifestData,
  type Session,
} from './manifest.ts';
import {
  readCheckpoints,
  readMember,
  removeCheckpoint,
  withoutWeights,
  writeCheckpoint,
  writeMember,
  type KeptMember,
} from './member-files.ts';
import { badOption } from './options.ts';
import { planFor, readPlan } from './plan-input.ts';
import { readData } from './read-data.ts';
import type { RunArguments } from './run-arguments.ts';
import { openRunFolder, readMembers } from './run-folder.ts';
import { writeOutput } from './run-output.ts';
import { isIn, memberKeys, trainPlan, wholeRange, type MemberRange } from './train-plan.ts';
import { trainingPace } from './training-pace.ts';
import { weightLevels, writeWeights } from './weight-files.ts';

/** How a run ended: exit status, and what is said on the error output and on the output. */
export interface RunEnd {
  readonly status: number;
  readonly said: string;
  readonly found: string;
}

export interface RunSurroundings {
  readonly signal: AbortSignal;
  /** Progress, which may be dropped. */
  readonly show: (text: string) => void;
  /** A line that stays. */
  readonly note: (text: string) => void;
}

/** Exit status of what was interrupted. */
export const INTERRUPTED = 130;

/** What is said of a run that was interrupted. */
export const goOn = (out: string, kept = 'What was finished is'): string =>
  `Stopped. ${kept} kept in ${out}; run the same command again to go on.`;

/** Runs a plan in a folder, or goes on with it. */
export async function run(args: RunArguments, around: RunSurroundings): Promise<RunEnd> {
  try {
    return await prepareAndTrain(args, around);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, message } = error.problem;
    if (code === 'stopped') return { status: INTERRUPTED, said: goOn(args.out), found: '' };
    return { status: 2, said: oneLine(message), found: '' };
  }
}

async function prepareAndTrain(args: RunArguments, around: RunSurroundings): Promise<RunEnd> {
  const given = need(readPlan(args.plan));
  const readingSince = performance.now();
  const loaded = need(
    await readData(args.data, {
      asked: given.question,
      hash: given.dataset.hash,
      onProgress: ({ stage, done, total }) => {
        around.show(total === null ? stage : `${stage}: ${String(done)} of ${String(total)}`);
      },
      signal: around.signal,
    }),
  );
  const dataMs = performance.now() - readingSince;
  const plan = need(planFor(given, loaded.dataset, args.plan));
  const range = args.range ?? wholeRange(plan);
  if (range.last >= plan.members) {
    const most = String(plan.members - 1);
    need(
      badOption(
        `--member-range ends with ${String(range.last)}, expected at most ${most}, the last member of the plan`,
      ),
    );
  }
  const weights = need(weightLevels(args.weights, plan));
  need(openRunFolder(args.out, plan));
  const [skipped] = loaded.skipped;
  if (skipped !== undefined) {
    const count = String(loaded.skipped.length);
    around.note(
      `${count} files or rows are left out, the first is ${skipped.name}: ${skipped.reason} (all are in manifest.json)`,
    );
  }
  return trainInFolder({ args, weights, around, plan, range, loaded, dataMs });
}

interface Prepared {
  readonly args: RunArguments;
  /** Levels whose weights are written. */
  readonly weights: readonly string[];
  readonly around: RunSurroundings;
  readonly plan: Plan;
  readonly range: MemberRange;
  readonly loaded: LoadedDataset;
  readonly dataMs: number;
}

async function trainInFolder({ args, weights, around, plan, range, loaded, dataMs }: Prepared): Promise<RunEnd> {
  const { dataset } = loaded;
  const data = trainingData(dataset, plan.question);
  const { examples } = auditExamples(dataset, plan.question);
  const earlier = hasManifest(args.out) ? need(readManifest(args.out)).sessions : [];
  const members = new Map<string, KeptMember>();
  for (const member of need(readMembers(args.out, plan, examples.ids.length)))
    members.set(keyText(member.result.key), member);
  const wanted = memberKeys(plan).filter((key) => isIn(range, key));
  const todo = wanted.filter((key) => !members.has(keyText(key)));
  const before = members.size;
  const pace = trainingPace(plan, todo, wanted.length, () => performance.now());
  const startedAt = new Date();
  const began = performance.now();
  let admission: Admission | null = null;
  let given = 0;

  const onEvent = (event: RunEvent): void => {
    pace.hear(event);
    switch (event.kind) {
      case 'admitted':
        ({ admission } = event);
        around.note(`${admission.detail}, ${String(admission.workers)} threads`);
        break;
      case 'member': {
        const member = { result: event.result, variant: admission?.detail ?? '' };
        need(writeMember(args.out, member));
        const { key, spec } = event.result;
        const source = sourceLevel(spec); // it may have been trained for this member only
        removeCheckpoint(args.out, key);
        if (source !== null) removeCheckpoint(args.out, { level: source, index: key.index });
        members.set(keyText(event.result.key), withoutWeights(member));
        break;
      }
      case 'notice':
        around.note(event.message);
        break;
      case 'member-failed':
        given += 1;
        around.note(`${keyText(event.key)} was given up: ${event.problem.message}`);
        break;
      case 'checkpoint':
        need(writeCheckpoint(args.out, event.checkpoint));
        break;
      case 'progress':
      case 'workers':
      case 'limit':
        break;
      default:
        event satisfies never;
    }
    around.show(pace.words());
  };
  const outcome =
    todo.length === 0
      ? ({ kind: 'done' } as const)
      : await trainPlan({
          plan,
          data,
          range,
          workers: args.workers,
          backend: args.backend,
          signal: around.signal,
          checkpoints: readCheckpoints(args.out),
          done: doneMembers(args.out, plan, todo, [...members.values()]),
          onEvent,
        });
  const trainingMs = performance.now() - began;
  const session: Session = {
    startedAt: startedAt.toISOString(),
    machine: thisMachine(),
    range,
    members: members.size - before,
    workers: args.workers,
    dataMs,
    trainingMs,
    memberStepsPerSecond: pace.memberSteps() > 0 ? (pace.memberSteps() * 1000) / trainingMs : null,
    admission,
  };
  const sessions = todo.length === 0 ? earlier : [...earlier, session];
  const inOrder = memberKeys(plan).flatMap((key) => members.get(keyText(key)) ?? []);
  const manifest = manifestOf({ plan, data: dataFacts(loaded, data), sessions, members: inOrder, range });
  need(writeManifest(args.out, manifest));
  const made = `${String(wanted.filter((key) => members.has(keyText(key))).length)} of ${String(wanted.length)} members`;
  if (outcome.kind === 'stopped') return { status: INTERRUPTED, said: goOn(args.out, `${made} are`), found: '' };
  if (outcome.kind === 'failed')
    return { status: 1, said: `${oneLine(outcome.problem.message)} ${goOn(args.out, `${made} are`)}`, found: '' };
  const { name, origin, hash } = dataset;
  const found = need(
    writeOutput({
      run: args.out,
      plan,
      examples,
      examplesText: examplesCsv(examples),
      dataset: origin.kind === 'files' ? dataset : { name, origin, hash },
      members: inOrder,
      admission: sessions.at(-1)?.admission ?? null,
      onStage: around.show,
    }),
  );
  need(writeWeights(args.out, plan, data, inOrder, { levels: weights, form: args.weightsForm }));
  return { status: given > 0 ? 1 : 0, said: `${args.out}: ${made}`, found };
}

/** The finished members as the engine wants them: with the weights from which levels are still to be made. */
function doneMembers(
  run: string,
  plan: Plan,
  todo: readonly MemberKey[],
  members: readonly KeptMember[],
): readonly { readonly key: MemberKey; readonly weights: Float32Array | null }[] {
  const open = new Set(todo.map(({ index }) => index));
  const finished = new Set(members.map(({ result }) => keyText(result.key)));
  return members.map(({ result: { key } }) => {
    const { level, index } = key;
    const isDone = (other: string): boolean => finished.has(keyText({ level: other, index }));
    const isNeeded = open.has(index) && sourceLevels(plan.levels, isDone).has(level);
    return { key, weights: isNeeded ? need(readMember(run, key)).result.weights : null };
  });
}

function dataFacts({ dataset, skipped }: LoadedDataset, data: ReturnType<typeof trainingData>): ManifestData {
  const { name, hash, origin, remarks, split } = dataset;
  const count = (part: number): number => split.reduce((sum, own) => sum + (own === part ? 1 : 0), 0);
  return {
    name,
    hash,
    origin,
    classes: data.classes,
    examples: { all: split.length, train: count(SPLIT_TRAIN), audit: count(SPLIT_AUDIT) },
    remarks,
    skipped,
  };
}
