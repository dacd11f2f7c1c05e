import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { useEvidence } from '#store/evidence.ts';
import { deleteAudit, openAudit } from '#store/library.ts';
import { usePlan } from '#store/plan.ts';
import { pauseTraining, resumeTraining, startTraining, stopTraining, useTraining } from '#store/training.ts';
import type { LevelProgress } from '#store/state.ts';
import type { Repository } from '#storage/repository.ts';
import { openSmallAudit } from '#testing/small-audit.ts';
import { PopulationGrid } from './population-grid.tsx';
import { TrainingScreen } from './training-screen.tsx';

/** Real members are trained on this thread: the stores are asked, for looking through the page each time would hold them up. */
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
let repository: Repository;

vi.setConfig({ testTimeout: 30_000 });
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = vi.fn();
});
beforeEach(() => {
  repository = openSmallAudit();
});
afterEach(async () => {
  cleanup();
  const { auditId } = useTraining.getState();
  if (auditId !== null) await deleteAudit(auditId);
});

const button = (name: RegExp | string) => screen.queryByRole('button', { name });
const status = (): string => useTraining.getState().status;

describe('the training screen', () => {
  it('says what comes first, with the way there', () => {
    render(<TrainingScreen />);
    expect(screen.getByRole('link', { name: 'Go to the plan' }).getAttribute('href')).toBe('#/plan');
    cleanup();
    usePlan.setState({ plan: null });
    render(<TrainingScreen />);
    expect(screen.getByRole('link', { name: 'Choose data' }).getAttribute('href')).toBe('#/data');
  });

  it('fills a cell for every member, says how many, and leads to the evidence', async () => {
    render(<TrainingScreen />);
    await startTraining();
    const planned = 4 * 4;
    await until(() => status() === 'done');
    expect(screen.getByRole('heading', { name: `All ${String(planned)} members are in` })).toBeTruthy();
    const grid = within(screen.getByRole('region', { name: 'Populations' }));
    expect(grid.getAllByRole('img').map((row) => row.getAttribute('aria-label'))).toEqual(
      ['Baseline', '0.5', '0.9', 'hybrid int8'].map((level) => `${level}: 4 of 4 members done`),
    );
    expect(screen.getByRole('status').textContent).toBe('Done: 16 of 16 members trained.');
    expect(screen.getByRole('link', { name: 'See the evidence' }).getAttribute('href')).toBe('#/evidence');
    expect(button('Pause')).toBeNull();
    expect(button(/^Stop/)).toBeNull();
    await until(() => useEvidence.getState().state.kind === 'ready');
    const [kept] = await repository.audits();
    expect(kept).toMatchObject({ status: 'done', members: planned });
  });

  it('pauses, goes on, stops with what there is, and trains the rest on request', async () => {
    openSmallAudit({ steps: 60 });
    render(<TrainingScreen />);
    await startTraining();
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(status()).toBe('paused');
    expect(button('Resume')).toBeTruthy();
    // Its backend is admitted meanwhile: that does not wake it.
    await until(() => useTraining.getState().admission !== null);
    expect(status()).toBe('paused');
    fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
    await until(() => useTraining.getState().done > 0);
    fireEvent.click(await screen.findByRole('button', { name: /^Stop and keep [1-9]/ }));
    await until(() => status() === 'stopped');
    const { done, planned } = useTraining.getState();
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(planned);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      `${String(done)} of ${String(planned)} members trained`,
    );
    expect(screen.queryByText('Ready in')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
    await until(() => useTraining.getState().done > done);
  });

  it('names the backend that runs, and every one that was tried', async () => {
    render(<TrainingScreen />);
    await startTraining();
    await until(() => status() === 'done');
    expect(screen.getByText(/^Ran on SIMD WebAssembly on 2 CPU cores\.$/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Details' }));
    const table = within(screen.getByRole('dialog', { name: 'Which backend runs, and why' }));
    expect(table.getByRole('row', { name: /SIMD WebAssembly passed/ })).toBeTruthy();
  });

  it('offers all cores where one is left to the page, and remembers the answer', async () => {
    vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(2);
    openSmallAudit({ steps: 60 });
    render(<TrainingScreen />);
    await startTraining();
    await until(() => status() === 'running');
    expect(screen.queryByRole('checkbox')).toBeNull();
    cleanup();
    vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(4);
    render(<TrainingScreen />);
    fireEvent.click(screen.getByRole('checkbox', { name: /^Use all cores/ }));
    expect(localStorage.getItem('longtail.all-cores')).toBe('yes');
    expect(screen.getByRole<HTMLInputElement>('checkbox').checked).toBe(true);
    fireEvent.click(screen.getByRole('checkbox'));
    expect(localStorage.getItem('longtail.all-cores')).toBe('no');
    vi.restoreAllMocks();
  });

  it('goes on from what was saved, when the audit is opened again after a closed tab', async () => {
    repository = openSmallAudit({ steps: 400, members: 4 });
    await startTraining();
    await until(() => status() === 'running');
    pauseTraining();
    const id = useTraining.getState().auditId!;
    await vi.waitUntil(async () => (await repository.checkpoints(id)).length > 0, { timeout: 20_000, interval: 10 });
    const [saved] = await repository.checkpoints(id);
    stopTraining();
    await until(() => status() === 'stopped');
    await openAudit(id);
    const steps: number[] = [];
    const unsubscribe = useTraining.subscribe(({ levels }) => {
      const cell = levels.find(({ level }) => level === saved!.members[0]!.level)?.cells[saved!.members[0]!.index];
      if (cell?.state === 'training') steps.push(400 * cell.progress);
    });
    resumeTraining();
    await until(() => useTraining.getState().done > 0);
    unsubscribe();
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(saved!.step);
    await until(() => useTraining.getState().results.some(({ key }) => key.index === saved!.members[0]!.index));
    await vi.waitUntil(async () => !(await repository.checkpoints(id)).some(({ step }) => step === saved!.step), {
      timeout: 20_000,
      interval: 10,
    });
  });

  it('says why an audit could not be kept, and offers to try again', async () => {
    openSmallAudit();
    const { services, provideServices } = await import('#store/services.ts');
    provideServices({
      ...services(),
      repository: Promise.resolve({ ...repository, saveDataset: () => Promise.reject(new Error('the disk is full')) }),
    });
    render(<TrainingScreen />);
    await startTraining();
    expect(await screen.findByText('The audit could not be kept: the disk is full')).toBeTruthy();
    expect(status()).toBe('failed');
    expect(button('Resume')).toBeTruthy();
  });

  it('lets go of a run whose audit is deleted: nothing of it comes back', async () => {
    openSmallAudit({ steps: 60 });
    const { services } = await import('#store/services.ts');
    const kept = await services().repository;
    await startTraining();
    await until(() => useTraining.getState().done > 0);
    const id = useTraining.getState().auditId!;
    await deleteAudit(id);
    expect(status()).toBe('idle');
    expect(await kept.audits()).toEqual([]);
    expect(await kept.members(id)).toEqual([]);
  });
});

describe('the grid', () => {
  const none = { value: null, low: null, high: null };
  const level = (change: Partial<LevelProgress>): LevelProgress => ({
    level: 'pruned-0.9',
    cells: [],
    done: 0,
    accuracy: none,
    cie: null,
    cieOfHalves: null,
    loss: [],
    ...change,
  });
  const cell = (state: LevelProgress['cells'][number]['state'], progress = 0) => ({ state, progress });

  it('says in words what its cells show: in training, left out', () => {
    const cells = [cell('done', 1), cell('training', 0.4), cell('diverged', 1), cell('failed'), cell('waiting')];
    render(<PopulationGrid levels={[level({ cells, done: 2 })]} chance={null} members={5} />);
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      '0.9: 2 of 5 members done, in training at 40 percent, 2 left out',
    );
  });

  it('gives a count with its interval, and what seeds alone give on the row of the baseline', () => {
    const chance = { value: 120, low: 98.4, high: 131 };
    const rows = [
      level({ level: 'baseline' }),
      level({ cie: { value: 1083, low: -3, high: 1558 }, accuracy: { value: 0.86, low: 0.84, high: 0.88 } }),
    ];
    const { container } = render(<PopulationGrid levels={rows} chance={chance} members={6} />);
    const [first, second] = [...container.querySelectorAll('.pop-row')].map((row) => row.textContent);
    expect(first).toContain('seed noise alone');
    expect(first).toContain('98–131');
    expect(second).toContain('1,083');
    expect(second).toContain('0–1,558');
    expect(second).toContain('± 2.0');
  });
});
