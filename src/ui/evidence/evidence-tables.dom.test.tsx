import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { audit } from '#audit/audit.ts';
import { AccuracyTable, BiasAndSizeTable, RepresentationTable, SubgroupTable } from './evidence-tables.tsx';
import { evidenceView, type EvidenceView } from './view.ts';

afterEach(cleanup);

/** Four examples, two members each; pruning turns the one positive of group B. */
function smallView(): EvidenceView {
  const examples = {
    ids: ['e1', 'e2', 'e3', 'e4'],
    classes: ['no', 'yes'],
    labels: Uint16Array.of(0, 0, 1, 1),
    attributes: [{ name: 'Site', values: ['A', 'B'], codes: Int16Array.of(0, 1, 0, 1) }],
  };
  const population = (name: string, predictions: number[]) => ({
    name,
    members: ['0', '1'],
    predictions: Uint16Array.from(predictions),
  });
  const baseline = population('baseline', [0, 0, 1, 1, 0, 0, 1, 1]);
  const pruned = population('pruned-0.9', [0, 0, 1, 0, 0, 0, 1, 0]);
  const result = audit(
    { examples, baseline, compressed: [pruned] },
    { positive: 'yes', tieRule: 'largest-class', seed: 1, percentiles: [50], minCount: 2 },
  );
  const size = { denseBytes: 82_000, sparseBytes: 13_300, int8Bytes: 21_000, achievedSparsity: 0.9 };
  const view = evidenceView(
    {
      kind: 'ready',
      audit: result,
      examples,
      datasetIndices: Uint32Array.of(0, 1, 2, 3),
      complete: true,
      sizes: { 'pruned-0.9': size },
      predictions: {},
    },
    'pruned-0.9',
    { noun: ['scan', 'scans'], target: 'Blond', planned: 2 },
  );
  if (view === null) throw new Error('The audit has a level.');
  return view;
}

const rowNamed = (name: RegExp): HTMLElement => screen.getByRole('row', { name });

describe('the tables of the evidence', () => {
  it('say why a change cannot be estimated instead of writing a number', () => {
    render(<SubgroupTable view={smallView()} />);
    const row = rowNamed(/^Site: B/);
    expect(within(row).getAllByText(/1 Blond, 2 needed/).length).toBe(1);
    expect(row.textContent).not.toMatch(/NaN|Infinity/);
  });
  it('give the accuracy on exactly the scans whose label changed', () => {
    render(<AccuracyTable view={smallView()} />);
    const cells = within(rowNamed(/^Label changed/)).getAllByRole('cell');
    expect(cells[0]?.textContent).toBe('1');
    expect(cells[1]?.textContent).toMatch(/^100\.0/);
    expect(cells[2]?.textContent).toMatch(/^0\.0/);
  });
  it('say how many times its share a value has among the changed', () => {
    render(<RepresentationTable view={smallView()} />);
    expect(rowNamed(/^Site: B/).textContent).toContain('2.00×');
  });
  it('give bytes by level and a dash for a bias with a missing term', () => {
    render(<BiasAndSizeTable view={smallView()} />);
    const row = rowNamed(/^0\.9/);
    expect(row.textContent).toContain('82 kB');
    expect(row.textContent).toContain('not estimable');
  });
});
