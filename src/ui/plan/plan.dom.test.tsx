import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { hookerSchedule } from '#compression/schedule.ts';
import { resetPlan, usePlan } from '#store/plan.ts';
import { useTraining } from '#store/training.ts';
import { planCost, relativeHalfWidth } from './plan-cost.ts';
import { PlanScreen } from './plan-screen.tsx';
import { dodge, moveSchedule, schedulePath } from './schedule-geometry.ts';

const answers = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 'yes' : 'no'));
const dataset: Dataset = {
  name: 'Small table',
  noun: ['person', 'people'],
  origin: { kind: 'files', names: [] },
  ids: answers.map((_, i) => String(i)),
  features: {
    kind: 'table',
    numeric: [{ name: 'age', numbers: Float64Array.from(answers, (_, i) => i) }],
    categorical: [],
  },
  columns: [categoricalColumn('again', answers)],
  split: Uint8Array.from(answers, (_, i) => (i < 300 ? 0 : 1)),
  hash: 'abc',
  remarks: [],
  question: { target: 'again', positive: 'yes', attributes: [], minCount: 10 },
};
const plan = () => {
  const { plan: current } = usePlan.getState();
  if (current === null) throw new Error('no plan');
  return current;
};

beforeEach(() => resetPlan(dataset, dataset.question));
afterEach(() => {
  cleanup();
  useTraining.setState({ status: 'idle' });
  usePlan.setState({ msPerMemberStep: null });
});

describe('the plan screen', () => {
  it('says what comes first while there are no data', () => {
    usePlan.setState({ plan: null });
    render(<PlanScreen />);
    expect(screen.getByRole('link', { name: 'Choose data' }).getAttribute('href')).toBe('#/data');
  });

  it('edits the plan field by field, which leaves the preset', () => {
    render(<PlanScreen />);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /One minute/ }).checked).toBe(true);
    for (const [label, value] of [
      ['Members a level', 7],
      ['Steps', 321],
      ['Batch size', 16],
      ['Learning rate', 0.02],
      ['Seed', 99],
    ] as const) {
      fireEvent.change(screen.getByLabelText(label), { target: { value: String(value) } });
    }
    expect(plan()).toMatchObject({ members: 7, steps: 321, batchSize: 16, learningRate: 0.02, seed: 99 });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /One minute/ }).checked).toBe(false);
  });

  it('says beside the field what cannot be run, and does not start', () => {
    render(<PlanScreen />);
    const members = screen.getByLabelText('Members a level');
    fireEvent.change(members, { target: { value: '0' } });
    expect(members.getAttribute('aria-invalid')).toBe('true');
    const problem = usePlan.getState().problems.find(({ field }) => field === 'members');
    expect(problem).toBeDefined();
    expect(
      document.getElementById((members.getAttribute('aria-describedby') ?? '').split(' ')[0] ?? '')?.textContent,
    ).toBe(problem?.message);
    expect(screen.getByRole('button', { name: 'Start training' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('takes levels away', () => {
    render(<PlanScreen />);
    const before = plan().levels.length;
    const [chip] = screen.getAllByRole('button', { name: /^Remove level/ });
    if (chip !== undefined) fireEvent.click(chip);
    expect(plan().levels).toHaveLength(before - 1);
  });

  it('moves start and freeze of every level by the keys', () => {
    render(<PlanScreen />);
    const begin = screen.getByRole('slider', { name: 'Pruning starts at step' });
    const was = Number(begin.getAttribute('aria-valuenow'));
    const by = Math.max(1, Math.round(plan().steps / 100));
    fireEvent.keyDown(begin, { key: 'ArrowRight' });
    for (const level of plan().levels) if (level.kind === 'pruned') expect(level.begin).toBe(was + by);
  });

  it('gives a time only once this machine was timed', () => {
    render(<PlanScreen />);
    expect(screen.getByText('Not timed yet')).toBeTruthy();
    cleanup();
    usePlan.setState({ msPerMemberStep: 60_000 / planCost(plan(), null).totalSteps });
    render(<PlanScreen />);
    expect(screen.getByText('51 to 69 s')).toBeTruthy();
  });

  it('waits for the run in hand', () => {
    useTraining.setState({ status: 'running' });
    render(<PlanScreen />);
    expect(screen.getByRole('button', { name: 'Start training', description: /A run is in hand/ })).toBeTruthy();
    expect(within(screen.getByRole('main')).getByRole('link', { name: 'Go to the training' })).toBeTruthy();
  });
});

describe('what a plan costs', () => {
  it('counts trained members, those made from the baseline, and steps', () => {
    const own = {
      ...plan(),
      members: 5,
      steps: 100,
      levels: [hookerSchedule(0.9, 100), { kind: 'fixed-int8', calibration: 100 } as const],
    };
    expect(planCost(own, null)).toEqual({ trained: 10, made: 5, totalSteps: 1000, timeMs: null });
    expect(planCost(own, 2).timeMs).toEqual({ low: 1700, high: 2300 });
  });
  it('knows the width of an interval: t(29) / sqrt(30) is 0.3734', () => {
    expect(relativeHalfWidth(30)).toBeCloseTo(2.04523 / Math.sqrt(30), 4);
    expect(relativeHalfWidth(1)).toBe(Infinity);
  });
});

describe('the schedule', () => {
  it('is a staircase from 0 at the start to the level at the freeze', () => {
    const path = schedulePath(
      { kind: 'pruned', semantics: 'hooker', sparsity: 0.5, begin: 0, end: 100, every: 50 },
      100,
    );
    // 40 ... 600 is the width of 100 steps; 0.5 (1 - 0.5^3) = 0.4375 after half of them; 216 - 200 s is the height
    expect(path).toBe('M40 216H40.0V216.0H320.0V128.5H600.0V116.0H600');
  });
  it('keeps start before freeze and freeze within the steps', () => {
    const spec = hookerSchedule(0.9, 1000);
    expect(moveSchedule(spec, 'begin', 5000, 1000).begin).toBe(spec.end - 1);
    expect(moveSchedule(spec, 'begin', -3, 1000).begin).toBe(0);
    expect(moveSchedule(spec, 'end', 5000, 1000).end).toBe(1000);
    expect(moveSchedule(spec, 'end', 0, 1000).end).toBe(spec.begin + 1);
  });
  it('keeps labels apart and in order', () => {
    expect(dodge([20, 18, 100], 15, 10, 216)).toEqual([33, 18, 100]);
    expect(dodge([210, 214], 15, 10, 216)[0]).toBeLessThan(dodge([210, 214], 15, 10, 216)[1] ?? 0);
    expect(dodge([], 15, 10, 216)).toEqual([]);
  });
});
