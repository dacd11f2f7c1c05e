import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { openScores } from '#audit/score-desk.ts';
import type { Population } from '#audit/predictions.ts';
import { selectExamples } from '#audit/selection.ts';
import { resultOf } from '#audit/subgroup-rows.ts';
import { codeOfProbability } from '#lib/log-odds.ts';
import { stream } from '#lib/random.ts';
import { NO_FILTERS, useGallery } from '#store/gallery.ts';
import { filtersFromQuery } from '#store/gallery-query.ts';
import { readyEvidence } from '#testing/ready-evidence.ts';
import { EvidenceScreen } from './evidence-screen.tsx';
import { Scores } from './scores-section.tsx';
import { evidenceView } from './view.ts';
import { useEvidence } from '#store/evidence.ts';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 500, members: 4, levels: { [LEVEL]: 0.8 } });
const view = evidenceView(evidence, LEVEL, { title: 'Faces', noun: ['face', 'faces'], target: 'Blond', planned: 4 })!;

/** On the side of the prediction, and the less sure the nearer to a half. */
function population(name: string): Population {
  const { members, predictions } = evidence.predictions[name]!;
  const random = stream(3, 'probabilities', name);
  const likely = Uint16Array.from(
    predictions,
    (label) => 32_768 + (label === 1 ? 1 : -1) * Math.ceil(12_000 * random.next()),
  );
  return { name, members, predictions, probabilities: likely };
}
const desk = openScores(
  { examples: evidence.examples, baseline: population('baseline'), compressed: [population(LEVEL)] },
  evidence.audit.options,
);
const scores = {
  groups: desk.groups,
  at: (code: number) => Promise.resolve(resultOf(desk.at(code))),
  close: () => undefined,
};
const comparison = evidence.audit.comparisons[0]!;
const opened = (query: string): number =>
  selectExamples(filtersFromQuery(query, NO_FILTERS), evidence.examples, evidence.audit.baseline, comparison, new Map())
    .length;

afterEach(() => {
  cleanup();
  location.hash = '';
});

describe('ROC curves and thresholds', { timeout: 30_000 }, () => {
  it('say at a half what the audit says, by the labels that members gave', async () => {
    render(<Scores view={view} scores={scores} />);
    const n = comparison.modalCie.indices.length;
    expect(
      await screen.findByText(new RegExp(`^From 50.% on, ${String(n)} faces? change.*${String(n)} did`, 'u')),
    ).toBeTruthy();
    const everyone = comparison.subgroups[0]!;
    const section = within(screen.getByRole('heading', { name: /^Rates at another/ }).closest('section')!);
    const text = section.getByRole('row', { name: /^Everyone/ }).textContent;
    expect(text).toContain((100 * everyone.baseline.fpr!).toFixed(2));
    expect(text).toContain((100 * everyone.compressed.fnr!).toFixed(2));
  });

  it('follow the threshold, also by key, and go back', async () => {
    render(<Scores view={view} scores={scores} />);
    await screen.findByText(/^From 50/);
    const slider = screen.getByRole('slider', { name: /Call an example Blond/ });
    fireEvent.change(slider, { target: { value: '2' } });
    expect(await screen.findByText(/^From 2.% on/u)).toBeTruthy();
    expect(slider.getAttribute('aria-valuetext')).toBe('2\u00a0%');
    const section = within(screen.getByRole('heading', { name: /: 2.%$/u }).closest('section')!);
    const { fpr } = resultOf(desk.at(codeOfProbability(0.02))).comparisons[0]!.subgroups[0]!.compressed;
    expect(fpr).toBeGreaterThan(0.3);
    expect(section.getByRole('row', { name: /^Everyone/ }).textContent).toContain((100 * fpr!).toFixed(2));
    fireEvent.click(screen.getByRole('button', { name: /Back to 50/ }));
    expect(await screen.findByText(/^From 50/)).toBeTruthy();
  });

  it('have marks and rows that open exactly what they say, areas with intervals and counts, and reasons where there are none', async () => {
    render(<Scores view={view} scores={scores} />);
    await screen.findByText(/^From 50/);
    const figure = within(screen.getByText('Figure 9').closest('figure')!);
    const marks = figure.getAllByRole('link');
    // Two at the threshold, two of every group that has an area.
    const known = desk.groups.filter(({ areas }) => areas.baseline.both.value !== null);
    expect(marks).toHaveLength(2 + 2 * known.length);
    for (const mark of marks) {
      const said = /Show the ([\d,]+)/u.exec(mark.getAttribute('aria-label')!)?.[1];
      expect(opened(mark.getAttribute('href')!.replace('#/gallery?', ''))).toBe(Number(said));
    }
    expect(marks[2]!.getAttribute('aria-label')).toMatch(/area 0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\), from \d+ positives/u);
    fireEvent.click(figure.getByRole('button', { name: 'Show as table' }));
    const hats = desk.groups.find(({ group }) => group['Hat'] === 'yes')!;
    expect(figure.getByRole('row', { name: /^Hat/ }).textContent).toContain(
      `${String(hats.areas.positives)} Blond, 30 needed`,
    );
    fireEvent.change(figure.getByLabelText('Group'), { target: { value: JSON.stringify({ Hat: 'yes' }) } });
    expect(figure.getByText(/^Area for “Hat”: not estimable, \d+ Blond, 30 needed/u)).toBeTruthy();
  });

  it('say why they are not there for an audit without probabilities', async () => {
    useEvidence.setState({ state: evidence });
    useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL }, selected: '' });
    render(<EvidenceScreen />);
    expect(await screen.findByText(/gave a label to every example and no probability/)).toBeTruthy();
  });
});
