import type { CompressionSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import type { MemberKey, MemberResult, RunRequest } from '#engine/protocol/run.ts';
import { keyText, taskOf } from '#engine/protocol/worker-methods.ts';
import type { Job, PostTrainingTask, TrainingTask } from '#engine/protocol/worker-methods.ts';

/** A member that fails so often is given up. */
const MOST_FAILURES = 3;
/** From here on a member is tried alone, so that it takes no others down. */
const ALONE_AFTER = 2;

const BASELINE: CompressionSpec = { kind: 'baseline' };
const BASELINE_NAME = levelName(BASELINE);

interface Entry {
  readonly task: TrainingTask | PostTrainingTask;
  readonly name: string;
  state: 'waiting' | 'taken';
  failures: number;
  /** A baseline member that is done but whose weights were not kept: made again for the levels that need it, not reported. */
  readonly silent: boolean;
}

/** The members of a run that are still to be made, and who makes them next. */
export interface MemberQueue {
  /** Members that are waiting or being made. */
  readonly open: () => number;
  /** The next job with at most `limit` members to train, or null if nothing can begin now. */
  readonly take: (limit: number) => Job | null;
  /** Takes note of a finished member. True if it is new and asked for. */
  readonly finish: (result: MemberResult) => boolean;
  /** Puts back what a failed job left unfinished. Returns the members that are given up: failed three times, or without their baseline. */
  readonly giveBack: (job: Job) => readonly MemberKey[];
  /** Forgets failures, where the backend is to blame. */
  readonly forgive: () => void;
}

/**
 * The queue of a run: ordered by index, then baseline, then level, so that every level of the first members is there early.
 * Post-training members go with the job of their baseline member, or take the weights of one that is done.
 */
export function memberQueue({ plan, done }: Pick<RunRequest, 'plan' | 'done'>): MemberQueue {
  const doneNames = new Set(done.map(({ key }) => keyText(key)));
  /** Weights of finished baseline members, by index. */
  const weights = new Map<number, Float32Array>();
  for (const { key, weights: kept } of done)
    if (key.level === BASELINE_NAME && kept !== null) weights.set(key.index, kept);

  const entries = new Map<string, Entry>();
  for (let index = 0; index < plan.members; index++) {
    const tasks = [BASELINE, ...plan.levels].map((spec) => taskOf(spec, { level: levelName(spec), index }));
    const missing = tasks.filter(({ key }) => !doneNames.has(keyText(key)));
    const orphaned = missing.some(({ kind }) => kind === 'post-training') && !weights.has(index);
    for (const task of tasks) {
      const name = keyText(task.key);
      const silent = doneNames.has(name);
      const again = silent && orphaned && task.key.level === BASELINE_NAME;
      if (!silent || again) entries.set(name, { task, name, state: 'waiting', failures: 0, silent });
    }
  }

  const waiting = (): Entry[] => [...entries.values()].filter((entry) => entry.state === 'waiting');
  const ready = ({ task }: Entry): boolean => task.kind === 'training' || weights.has(task.key.index);

  const jobOf = (taken: readonly Entry[]): Job => {
    for (const entry of taken) entry.state = 'taken';
    const tasks = taken.map(({ task }) => task);
    return {
      training: tasks.filter((task) => task.kind === 'training'),
      postTraining: tasks
        .filter((task) => task.kind === 'post-training')
        .map((task) => ({ ...task, weights: weights.get(task.key.index) ?? null })),
    };
  };

  const take = (limit: number): Job | null => {
    const all = waiting();
    const first = all.find(ready);
    if (first === undefined) return null;
    if (first.failures >= ALONE_AFTER) return jobOf([first]);
    const steady = all.filter((entry) => entry.failures < ALONE_AFTER);
    const leading = steady.filter((entry) => entry.task.kind === first.task.kind && ready(entry)).slice(0, limit);
    if (first.task.kind === 'post-training') return jobOf(leading);
    const baselines = new Set(
      leading.filter(({ task }) => task.spec.kind === 'baseline').map(({ task }) => task.key.index),
    );
    const followers = steady.filter(({ task }) => task.kind === 'post-training' && baselines.has(task.key.index));
    return jobOf([...leading, ...followers]);
  };

  const finish = (result: MemberResult): boolean => {
    const name = keyText(result.key);
    const entry = entries.get(name);
    if (entry === undefined) return false;
    entries.delete(name);
    if (result.spec.kind === 'baseline') weights.set(result.key.index, result.weights);
    return !entry.silent;
  };

  const giveBack = (job: Job): readonly MemberKey[] => {
    const failed: MemberKey[] = [];
    for (const { key } of [...job.training, ...job.postTraining]) {
      const entry = entries.get(keyText(key));
      if (entry === undefined) continue; // finished before the job failed
      entry.state = 'waiting';
      // A post-training member has not had its turn while its baseline member is missing.
      if (ready(entry)) entry.failures += 1;
      if (entry.failures < MOST_FAILURES) continue;
      entries.delete(entry.name);
      if (!entry.silent) failed.push(key);
      if (key.level !== BASELINE_NAME) continue;
      for (const orphan of [...entries.values()]) {
        if (orphan.task.kind !== 'post-training' || orphan.task.key.index !== key.index) continue;
        entries.delete(orphan.name);
        failed.push(orphan.task.key);
      }
    }
    return failed;
  };

  return {
    open: () => entries.size,
    take,
    finish,
    giveBack,
    forgive: () => {
      for (const entry of entries.values()) entry.failures = 0;
    },
  };
}
