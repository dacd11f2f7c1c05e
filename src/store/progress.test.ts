import { expect, test } from 'vitest';
import { levelName, type StageSpec } from '#compression/spec.ts';
import { memberResult, tinyPlan } from '#testing/records.ts';
import { keyText, levelProgress, paceHistory, timeLeft, trainedSteps } from './progress.ts';

const results = new Map(
  [memberResult('baseline', 0), memberResult('baseline', 1)].map((result) => [keyText(result.key), result]),
);

test('every member is a cell: done, in training, failed or waiting', () => {
  const running = [{ key: { level: 'pruned-0.9', index: 0 }, step: 5, loss: 0.4 }];
  const levels = levelProgress(tinyPlan(), results, running, new Set(['baseline/2']), null);
  expect(levels.map((level) => [level.level, level.cells.map((cell) => cell.state)])).toEqual([
    ['baseline', ['done', 'done', 'failed']],
    ['pruned-0.9', ['training', 'waiting', 'waiting']],
  ]);
  expect(levels[1]?.cells[0]?.progress).toBe(0.5);
  expect(levels[0]?.loss).toEqual([
    [1, expect.closeTo(0.7)],
    [10, 0.5],
  ]);
  expect(levels[1]?.accuracy.value).toBeNull();
});

test('steps of members in training count', () => {
  const running = [{ key: { level: 'pruned-0.9', index: 0 }, step: 5, loss: null }];
  expect(trainedSteps(tinyPlan(), results, running)).toEqual({ done: 25, planned: 60 });
});

test('a population that is trained for pipelines only is behind them once a member of one of them is', () => {
  const [pruned] = tinyPlan().levels;
  const after = (bits: 8 | 4) =>
    ({ kind: 'pipeline', stages: [pruned as StageSpec, { kind: 'fixed-int8', calibration: 5, bits }] }) as const;
  const plan = { ...tinyPlan(), levels: [after(8), after(4)] };
  const made = plan.levels.map((spec) => ({ ...memberResult(levelName(spec), 1), spec }));
  const all = new Map([...results.values(), ...made].map((result) => [keyText(result.key), result]));
  expect(trainedSteps(plan, all, [])).toEqual({ done: 30, planned: 60 });
});

test('the time left is a range around the pace so far, and unknown before any step', () => {
  expect(timeLeft({ done: 0, planned: 60 }, 1000, [])).toBeNull();
  expect(timeLeft({ done: -5, planned: 60 }, 1000, [])).toBeNull(); // saved members that wait for their turn
  const left = timeLeft({ done: 30, planned: 60 }, 3000, [1000, 1000, 1000, 1000]);
  expect(left?.low).toBeCloseTo(2700);
  expect(left?.high).toBeCloseTo(3300);
  expect(timeLeft({ done: 60, planned: 60 }, 3000, [])?.high).toBe(0);
});

test('moments fall into equal spans, the last one included', () => {
  expect(paceHistory([0, 49, 50, 100], 100, 2)).toEqual([2, 2]);
});
