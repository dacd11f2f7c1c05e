import { expect, it } from 'vitest';
import { levelName, type PipelineSpec, type StageSpec } from '#compression/spec.ts';
import type { MemberResult, RunEvent } from '#engine/protocol/run.ts';
import { tinyPlan } from '#testing/tiny-run.ts';
import { trainingPace } from './training-pace.ts';

const after = (trained: StageSpec, bits: 8 | 4): PipelineSpec => ({
  kind: 'pipeline',
  stages: [trained, { kind: 'fixed-int8', calibration: 5, bits }],
});
const [PRUNED] = tinyPlan().levels as [StageSpec];
const HIDDEN: StageSpec = { kind: 'structured', norm: 'l1', sparsity: 0.5, begin: 2, end: 20, every: 3 };
const plan = tinyPlan({ levels: [PRUNED, after(PRUNED, 8), after(HIDDEN, 8), after(HIDDEN, 4)] });
const names = ['baseline', ...plan.levels.map(levelName)];

it('counts the steps of members, those of stages trained only for pipelines once, and of nothing that is made', () => {
  const todo = names.map((level) => ({ level, index: 0 }));
  let time = 0;
  const pace = trainingPace(plan, todo, todo.length, () => time);
  const finished = (level: string): RunEvent => ({
    kind: 'member',
    result: { key: { level, index: 0 } } as MemberResult, // as much of it as is looked at
  });
  const at = (level: string, step: number): RunEvent => ({
    kind: 'progress',
    training: [{ key: { level, index: 0 }, step, loss: null }],
  });
  pace.hear(at('baseline', 0));
  time = 1000;
  pace.hear(finished('baseline'));
  expect(pace.memberSteps()).toBe(24);
  pace.hear(at('filters-0.5', 0));
  pace.hear(at('filters-0.5', 12));
  expect(pace.memberSteps()).toBe(36);
  expect(pace.words()).toBe('1 of 5 members, 36 member-steps/s, about 1 s left'); // 36 of 72 steps
  pace.hear(finished('filters-0.5+fixed-int8'));
  pace.hear({ kind: 'progress', training: [] });
  pace.hear(finished('filters-0.5+fixed-int4'));
  expect(pace.memberSteps()).toBe(48);
  pace.hear(finished('pruned-0.5'));
  pace.hear(finished('pruned-0.5+fixed-int8'));
  expect(pace.memberSteps()).toBe(72);
  expect(pace.words()).toMatch(/^5 of 5 members.* 0 s left$/u);
});
