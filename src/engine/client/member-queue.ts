import type { CompressionSpec } from '#compression/spec.ts';
import { levelName, sourceLevel, trainedSpecs } from '#compression/spec.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberKey, MemberResult, RunRequest } from '#engine/protocol/run.ts';
import { chunkKind, keyText, taskOf } from '#engine/protocol/worker-methods.ts';
import type { Job, PostTrainingTask, TrainingTask } from '#engine/protocol/worker-methods.ts';

/** A member that fails so often is given up. */
const MOST_FAILURES = 3;
/** From here on a member is tried alone and from its start, so that it takes no others down and nothing drags it down. */
const ALONE_AFTER = 2;
/** So many first members of every level come first, so that there is something to look at early. */
const EARLY_MEMBERS = 2;

interface Entry {
  readonly task: TrainingTask | PostTrainingTask;
  readonly name: string;
  /** The member of whose weights this one is made, or learns; null: of none. */
  readonly source: string | null;
  state: 'waiting' | 'taken';
  failures: number;
  /**
   * Not asked for by itself, and not reported: a member that is done but whose weights were not kept, or one that is only the
   * first stage of a pipeline. It is made for those that need it.
   */
  readonly silent: boolean;
}

/** The members of a run that are still to be made, and who makes them next. */
export interface MemberQueue {
  /** Members that are waiting or being made; those of them that are trained. */
  readonly open: () => number;
  readonly toTrain: () => number;
  /** The next job with at most `limit` members to train, or null if nothing can begin now. */
  readonly take: (limit: number) => Job | null;
  /** Takes note of where members in training stand: whoever takes them up after a failure goes on from there. */
  readonly checkpoint: (checkpoint: Checkpoint) => void;
  /** Takes note of a finished member. True if it is new and asked for. */
  readonly finish: (result: MemberResult) => boolean;
  /** Puts back what a failed job left unfinished. Returns the members that are given up: failed three times, or without their source. */
  readonly giveBack: (job: Job) => readonly MemberKey[];
  /** Puts back what is left of a job that was too large; its members are not to blame. */
  readonly putBack: (job: Job) => void;
  /** Forgets failures, where the backend is to blame, and the checkpoints, which are of no use to another one. */
  readonly forgive: () => void;
}

/**
 * The queue of a run: the first two members of every level by index, then baseline, then level, so that there is an early
 * ranking to look at; after them the slow levels first, so that all workers are busy to the end. Members left in a checkpoint
 * come before all others. Post-training members go with the job of the member that they are made from, or take the weights
 * of one that is done; distilled ones wait for their teacher.
 */
export function memberQueue({
  plan,
  done,
  checkpoints = [],
}: Pick<RunRequest, 'plan' | 'done' | 'checkpoints'>): MemberQueue {
  const doneNames = new Set(done.map(({ key }) => keyText(key)));
  /** Weights of finished members of which others are made. */
  const weights = new Map<string, Float32Array>();
  for (const { key, weights: kept } of done) if (kept !== null) weights.set(keyText(key), kept);

  const isAsked = new Set(['baseline', ...plan.levels.map(levelName)]);
  const specs = new Map([...trainedSpecs(plan.levels), ...plan.levels].map((spec) => [levelName(spec), spec]));
  const needed: Entry[] = [];
  for (let index = 0; index < plan.members; index++) {
    const all = [...specs].map(([level, spec]): Entry => {
      const key = { level, index };
      const name = keyText(key);
      const from = sourceLevel(spec);
      return {
        task: taskOf(spec, key),
        name,
        source: from === null ? null : keyText({ level: from, index }),
        state: 'waiting',
        failures: 0,
        silent: doneNames.has(name) || !isAsked.has(level),
      };
    });
    const isNeeded = new Set<string | null>();
    // From the last one on: nobody stands before what it is made from.
    for (const { name, source, silent } of all.toReversed()) {
      if (silent && (weights.has(name) || !isNeeded.has(name))) continue;
      isNeeded.add(name).add(source);
    }
    needed.push(...all.filter(({ name, silent }) => isNeeded.has(name) && !(silent && weights.has(name))));
  }

  const entries = new Map(needed.sort(byTurn).map((entry) => [entry.name, entry]));
  /** By the names of their members. */
  const left = new Map(checkpoints.map((checkpoint) => [namesOf(checkpoint), checkpoint]));

  const waiting = (): Entry[] => [...entries.values()].filter((entry) => entry.state === 'waiting');
  const ready = ({ source }: Entry): boolean => source === null || weights.has(source);

  const jobOf = (taken: readonly Entry[], checkpoint?: Checkpoint): Job => {
    const training: TrainingTask[] = [];
    const postTraining: PostTrainingTask[] = [];
    for (const entry of taken) {
      entry.state = 'taken';
      const { task } = entry;
      const own = entry.source === null ? undefined : weights.get(entry.source);
      if (task.kind === 'post-training') postTraining.push({ ...task, weights: own ?? null });
      else training.push(own === undefined ? task : { ...task, teacher: own });
    }
    return { training, postTraining, ...(checkpoint === undefined ? {} : { checkpoint }) };
  };

  /** Post-training members that are made from these. */
  const followersOf = (leading: readonly Entry[]): Entry[] => {
    const sources = new Set<string | null>(leading.map(({ name }) => name));
    return waiting().filter(
      ({ task, source, failures }) => task.kind === 'post-training' && failures < ALONE_AFTER && sources.has(source),
    );
  };

  const isFree = ({ state, failures }: Entry): boolean => state === 'waiting' && failures < ALONE_AFTER;

  /** Members whose checkpoint can be taken up. */
  const interrupted = (limit: number): Job | null => {
    for (const checkpoint of left.values()) {
      const members = checkpoint.members.map((key) => entries.get(keyText(key))).filter((entry) => entry !== undefined);
      const isWhole = members.length === checkpoint.members.length && members.length <= limit;
      if (isWhole && members.every((entry) => isFree(entry) && ready(entry)))
        return jobOf([...members, ...followersOf(members)], checkpoint);
    }
    return null;
  };

  const take = (limit: number): Job | null => {
    const resumed = interrupted(limit);
    if (resumed !== null) return resumed;
    const all = waiting();
    const first = all.find(ready);
    if (first === undefined) return null;
    if (first.failures >= ALONE_AFTER) return jobOf([first]);
    const fits = (entry: Entry): boolean => entry.failures < ALONE_AFTER && kindOf(entry) === kindOf(first);
    const leading = all.filter((entry) => fits(entry) && ready(entry)).slice(0, limit);
    return jobOf([...leading, ...followersOf(leading)]);
  };

  const finish = (result: MemberResult): boolean => {
    const name = keyText(result.key);
    const entry = entries.get(name);
    if (entry === undefined) return false;
    entries.delete(name);
    for (const [names, { members }] of left) if (members.some((key) => keyText(key) === name)) left.delete(names);
    if ([...entries.values()].some(({ source }) => source === name)) weights.set(name, result.weights);
    return !entry.silent;
  };

  /** Entries of a job that are not done; they wait again. */
  const putBack = (job: Job): Entry[] => {
    const back = [...job.training, ...job.postTraining].flatMap(({ key }) => entries.get(keyText(key)) ?? []);
    for (const entry of back) entry.state = 'waiting';
    return back;
  };

  const giveBack = (job: Job): readonly MemberKey[] => {
    const failed: MemberKey[] = [];
    const giveUp = ({ name, task, silent }: Entry): void => {
      entries.delete(name);
      if (!silent) failed.push(task.key);
      for (const orphan of [...entries.values()]) if (orphan.source === name) giveUp(orphan);
    };
    for (const entry of putBack(job)) {
      // A member has not had its turn while the one that it is made from is missing.
      if (ready(entry)) entry.failures += 1;
      if (entry.failures >= MOST_FAILURES) giveUp(entry);
    }
    return failed;
  };

  return {
    open: () => entries.size,
    toTrain: () => [...entries.values()].filter(({ task }) => task.kind === 'training').length,
    take,
    checkpoint: (checkpoint) => left.set(namesOf(checkpoint), checkpoint),
    finish,
    giveBack,
    putBack,
    forgive: () => {
      for (const entry of entries.values()) entry.failures = 0;
      left.clear();
    },
  };
}

/** What can be made together. */
const kindOf = ({ task }: Entry): string => (task.kind === 'training' ? chunkKind(task) : task.kind);

const namesOf = ({ members }: Checkpoint): string => members.map(keyText).join();

function byTurn({ task: a }: Entry, { task: b }: Entry): number {
  const [late, other] = [a, b].map(({ key }) => key.index >= EARLY_MEMBERS);
  if (late !== other) return late ? 1 : -1;
  const slower = late ? costOf(b.spec) - costOf(a.spec) : 0;
  return slower || a.key.index - b.key.index;
}

/** How long levels take to train, in order only. */
function costOf(spec: CompressionSpec): number {
  switch (spec.kind) {
    case 'qat-int8':
      return 3;
    case 'pruned':
    case 'structured':
      return 2;
    case 'baseline':
    case 'distilled':
      return 1;
    case 'hybrid-int8':
    case 'fixed-int8':
    case 'pipeline':
      return 0;
    default:
      return spec satisfies never;
  }
}
