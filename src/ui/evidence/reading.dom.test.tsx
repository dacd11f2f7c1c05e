import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { audit as auditTable } from '#audit/audit.ts';
import type { LabelEvent } from '#storage/records.ts';
import { useEvidence } from '#store/evidence.ts';
import { showLabels } from '#store/labels.ts';
import { useReading } from '#store/reading.ts';
import { reviewedPart } from '#store/reviewed-file.ts';
import { provideServices, type Services } from '#store/services.ts';
import { readyEvidence } from '#testing/ready-evidence.ts';
import { useSecondReading } from '#ui/labels/use-second-reading.ts';
import { ReadingSwitch } from './reading-switch.tsx';
import { ReviewedSection } from './reviewed-section.tsx';
import { evidenceView } from './view.ts';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 300, members: 4, levels: { [LEVEL]: 0.8 } });
const { examples, audit } = evidence;
const { indices, isCie } = audit.comparisons[0]!.modalCie;
const cies = [...indices].slice(0, 4).map((x) => examples.ids[x]!);
const others = [...isCie.keys()]
  .filter((x) => isCie[x] === 0)
  .slice(0, 2)
  .map((x) => examples.ids[x]!);
const otherLabel = (id: string): string => examples.classes[1 - examples.labels[examples.ids.indexOf(id)]!]!;

let sequence = 0;
const event = (exampleId: string, label: string, more: Partial<LabelEvent> = {}): LabelEvent => ({
  uuid: `u${String(++sequence)}`,
  auditId: 'one',
  sequence,
  time: '',
  reviewer: 'Ana',
  exampleId,
  action: { kind: 'add', label },
  undoes: null,
  ...more,
});
const hat: LabelEvent = event('', '', {
  action: {
    kind: 'question',
    question: {
      id: 'beard',
      name: 'Beard?',
      place: 3,
      kind: 'attribute',
      attribute: 'Beard',
      answers: [{ id: 'yes', name: 'yes' }],
    },
  },
});
const log = [
  hat,
  ...cies.slice(0, 2).flatMap((id) => [event(id, 'wrong-label'), event(id, `true-label=${otherLabel(id)}`)]),
  ...cies.slice(2).map((id) => event(id, 'ambiguous')),
  ...others.map((id) => event(id, 'none-of-these')),
  event(cies[0]!, 'beard=yes'),
];

function Both() {
  const second = useSecondReading(evidence);
  const view = evidenceView(evidence, LEVEL, { title: 'Faces', noun: ['face', 'faces'], target: 'Blond', planned: 4 });
  return (
    <>
      <ReadingSwitch evidence={evidence} second={second} cies={indices} noun={['face', 'faces']} />
      {view ? <ReviewedSection view={view} second={second} /> : null}
    </>
  );
}

beforeEach(() => {
  provideServices({
    analysis: { auditAlone: (table: never, options: never) => Promise.resolve(auditTable(table, options)) },
  } as never as Services);
  useEvidence.setState({ state: evidence });
  useReading.setState({ reading: 'delivered', second: null, problem: null });
  showLabels('one', log);
});
afterEach(cleanup);

it('shows the numbers as reviewed beside those as delivered, with how many, by whom and what biases them', async () => {
  render(<Both />);
  expect(
    screen.getByText(/As reviewed, 2 faces have another true label and 1 face a value of Beard.*By Ana\./),
  ).toBeDefined();
  const row = within(await screen.findByRole('table', { name: /^As delivered and as reviewed/ })).getByRole('row', {
    name: /^Accuracy of the baseline/,
  });
  const [, delivered, reviewed] = [...row.children].map((cell) => parseFloat(cell.textContent ?? ''));
  const { baseline } = useReading.getState().second!.audit;
  expect(delivered).toBeCloseTo(100 * audit.baseline.top1.both.value!, 1);
  expect(reviewed).toBeCloseTo(100 * baseline.top1.both.value!, 1);
  expect(baseline.top1.both.value).not.toBe(audit.baseline.top1.both.value);
  fireEvent.click(screen.getByRole('radio', { name: 'As reviewed' }));
  expect(
    screen.getByText(new RegExp(`4 of ${String(indices.length)} CIE of this level were reviewed, and 2 of`)),
  ).toBeDefined();
});

it('sets the label mix of CIE against the others, and groups by annotations the data lack', () => {
  render(<Both />);
  const [mix, groups] = screen.getAllByRole('table');
  const hard = within(mix!).getByRole('row', { name: /^Hard to judge/ });
  expect(hard.textContent).toMatch(/^Hard to judge50\.0.*0\.0.*50\.0/);
  expect(within(groups!).getByRole('row', { name: /^Beard: yes \(1 of 1 CIE, 0 of 0 others\)/ })).toBeDefined();
});

it('stands in audit.json under a key of its own, with the same numbers', async () => {
  const part = await reviewedPart();
  expect(part).toMatchObject({
    reviewers: ['Ana'],
    corrected: cies.slice(0, 2).map((id) => ({ id, reviewed: otherLabel(id) })),
    annotations: [{ attribute: 'Beard', delivered: false, answered: 1 }],
    levels: { [LEVEL]: { labelMix: { cie: 4, others: 2 }, blindedLabelMix: null } },
  });
  expect(part!.audit!.populations['baseline']!.top1).toBe(useReading.getState().second!.audit.baseline.top1.both.value);
  expect(Object.keys(part!.audit!.comparisons[LEVEL]!)).not.toContain('taxicab');
  showLabels('one', []);
  expect(await reviewedPart()).toBeNull();
});
