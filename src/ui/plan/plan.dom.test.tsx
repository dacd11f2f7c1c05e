import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { hookerSchedule, tfmotSchedule } from '#compression/schedule.ts';
import { levelName } from '#compression/spec.ts';
import { measurePace, resetPlan, usePlan } from '#store/plan.ts';
import { useTraining } from '#store/training.ts';
import { planTime, relativeHalfWidth } from './plan-cost.ts';
import { PlanScreen } from './plan-screen.tsx';
import { dodge, keyStep, moveSchedule, schedulePath } from './schedule-geometry.ts';

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
  usePlan.setState({ pace: null });
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
    measurePace(plan(), 60_000 / (usePlan.getState().costs?.totalSteps ?? 0));
    render(<PlanScreen />);
    expect(screen.getByText('51 to 69 s')).toBeTruthy();
    fireEvent.change(screen.getByLabelText('Units of a layer'), { target: { value: '64' } });
    expect(screen.getByText(/another model that was timed/)).toBeTruthy();
  });

  it('waits for the run in hand', () => {
    useTraining.setState({ status: 'running' });
    render(<PlanScreen />);
    expect(screen.getByRole('button', { name: 'Start training', description: /A run is in hand/ })).toBeTruthy();
    expect(within(screen.getByRole('main')).getByRole('link', { name: 'Go to the training' })).toBeTruthy();
  });
});

describe('more settings', () => {
  const choose = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  const images = { kind: 'images', width: 8, height: 8, channels: 1, pixels: new Uint8Array(400 * 64) } as const;

  it('are folded away at first', () => {
    render(<PlanScreen />);
    expect(screen.getByText('More settings').closest('details')?.open).toBe(false);
  });

  it('leave out what a table does not allow, with the reason beside it', () => {
    render(<PlanScreen />);
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'ResNet-8 (needs images)' }).disabled).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>('Move by up to').disabled).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /only for images/ }).disabled).toBe(true);
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'Logistic' }).disabled).toBe(false);
  });

  it('leave out the logistic loss with three classes', () => {
    const three = {
      ...dataset,
      columns: [
        categoricalColumn(
          'again',
          answers.map((_, i) => String(i % 3)),
        ),
      ],
    };
    resetPlan(three, { ...dataset.question, positive: '1' });
    render(<PlanScreen />);
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'Logistic (needs two classes)' }).disabled).toBe(true);
    expect(plan().loss).toBeUndefined();
  });

  it('take another model with its own recipe, and its size', () => {
    resetPlan({ ...dataset, features: images }, dataset.question);
    render(<PlanScreen />);
    choose('Model', 'resnet-8');
    choose('Stages', '2');
    choose('Filters of the first', '4');
    choose('Blocks of a stage', '3');
    expect(plan().model).toEqual({ kind: 'resnet-8', filters: [4, 8], blocks: 3 });
    choose('Stages', '5');
    expect(screen.getByLabelText('Model').getAttribute('aria-invalid')).toBe('true');
    choose('Model', 'mlp');
    expect(plan()).toMatchObject({ loss: 'logistic', model: { kind: 'mlp' } });
    choose('Model', 'cnn-small');
    expect('loss' in plan()).toBe(false);
    choose('Dense units', '0');
    expect(plan().model).toMatchObject({ kind: 'cnn-small', dense: [] });
  });

  it('set loss, optimizer, weight decay and views; what is usual stays absent', () => {
    resetPlan({ ...dataset, features: images }, dataset.question);
    render(<PlanScreen />);
    choose('Loss', 'logistic');
    choose('Optimizer', 'sgd');
    choose('Momentum', '0.8');
    choose('Weight decay', '0.01');
    fireEvent.click(screen.getByRole('checkbox', { name: /^Mirror/ }));
    choose('Move by up to', '2');
    expect(plan()).toMatchObject({
      loss: 'logistic',
      optimizer: { kind: 'sgd', momentum: 0.8, weightDecay: 0.01 },
      augmentation: { flip: true, shift: 2 },
    });
    choose('Move by up to', '0');
    fireEvent.click(screen.getByRole('checkbox', { name: /^Mirror/ }));
    choose('Loss', 'softmax');
    choose('Weight decay', '0');
    expect(Object.keys(plan())).not.toContain('augmentation');
    expect(Object.keys(plan())).not.toContain('loss');
    expect(plan().optimizer).toEqual({ kind: 'sgd', momentum: 0.8 });
  });

  it('draw the learning rate as it is set', () => {
    render(<PlanScreen />);
    choose('Learning rate', '0.01');
    choose('Rate over time', 'step');
    choose('Falls after steps', '100, 200');
    choose('Times', '0.1');
    expect(plan().schedule).toEqual({ kind: 'step', at: [100, 200], factor: 0.1 });
    expect(screen.getByRole('img', { name: /^Learning rate: 0.01 at step 1, .* 0.0001 at step 300$/ })).toBeTruthy();
    choose('Falls after steps', '200, 100');
    expect(screen.getByLabelText('Falls after steps').getAttribute('aria-invalid')).toBe('true');
    choose('Rate over time', 'cosine');
    choose('Steps of the rise', '10');
    expect(plan().schedule).toEqual({ kind: 'cosine', warmup: 10 });
    choose('Rate over time', 'constant');
    expect(Object.keys(plan())).not.toContain('schedule');
  });

  it('prune as TensorFlow does, with another interval where it divides the span', () => {
    render(<PlanScreen />);
    choose('Pruning follows', 'tfmot');
    expect(plan().levels.map(levelName).slice(0, 3)).toEqual(['tfmot-0.5', 'tfmot-0.9', 'tfmot-0.95']);
    expect(screen.getByText(/set to 0 and must outgrow others/)).toBeTruthy();
    choose('Prune every', '50');
    expect(within(screen.getByRole('region', { name: 'Levels' })).getByText(/short of its sparsity/)).toBeTruthy();
  });
});

/** Beside its control, not only with the button that it blocks. */
const BESIDE = { selector: '.problem *' };

describe('adding a level', () => {
  beforeEach(() => {
    // jsdom has no modal dialogs.
    HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
      this.open = false;
    };
  });
  const dialog = () => {
    fireEvent.click(screen.getByRole('button', { name: '+ level' }));
    return within(screen.getByRole('dialog', { name: 'Add a level' }));
  };

  it('takes both ways of pruning side by side', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.change(inside.getByLabelText('Weights removed, in percent'), { target: { value: '90' } });
    fireEvent.click(inside.getByRole('radio', { name: 'TensorFlow' }));
    expect(inside.getByText(/each as much work as a baseline member/)).toBeTruthy();
    fireEvent.click(inside.getByRole('button', { name: 'Add the level' }));
    expect(plan().levels.map(levelName)).toEqual([
      'pruned-0.5',
      'pruned-0.9',
      'pruned-0.95',
      'tfmot-0.9',
      'hybrid-int8',
      'fixed-int8',
    ]);
    expect(usePlan.getState().problems).toEqual([]);
    expect(screen.getByLabelText<HTMLSelectElement>('Pruning follows').value).toBe('both');
  });

  it('says what rounding while training costs, and moves its start with the steps', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.click(inside.getByRole('radio', { name: 'QAT int8' }));
    const float = inside.getByLabelText('Steps in float first');
    fireEvent.change(float, { target: { value: '300' } });
    expect(float.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(float, { target: { value: '30' } });
    expect(inside.getByText(/^Costs 10 members of 300 steps/)).toBeTruthy();
    fireEvent.click(inside.getByRole('button', { name: 'Add the level' }));
    expect(plan().levels.at(-1)).toEqual({ kind: 'qat-int8', begin: 30, calibration: 100 });
    fireEvent.change(screen.getByLabelText('Steps'), { target: { value: '100' } });
    expect(plan().levels.at(-1)).toMatchObject({ begin: 10 });
  });

  it('takes weights of fewer bits, and ranges from examples that are drawn', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.click(inside.getByRole('radio', { name: 'fixed int8' }));
    fireEvent.click(inside.getByRole('radio', { name: '4' }));
    const examples = inside.getByLabelText('Calibration examples');
    fireEvent.change(examples, { target: { value: '0' } });
    expect(examples.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(examples, { target: { value: '20' } });
    fireEvent.click(inside.getByRole('radio', { name: 'balanced' }));
    fireEvent.click(inside.getByRole('button', { name: 'Add the level' }));
    const draw = { kind: 'balanced', seed: plan().seed };
    expect(plan().levels.at(-1)).toEqual({ kind: 'fixed-int8', calibration: 20, draw, bits: 4 });
    expect(plan().levels.map(levelName).slice(-2)).toEqual(['fixed-int8', 'fixed-int4']);
    expect(usePlan.getState().problems).toEqual([]);
  });

  it('compares weights over the whole model, beside layer by layer', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.change(inside.getByLabelText('Weights removed, in percent'), { target: { value: '90' } });
    fireEvent.click(inside.getByRole('radio', { name: 'over the whole model' }));
    fireEvent.click(inside.getByRole('button', { name: 'Add the level' }));
    expect(plan().levels.map(levelName).slice(2, 4)).toEqual(['pruned-0.95', 'global-0.9']);
    expect(usePlan.getState().problems).toEqual([]);
    fireEvent.change(screen.getByLabelText('Steps'), { target: { value: '100' } });
    expect(plan().levels[3]).toMatchObject({ scope: 'global', end: 90 });
  });

  it('removes whole filters and neurons, and refuses where none would go', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.click(inside.getByRole('radio', { name: 'remove filters' }));
    const share = inside.getByLabelText('Filters and neurons removed, in percent');
    fireEvent.change(share, { target: { value: '0.1' } });
    expect(share.getAttribute('aria-invalid')).toBe('true');
    expect(inside.getByText(/^No layer of this model has so many filters or neurons/, BESIDE)).toBeTruthy();
    const add = inside.getByRole('button', { name: 'Add the level' });
    expect(add.getAttribute('aria-disabled')).toBe('true');
    fireEvent.change(share, { target: { value: '25' } });
    fireEvent.click(inside.getByRole('radio', { name: 'L2' }));
    fireEvent.click(add);
    expect(plan().levels.map(levelName)).toContain('filters-l2-0.25');
    expect(usePlan.getState().problems).toEqual([]);
    fireEvent.change(screen.getByLabelText('Steps'), { target: { value: '100' } });
    expect(plan().levels.find(({ kind }) => kind === 'structured')).toMatchObject({ begin: 10, end: 90, norm: 'l2' });
  });

  it('distils into a student half as wide at first, which must be smaller than its teacher', () => {
    render(<PlanScreen />);
    const inside = dialog();
    fireEvent.click(inside.getByRole('radio', { name: 'smaller student' }));
    expect(inside.getByText('Student: 8 hidden layers of 16. Teacher: 8 hidden layers of 32.')).toBeTruthy();
    expect(
      inside.getByText(/each about 0\.\d times as much work as a baseline member; up to .* on disk\.$/),
    ).toBeTruthy();
    const width = inside.getByLabelText('Units of a layer (student)');
    fireEvent.change(width, { target: { value: '32' } });
    expect(inside.getByText(/a distilled model must be the smaller one\.$/, BESIDE)).toBeTruthy();
    fireEvent.change(width, { target: { value: '8' } });
    fireEvent.change(inside.getByLabelText('Hidden layers (student)'), { target: { value: '2' } });
    fireEvent.change(inside.getByLabelText('Temperature'), { target: { value: '2' } });
    fireEvent.change(inside.getByLabelText('Weight of the teacher, in percent'), { target: { value: '50' } });
    fireEvent.click(inside.getByRole('button', { name: 'Add the level' }));
    expect(plan().levels.find(({ kind }) => kind === 'distilled')).toEqual({
      ...{ kind: 'distilled', student: { kind: 'mlp', hidden: [8, 8] }, temperature: 2, weight: 0.5 },
    });
    expect(usePlan.getState().problems).toEqual([]);
  });

  it('rounds what another stage has trained, and says why some stages cannot follow each other', () => {
    render(<PlanScreen />);
    const inside = dialog();
    const add = inside.getByRole('button', { name: 'Add the level' });
    fireEvent.click(inside.getByRole('radio', { name: 'QAT int8' }));
    fireEvent.click(inside.getByRole('radio', { name: 'round, fixed' }));
    expect(inside.getByText(/quantization-aware training ends with int8 already/, BESIDE)).toBeTruthy();
    expect(add.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(inside.getByRole('radio', { name: 'fixed int8' }));
    fireEvent.click(inside.getByRole('radio', { name: 'round, hybrid' }));
    expect(inside.getByText(/weights can be rounded once/, BESIDE)).toBeTruthy();
    fireEvent.click(inside.getByRole('radio', { name: 'remove weights' }));
    fireEvent.change(inside.getByLabelText('Weights removed, in percent'), { target: { value: '90' } });
    fireEvent.click(inside.getByRole('radio', { name: 'round, fixed' }));
    fireEvent.click(inside.getByRole('radio', { name: '4' }));
    expect(inside.getByText(/^Costs no training: its members are made from finished ones/)).toBeTruthy();
    fireEvent.click(add);
    expect(plan().levels.map(levelName).at(-1)).toBe('pruned-0.9+fixed-int4');
    expect(screen.getByRole('button', { name: 'Remove level 0.9 + fixed int4' })).toBeTruthy();
    expect(usePlan.getState().problems).toEqual([]);
    fireEvent.keyDown(screen.getByRole('slider', { name: 'Pruning starts at step' }), { key: 'ArrowRight' });
    fireEvent.change(screen.getByLabelText('Prune every'), { target: { value: '9' } });
    expect(usePlan.getState().problems).toEqual([]);
    expect(plan().levels.at(-1)).toMatchObject({ stages: [{ every: 9 }, { kind: 'fixed-int8', bits: 4 }] });
  });

  it('lists what every level costs', () => {
    render(<PlanScreen />);
    const levels = within(screen.getByRole('region', { name: 'Levels' }));
    fireEvent.click(levels.getByRole('button', { name: 'Show as table' }));
    const rows = levels.getAllByRole('row').map((row) => row.textContent);
    expect(rows).toHaveLength(1 + 6);
    expect(rows[1]).toMatch(/^Baseline101\.00 ×25 %\d+\.?\d*\u00a0kB\d+\u00a0kB$/);
    expect(rows.at(-1)).toMatch(/^fixed int80, made——\d/);
  });
});

describe('what a plan costs', () => {
  it('is timed by the operations of its steps, less surely where another model was timed', () => {
    const { costs } = usePlan.getState();
    if (costs === null) throw new Error('no costs');
    expect(planTime({ costs, pace: null })).toBeNull();
    const pace = { msPerOperation: 1000 / costs.operations, macsStep: costs.member.macsStep };
    expect(planTime({ costs, pace })).toEqual({ low: 850, high: 1150, ofAnother: false });
    expect(planTime({ costs, pace: { ...pace, macsStep: 1 } })).toEqual({ low: 500, high: 1500, ofAnother: true });
  });
  it('knows the width of an interval: t(29) / sqrt(30) is 0.3734', () => {
    expect(relativeHalfWidth(30)).toBeCloseTo(2.04523 / Math.sqrt(30), 4);
    expect(relativeHalfWidth(1)).toBe(Infinity);
  });
});

describe('the schedule', () => {
  it('is a staircase from 0 at the start to the level at the freeze', () => {
    const path = schedulePath({ semantics: 'hooker', sparsity: 0.5, begin: 0, end: 100, every: 50 }, 100);
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
  it('moves by whole intervals where TensorFlow prunes', () => {
    const spec = tfmotSchedule(0.9, 1000); // 100 to 900 every 50
    expect(moveSchedule(spec, 'begin', 130, 1000)).toMatchObject({ begin: 150, end: 900 });
    expect(moveSchedule(spec, 'end', 870, 1000)).toMatchObject({ begin: 100, end: 850 });
    expect(moveSchedule({ ...spec, begin: 120, end: 920 }, 'end', 2000, 1000).end).toBe(970);
    expect(moveSchedule(spec, 'begin', -90, 1000).begin).toBe(0);
    expect(keyStep([spec], 1000)).toBe(50);
    expect(keyStep([hookerSchedule(0.9, 1000)], 1000)).toBe(10);
  });
  it('keeps labels apart and in order', () => {
    expect(dodge([20, 18, 100], 15, 10, 216)).toEqual([33, 18, 100]);
    expect(dodge([210, 214], 15, 10, 216)[0]).toBeLessThan(dodge([210, 214], 15, 10, 216)[1] ?? 0);
    expect(dodge([], 15, 10, 216)).toEqual([]);
  });
});
