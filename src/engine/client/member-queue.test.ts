import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelName } from '#compression/spec.ts';
import type { PipelineSpec, StageSpec } from '#compression/spec.ts';
import { memberQueue } from '#engine/client/member-queue.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberKey, MemberResult } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import type { Job } from '#engine/protocol/worker-methods.ts';
import { tinyPlan } from '#testing/tiny-run.ts';

const tasksOf = (job: Job | null) => [...(job?.training ?? []), ...(job?.postTraining ?? [])];
const namesOf = (job: Job | null): string[] => tasksOf(job).map(({ key }) => keyText(key));
/** As much of a result as the queue looks at. */
const resultOf = (task: ReturnType<typeof tasksOf>[number]): MemberResult => ({
  key: task.key,
  spec: task.spec,
  weights: Float32Array.of(task.key.index),
  predictions: new Uint16Array(),
  accuracy: 0,
  lossCurve: new Float32Array(),
  diverged: false,
  sparsity: { planned: 0, achieved: 0, wholeModel: 0 },
  tensors: [],
  activations: [],
  sizes: { denseBytes: 0, sparseBytes: 0, int8Bytes: 0 },
  durationMs: 0,
  backend: 'reference',
});
/** As much of a checkpoint as the queue looks at. */
const checkpointOf = (job: Job): Checkpoint => ({
  members: job.training.map(({ key }) => key),
  fits: '',
  step: 3,
  chunk: new Float32Array(),
  folded: false,
  masks: new Uint8Array(),
  orders: [],
  views: null,
  curves: [],
  diverged: [],
  losses: null,
  elapsedMs: 0,
});
const PRUNED = { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 2, end: 20, every: 3 } as const;
const STUDENT = { kind: 'distilled', student: { kind: 'mlp', hidden: [2] }, temperature: 4, weight: 0.9 } as const;
const after = (stage: StageSpec, bits: 8 | 4 = 8): PipelineSpec => ({
  kind: 'pipeline',
  stages: [stage, { kind: 'fixed-int8', calibration: 10, bits }],
});
const HIDDEN = { ...PRUNED, sparsity: 0.7 } as const;
const QUANTIZED_STUDENT = after(STUDENT);
const failTwice = (queue: ReturnType<typeof memberQueue>, limit: number): MemberKey[] =>
  [1, 2].flatMap(() => [...queue.giveBack(queue.take(limit)!)]);

describe('the queue of members', () => {
  it('goes by index, then baseline, then level, and quantized members go with their baseline', () => {
    const queue = memberQueue({ plan: tinyPlan(), done: [] });
    expect(namesOf(queue.take(1))).toEqual(['baseline 0', 'hybrid-int8 0', 'fixed-int8 0']);
    expect(namesOf(queue.take(1))).toEqual(['pruned-0.5 0']);
    expect(namesOf(queue.take(1))).toEqual(['pruned-0.9 0']);
    expect(namesOf(queue.take(2))).toEqual(['baseline 1', 'pruned-0.5 1', 'hybrid-int8 1', 'fixed-int8 1']);
    expect(namesOf(queue.take(8))).toEqual(['pruned-0.9 1']);
    expect(queue.take(8)).toBeNull();
    expect(queue.open()).toBe(10);
  });

  it('puts two members of every level first, then the slow levels, the baseline last', () => {
    const tiny = tinyPlan();
    const aware = { kind: 'qat-int8', begin: 4, calibration: 5 } as const;
    const queue = memberQueue({ plan: { ...tiny, members: 4, levels: [...tiny.levels.slice(1, 3), aware] }, done: [] });
    const order = Array.from({ length: 12 }, () => namesOf(queue.take(1))[0]);
    expect(order).toEqual([
      'baseline 0',
      'pruned-0.9 0',
      'qat-int8 0',
      'baseline 1',
      'pruned-0.9 1',
      'qat-int8 1',
      'qat-int8 2',
      'qat-int8 3',
      'pruned-0.9 2',
      'pruned-0.9 3',
      'baseline 2',
      'baseline 3',
    ]);
  });

  it('makes only what can share a chunk together', () => {
    const tfmot = { kind: 'pruned', semantics: 'tfmot', sparsity: 0.5, begin: 2, end: 20, every: 3 } as const;
    const aware = { kind: 'qat-int8', begin: 4, calibration: 5 } as const;
    const hooker = { ...tfmot, semantics: 'hooker' } as const;
    const queue = memberQueue({ plan: tinyPlan({ levels: [tfmot, aware, hooker] }), done: [] });
    expect(namesOf(queue.take(8))).toEqual(['baseline 0', 'pruned-0.5 0', 'baseline 1', 'pruned-0.5 1']);
    expect(namesOf(queue.take(8))).toEqual(['tfmot-0.5 0', 'tfmot-0.5 1']);
    expect(namesOf(queue.take(8))).toEqual(['qat-int8 0', 'qat-int8 1']);
  });

  it('lets students wait for their teachers, and hands those over', () => {
    const queue = memberQueue({ plan: tinyPlan({ members: 1, levels: [STUDENT, QUANTIZED_STUDENT] }), done: [] });
    const teaching = queue.take(8)!;
    expect(namesOf(teaching)).toEqual(['baseline 0']);
    expect(queue.take(8)).toBeNull();
    queue.finish({ ...resultOf(teaching.training[0]!), weights: Float32Array.of(5) });
    const learning = queue.take(8)!;
    expect(namesOf(learning)).toEqual(['distilled-mlp-2 0', 'distilled-mlp-2+fixed-int8 0']);
    expect(learning.training[0]?.teacher).toEqual(Float32Array.of(5));
    expect(learning.postTraining[0]?.weights).toBeNull(); // it comes with the job
  });

  it('makes a stage that is a level once, and one that is none for its pipelines only', () => {
    const half = { kind: 'structured', norm: 'l1', sparsity: 0.5, begin: 2, end: 20, every: 3 } as const;
    const levels = [PRUNED, after(PRUNED), after(half), after(half, 4)];
    const queue = memberQueue({ plan: tinyPlan({ members: 1, levels }), done: [] });
    const first = queue.take(8)!;
    expect(namesOf(first)).toEqual(['baseline 0', 'pruned-0.9 0', 'pruned-0.9+fixed-int8 0']);
    const second = queue.take(8)!;
    expect(namesOf(second)).toEqual(['filters-0.5 0', 'filters-0.5+fixed-int8 0', 'filters-0.5+fixed-int4 0']);
    expect(queue.open()).toBe(6);
    expect(tasksOf(second).map((task) => queue.finish(resultOf(task)))).toEqual([false, true, true]);
    expect(tasksOf(first).map((task) => queue.finish(resultOf(task)))).toEqual([true, true, true]);
    expect(queue.open()).toBe(0);
  });

  it('of an earlier run makes again only what is needed and was not kept', () => {
    const levels = [STUDENT, QUANTIZED_STUDENT, PRUNED, after(PRUNED)];
    const plan = tinyPlan({ members: 1, levels });
    const doneOf = (level: string, weights: Float32Array | null = null) => ({ key: { level, index: 0 }, weights });
    const namesAfter = (...done: ReturnType<typeof doneOf>[]): string[] => {
      const queue = memberQueue({ plan, done });
      const names: string[] = [];
      for (let job = queue.take(1); job !== null; job = queue.take(1)) {
        names.push(...namesOf(job));
        for (const task of tasksOf(job)) queue.finish(resultOf(task));
      }
      return names;
    };
    const kept = Float32Array.of(1);
    const rest = [doneOf('pruned-0.9'), doneOf('pruned-0.9+fixed-int8')];
    expect(namesAfter(doneOf('baseline'), doneOf('distilled-mlp-2', kept), ...rest)).toEqual([
      'distilled-mlp-2+fixed-int8 0',
    ]);
    expect(namesAfter(doneOf('baseline'), doneOf('distilled-mlp-2'), ...rest)).toEqual([
      'baseline 0', // the teacher of a student that is made again
      'distilled-mlp-2 0',
      'distilled-mlp-2+fixed-int8 0',
    ]);
    expect(namesAfter(doneOf('baseline'), doneOf('distilled-mlp-2+fixed-int8'), doneOf('distilled-mlp-2'))).toEqual([
      'pruned-0.9 0',
      'pruned-0.9+fixed-int8 0',
    ]);
  });

  it('gives up with a teacher all that would have come of it', () => {
    const queue = memberQueue({ plan: tinyPlan({ members: 1, levels: [STUDENT, QUANTIZED_STUDENT] }), done: [] });
    expect(failTwice(queue, 8)).toEqual([]);
    expect(queue.giveBack(queue.take(8)!).map(keyText)).toEqual([
      'baseline 0',
      'distilled-mlp-2 0',
      'distilled-mlp-2+fixed-int8 0',
    ]);
    expect(queue.open()).toBe(0);
  });

  it('quantizes from the weights of baseline members that are done', () => {
    const done = [{ key: { level: 'baseline', index: 0 }, weights: Float32Array.of(7) }];
    const queue = memberQueue({ plan: tinyPlan({ members: 1 }), done });
    expect(namesOf(queue.take(8))).toEqual(['pruned-0.5 0', 'pruned-0.9 0']);
    const job = queue.take(8);
    expect(job?.training).toEqual([]);
    expect(job?.postTraining.map(({ weights }) => weights)).toEqual([Float32Array.of(7), Float32Array.of(7)]);
  });

  it('takes a member that failed twice alone, and gives it up at the third failure', () => {
    const queue = memberQueue({ plan: tinyPlan({ members: 1 }), done: [] });
    expect(failTwice(queue, 8)).toEqual([]);
    const alone = queue.take(8)!;
    expect(namesOf(alone)).toEqual(['baseline 0']);
    expect(queue.giveBack(alone).map(keyText)).toEqual(['baseline 0', 'hybrid-int8 0', 'fixed-int8 0']);
    expect(namesOf(queue.take(8))).toEqual(['pruned-0.5 0']);
  });

  it('goes on from a checkpoint first, with the same members, until they failed twice', () => {
    const queue = memberQueue({ plan: tinyPlan(), done: [] });
    const job = queue.take(2)!;
    const checkpoint = checkpointOf(job);
    queue.checkpoint(checkpoint);
    expect(queue.take(2)?.checkpoint).toBeUndefined(); // its members are being made
    queue.giveBack(job);
    const again = queue.take(8)!;
    expect(again.checkpoint).toBe(checkpoint);
    expect(namesOf(again)).toEqual(namesOf(job));
    queue.giveBack(again);
    const alone = queue.take(8)!;
    expect(alone.checkpoint).toBeUndefined();

    const narrow = memberQueue({ plan: tinyPlan(), done: [], checkpoints: [checkpoint] });
    expect(narrow.take(1)?.checkpoint).toBeUndefined(); // too many members for this worker
  });

  it('takes up the checkpoints of an earlier run, and none of members that are done since', () => {
    const earlier = memberQueue({ plan: tinyPlan(), done: [] });
    const [first, second] = [checkpointOf(earlier.take(1)!), checkpointOf(earlier.take(1)!)];
    const done = [{ key: second.members[0]!, weights: null }];
    const queue = memberQueue({ plan: tinyPlan(), done, checkpoints: [second, first] });
    const job = queue.take(1)!;
    expect(job.checkpoint).toBe(first);
    expect(namesOf(job)).toEqual(['baseline 0', 'hybrid-int8 0', 'fixed-int8 0']);
    queue.finish(resultOf(job.training[0]!));
    queue.giveBack(job);
    expect(namesOf(queue.take(8))).not.toContain('baseline 0');
  });

  it('takes up the checkpoint of a student only where its teacher is there', () => {
    const plan = tinyPlan({ members: 1, levels: [STUDENT] });
    const learning = { training: [{ kind: 'training', key: { level: 'distilled-mlp-2', index: 0 }, spec: STUDENT }] };
    const checkpoint = checkpointOf({ ...learning, postTraining: [] } as Job);
    const done = [{ key: { level: 'baseline', index: 0 }, weights: null }];
    const queue = memberQueue({ plan, done, checkpoints: [checkpoint] });
    const again = queue.take(8)!;
    expect(namesOf(again)).toEqual(['baseline 0']);
    queue.finish(resultOf(again.training[0]!));
    const job = queue.take(8)!;
    expect(job.checkpoint).toBe(checkpoint);
    expect(job.training[0]?.teacher).toEqual(Float32Array.of(0));
  });

  it('drops checkpoints where the backend is to blame', () => {
    const queue = memberQueue({ plan: tinyPlan(), done: [] });
    const job = queue.take(1)!;
    queue.checkpoint(checkpointOf(job));
    queue.giveBack(job);
    queue.forgive();
    expect(queue.take(1)?.checkpoint).toBeUndefined();
  });

  it('forgives failures that were the fault of a backend', () => {
    const queue = memberQueue({ plan: tinyPlan({ members: 1 }), done: [] });
    failTwice(queue, 8);
    queue.forgive();
    expect(namesOf(queue.take(8))).toHaveLength(5);
  });

  it('counts a failed job only against members that it left unfinished', () => {
    const queue = memberQueue({ plan: tinyPlan({ members: 1 }), done: [] });
    const job = queue.take(8)!;
    expect(queue.finish(resultOf(job.training[0]!))).toBe(true);
    expect(queue.finish(resultOf(job.training[0]!))).toBe(false); // told twice
    queue.giveBack(job);
    expect(namesOf(queue.take(8))).toEqual(['pruned-0.5 0', 'pruned-0.9 0']);
    expect(queue.take(8)?.postTraining.map(({ weights }) => weights)).toEqual([Float32Array.of(0), Float32Array.of(0)]);
  });

  it('ends with every member made or given up exactly once, whatever fails and whatever is taken together', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.record({ limit: fc.integer({ min: 1, max: 8 }), finishes: fc.nat(6) }), { maxLength: 30 }),
        fc.subarray(['baseline 0', 'pruned-0.9 1', 'hybrid-int8 1', 'distilled-mlp-2 0']),
        (members, script, doneNames) => {
          const done = doneNames.map((name) => {
            const [level, index] = name.split(' ');
            return { key: { level: level!, index: Number(index) }, weights: null };
          });
          const levels = [...tinyPlan().levels, STUDENT, QUANTIZED_STUDENT, after(PRUNED), after(HIDDEN)];
          const queue = memberQueue({ plan: tinyPlan({ members, levels }), done });
          const ended: string[] = [];
          for (let turn = 0; queue.open() > 0; turn++) {
            const { limit, finishes } = script[turn] ?? { limit: 3, finishes: 100 };
            const job = queue.take(limit)!;
            for (const task of tasksOf(job).slice(0, finishes))
              if (queue.finish(resultOf(task))) ended.push(keyText(task.key));
            ended.push(...queue.giveBack(job).map(keyText));
          }
          const all = ['baseline', ...levels.map(levelName)].flatMap((level) =>
            Array.from({ length: members }, (_, i) => `${level} ${String(i)}`),
          );
          expect(ended.sort()).toEqual(all.filter((name) => !doneNames.includes(name)).sort());
        },
      ),
    );
  });
});
