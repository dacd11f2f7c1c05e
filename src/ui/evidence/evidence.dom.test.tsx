import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectExamples } from '#audit/selection.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { NO_FILTERS, useGallery } from '#store/gallery.ts';
import { filtersFromQuery } from '#store/gallery-query.ts';
import { useTraining } from '#store/training-state.ts';
import { readyEvidence } from '#testing/ready-evidence.ts';
import { EvidenceScreen } from './evidence-screen.tsx';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({
  examples: 600,
  members: 6,
  levels: { 'pruned-0.9': 0.2, [LEVEL]: 0.8, 'hybrid-int8': 0 },
});
/** With a minimum count of 1, so that the bias of every attribute can be estimated. */
const lenient = readyEvidence({ examples: 400, members: 4, levels: { [LEVEL]: 0.8 }, minCount: 1 });
const same = readyEvidence({ examples: 60, members: 2, levels: { 'pruned-0.5': -20 }, complete: false });

const question = { target: 'Blond', positive: 'yes', attributes: ['Male', 'Young', 'Hat'], minCount: 30 };
const dataset: Dataset = {
  name: 'Faces',
  noun: ['face', 'faces'],
  origin: { kind: 'files', names: [] },
  ids: evidence.examples.ids,
  features: { kind: 'table', numeric: [], categorical: [] },
  columns: evidence.examples.attributes,
  split: new Uint8Array(600).fill(1),
  hash: 'abc',
  remarks: [],
  question,
};

/** How many examples the gallery shows with these filters; with those it was opened with, unless others are given. */
function opened(filters = useGallery.getState().filters): number {
  const comparison = evidence.audit.comparisons.find(({ level }) => level === filters.level)!;
  return selectExamples(filters, evidence.examples, evidence.audit.baseline, comparison, new Map()).length;
}
const comparison = evidence.audit.comparisons.find(({ level }) => level === LEVEL)!;
const figure = (no: number) => within(screen.getByText(`Figure ${String(no)}`).closest('figure')!);
const numberIn = (text: string): number => Number(/ ([\d,]+)/.exec(text)?.[1]?.replace(',', ''));

beforeEach(() => {
  useData.setState({
    state: { kind: 'ready', dataset, question, loaded: { dataset, skipped: [], duplicates: null } as never },
  });
  useEvidence.setState({ state: evidence });
  useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL }, selected: '' });
});
afterEach(() => {
  cleanup();
  location.hash = '';
});

describe('the evidence', { timeout: 30_000 }, () => {
  it('says when it will be there', () => {
    useEvidence.setState({ state: { kind: 'none' } });
    render(<EvidenceScreen />);
    expect(screen.getByText(/after training/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Go to training' }).getAttribute('href')).toBe('#/training');
  });

  it('says that it counts, and why it could not', () => {
    useEvidence.setState({ state: { kind: 'computing' } });
    const { rerender } = render(<EvidenceScreen />);
    expect(screen.getByRole('status').textContent).toContain('Counting');
    useEvidence.setState({ state: { kind: 'failed', problem: { code: 'audit', message: 'The memory is full.' } } });
    rerender(<EvidenceScreen />);
    expect(screen.getByText(/The memory is full/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Compute again' })).toBeTruthy();
  });

  it('states the finding in the numbers of the audit and opens its faces', () => {
    render(<EvidenceScreen />);
    const title = screen.getByRole('heading', { level: 1 }).textContent;
    const points = 100 * (evidence.audit.baseline.top1.both.value! - comparison.population.top1.both.value!);
    expect(title).toContain('With 95\u00a0% of the weights gone');
    expect(title).toContain(points.toFixed(1));
    expect(title).not.toMatch(/bias/i);
    const n = comparison.modalCie.indices.length;
    expect(n).toBeGreaterThan(5);
    fireEvent.click(screen.getByRole('button', { name: `See the ${String(n)} faces` }));
    expect(location.hash).toContain('#/gallery?level=pruned-0.95&top=cie');
    expect(opened()).toBe(n);
  });

  it('changes the level of the finding', () => {
    render(<EvidenceScreen />);
    fireEvent.change(screen.getByLabelText('Finding at level'), { target: { value: 'hybrid-int8' } });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('8-bit integers');
    expect(useGallery.getState().filters.level).toBe('hybrid-int8');
  });

  it('does not make a finding of what chance gives', () => {
    useGallery.setState({ filters: { ...NO_FILTERS, level: 'hybrid-int8' } });
    render(<EvidenceScreen />);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('cannot be told from training again');
  });

  it.each([1, 2, 3, 4, 5])(
    'gives figure %i a table of the same numbers, whose rows open exactly what they say',
    (no) => {
      render(<EvidenceScreen />);
      fireEvent.click(figure(no).getByRole('button', { name: 'Show as table' }));
      const buttons = figure(no).getAllByRole('button', { name: /^Show (the )?\d/ });
      expect(buttons.length).toBeGreaterThan(2);
      for (const button of buttons) {
        fireEvent.click(button);
        expect(opened(), button.getAttribute('aria-label')!).toBe(
          numberIn(button.getAttribute('aria-label')!.slice(4)),
        );
      }
    },
  );

  it.each([1, 2, 3, 4, 5, 7, 8])('draws figure %i with marks that open exactly what they say', (no) => {
    render(<EvidenceScreen />);
    const marks = figure(no)
      .getAllByRole('link')
      .filter((link) => link.closest('.plot') !== null);
    expect(marks.length).toBeGreaterThan(3);
    for (const mark of marks) {
      const said = /Show the ([\d,]+)/.exec(mark.getAttribute('aria-label')!)?.[1]?.replace(',', '');
      const query = mark.getAttribute('href')!.replace('#/gallery?', '');
      expect(opened(filtersFromQuery(query, NO_FILTERS)), mark.getAttribute('aria-label')!).toBe(Number(said));
    }
    const address = marks[0]!.getAttribute('href')!;
    fireEvent.click(marks[0]!);
    expect(location.hash).toBe(address);
    expect(useGallery.getState().filters).toEqual(filtersFromQuery(address.replace('#/gallery?', ''), NO_FILTERS));
  });

  it('says why a rate is not estimable, with the count and what was needed', () => {
    render(<EvidenceScreen />);
    fireEvent.click(figure(2).getByRole('radio', { name: 'False negatives' }));
    const men = comparison.subgroups.find(({ group }) => Object.keys(group).length === 1 && group['Male'] === 'yes')!;
    expect(men.positives).toBeLessThan(30);
    fireEvent.click(figure(2).getByRole('button', { name: 'Show as table' }));
    const row = figure(2).getByRole('row', { name: /^Male \d/ });
    expect(row.textContent).toContain(`${String(men.positives)} Blond, 30 needed`);
  });

  it('shows bias and size level by level', () => {
    render(<EvidenceScreen />);
    fireEvent.click(figure(7).getByRole('button', { name: 'Show as table' }));
    expect(figure(7).getByRole('row', { name: /^0\.95/ }).textContent).toContain('95.0\u00a0%');
  });

  it('draws bias by level with its interval, and says why it is not estimable', () => {
    const { rerender } = render(<EvidenceScreen />);
    expect(figure(6).getAllByText(/^Male. “Male” has \d+ Blond, 30 needed/)).toHaveLength(1);
    useEvidence.setState({ state: lenient });
    rerender(<EvidenceScreen />);
    const marks = figure(6).getAllByRole('link');
    expect(marks).toHaveLength(6);
    for (const mark of marks)
      expect(mark.getAttribute('aria-label')).toMatch(/bias [\d.]+ \(.+\), from 400 faces. Show the 400/);
    expect(figure(6).getByText(/^Bias by Young (rose|fell)/)).toBeTruthy();
    fireEvent.click(figure(6).getByRole('button', { name: 'Show as table' }));
    const { baseline } = lenient.audit.comparisons[0]!.equalizedOddsBias['Young']!;
    expect(figure(6).getByRole('row', { name: /^Young/ }).textContent).toContain(baseline!.toFixed(3));
  });

  it('keeps what the papers print apart, shown on request', () => {
    render(<EvidenceScreen />);
    expect(screen.queryByText(/Hooker et al. 2020, Table 1/)).toBeNull();
    fireEvent.click(figure(1).getByRole('button', { name: 'The paper’s numbers' }));
    const table = figure(1).getByRole('table', { name: /Hooker et al. 2020, Table 1/ });
    expect(within(table).getByRole('row', { name: /^pruned 0.95/ }).textContent).toContain('5057');
    expect(figure(1).getByText(/Other data and other models/)).toBeTruthy();
    fireEvent.click(figure(2).getByRole('button', { name: 'The paper’s numbers' }));
    const groups = figure(2).getByRole('table', { name: /Table 3/ });
    expect(
      within(groups)
        .getAllByRole('columnheader')
        .map((head) => head.textContent),
    ).not.toContain('FY');
  });

  it('names the combinations on which CIE gather, and opens exactly those', () => {
    render(<EvidenceScreen />);
    const section = within(screen.getByRole('heading', { name: 'Where CIE gather' }).closest('section')!);
    for (const what of ['Changed label', 'Lost accuracy']) {
      fireEvent.click(section.getByRole('radio', { name: what }));
      const buttons = section.getAllByRole('button', { name: /^Show / });
      expect(buttons.length).toBeGreaterThan(1);
      for (const button of buttons) {
        fireEvent.click(button);
        expect(opened(), button.getAttribute('aria-label')!).toBe(numberIn(button.getAttribute('aria-label')!));
      }
    }
  });

  it('shows how members disagree, and what more of them would buy', () => {
    render(<EvidenceScreen />);
    const disagree = within(screen.getByRole('heading', { name: 'How members disagree' }).closest('section')!);
    expect(disagree.getByRole('row', { name: /^Male/ })).toBeTruthy();
    const goes = within(screen.getByRole('heading', { name: /go with an attribute/ }).closest('section')!);
    expect(goes.getByRole('row', { name: /^Male/ })).toBeTruthy();
    const enough = within(screen.getByRole('heading', { name: 'How many members are enough' }).closest('section')!);
    expect(enough.getByRole('row', { name: /^6 \(now\)/ }).textContent).toContain('100\u00a0%');
    expect(enough.getByText(/Run again with other seeds/)).toBeTruthy();
  });

  it('draws the intervals for what is drawn anew, in the figure and its table', () => {
    render(<EvidenceScreen />);
    fireEvent.click(figure(2).getByRole('button', { name: 'Show as table' }));
    const interval = () => figure(2).getByRole('row', { name: /^Everyone/ }).textContent;
    const both = interval();
    fireEvent.click(figure(2).getByRole('radio', { name: 'Members' }));
    expect(interval()).not.toBe(both);
    expect(figure(2).getAllByText(/were only members drawn anew/).length).toBeGreaterThan(0);
  });

  it('says what is still being counted', () => {
    const quick = {
      ...evidence.audit,
      controlled: false,
      deep: false,
      nullControl: null,
      comparisons: evidence.audit.comparisons.map((one) => ({ ...one, slices: null, enough: null })),
    };
    useEvidence.setState({ state: { ...evidence, audit: quick } });
    render(<EvidenceScreen />);
    expect(screen.getAllByText(/Counted in the background/).length).toBe(2);
    expect(screen.queryByText(/fewer than four baseline members/)).toBeNull();
    act(() => {
      useTraining.setState({ status: 'running' });
    });
    expect(screen.getAllByText(/Counted when training pauses or ends/).length).toBe(2);
    act(() => {
      useTraining.setState({ status: 'done' });
    });
    act(() => {
      useEvidence.setState({ state: { ...evidence, audit: { ...quick, deep: true, failure: 'No memory was left.' } } });
    });
    expect(screen.queryByText(/Counted in the background/)).toBeNull();
    expect(screen.getAllByText(/This could not be counted; everything else stands. No memory was left/).length).toBe(2);
    expect(screen.getAllByRole('button', { name: 'Compute again' }).length).toBe(2);
  });

  it('says that an audit is partial, how many members are in, and what so few cannot tell', () => {
    useEvidence.setState({ state: same });
    render(<EvidenceScreen />);
    expect(screen.getByRole('status').textContent).toContain('So far 2 members of the baseline and 2 of this level');
    expect(screen.getByText(/fewer than four baseline members/)).toBeTruthy();
  });
});
