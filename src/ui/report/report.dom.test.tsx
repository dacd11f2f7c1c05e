import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpackBundle } from '#storage/bundle.ts';
import { useEvidence } from '#store/evidence.ts';
import { setReviewer, answer } from '#store/labels.ts';
import { deleteAudit } from '#store/library.ts';
import { startTraining, useTraining } from '#store/training.ts';
import { hearSavedFiles } from '#testing/saved-files.ts';
import { openSmallAudit, smallDataset } from '#testing/small-audit.ts';
import { findingsOf } from './findings.ts';
import { ReportScreen } from './report-screen.tsx';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let saved: ReturnType<typeof hearSavedFiles>;
const state = () => {
  const { state: evidence } = useEvidence.getState();
  if (evidence.kind !== 'ready') throw new Error('no evidence');
  return evidence;
};

beforeAll(async () => {
  openSmallAudit();
  await startTraining();
  await vi.waitUntil(() => useTraining.getState().status === 'done', { timeout: 20_000 });
  await vi.waitUntil(() => useEvidence.getState().state.kind === 'ready' && state().complete, { timeout: 20_000 });
});
beforeEach(() => {
  saved = hearSavedFiles();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const press = (name: string): void => {
  fireEvent.click(screen.getByRole('button', { name }));
};
describe('the report', () => {
  it('prints the findings of the audit, in order, with chance first', () => {
    render(<ReportScreen />);
    const [list] = screen.getAllByRole('list');
    const items = within(list!)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(items).toHaveLength(findingsOf(state().audit, 'pictures', state().examples.attributes, 'Blond').length);
    expect(items[0]).toMatch(/^Seeds alone: two halves of the baseline, 2 members each, disagree on \d+/);
    expect(items[1]).toContain('90\u00a0% of the weights removed');
  });

  it('gives every level a row, and says where a rate cannot be known', () => {
    render(<ReportScreen />);
    const table = within(screen.getByRole('table', { name: /^Means over members/ }));
    expect(table.getAllByRole('rowheader').map((row) => row.textContent)).toEqual([
      'Baseline',
      '0.5',
      '0.9',
      'hybrid int8',
    ]);
    expect(screen.getByText(/^Small pictures, made for a test\./)).toBeTruthy();
    for (const row of state().audit.comparisons[0]!.subgroups) {
      if (row.baseline.fpr === null) expect(screen.getByText(/Not estimable/)).toBeTruthy();
    }
  });

  it('names what is needed to do it again: data, model, plan, achieved sparsity, seed, backend', () => {
    render(<ReportScreen />);
    const row = (name: string): string => screen.getByRole('row', { name: new RegExp(`^${name} `) }).textContent;
    expect(row('Data')).toContain(`SHA-256 ${smallDataset.hash}`);
    expect(row('Model')).toContain('Small CNN');
    expect(row('Training')).toMatch(/^Training6 steps of 8; softmax cross-entropy; .*, constant; no augmentation; /);
    expect(row('Pruning, Hooker et al.')).toMatch(/“hooker”.* 0\.5: 0\.\d{4} \(steps .*\), 0\.9: 0\.\d{4} \(/);
    expect(row('Seeds')).toContain('plan seed');
    expect(row('Backend')).toContain('simd');
  });

  it('saves the audit as JSON and the predictions as the two tables that the command line reads', async () => {
    render(<ReportScreen />);
    press('audit.json');
    expect(JSON.parse(await saved.text('audit.json'))).toMatchObject({
      examples: state().examples.ids.length,
      comparisons: { 'pruned-0.9': { modalCie: { count: state().audit.comparisons[1]!.modalCie.indices.length } } },
    });
    press('Predictions');
    expect((await saved.text('examples.csv')).split('\n')[0]).toContain('true_label');
    expect((await saved.text('predictions.csv')).length).toBeGreaterThan(100);
  });

  it('saves one file that opens again with every member and label', async () => {
    setReviewer('Reviewer');
    await answer([state().examples.ids[0]!], 'ambiguous');
    render(<ReportScreen />);
    expect(screen.getByText(/^Reviewed by Reviewer: 1 example labelled\./)).toBeTruthy();
    expect(screen.getByRole('row', { name: 'Ambiguous 1' })).toBeTruthy();
    press('Save audit');
    await vi.waitUntil(() => saved.names().length > 0, { timeout: 5000 });
    const [name] = saved.names();
    expect(name).toMatch(/\.longtail\.zip$/);
    const bundle = unpackBundle(await saved.bytes(name!), name!);
    expect(bundle.ok && bundle.value.members.length).toBe(16);
    expect(bundle.ok && bundle.value.labels.map(({ exampleId }) => exampleId)).toEqual([state().examples.ids[0]]);
  });

  it('saves the labels with who gave them', async () => {
    render(<ReportScreen />);
    press('Labels');
    await vi.waitUntil(() => saved.names().length > 0, { timeout: 5000 });
    const [name] = saved.names();
    const [, row] = (await saved.text(name!)).split(/\r?\n/);
    expect(row).toContain(`${state().examples.ids[0]!},label,review,ambiguous,Ambiguous,Reviewer,`);
  });

  it('comes after training', async () => {
    await deleteAudit(useTraining.getState().auditId!);
    render(<ReportScreen />);
    expect(screen.getByRole('heading', { name: 'The report comes after training' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Save audit' })).toBeNull();
  });
});
