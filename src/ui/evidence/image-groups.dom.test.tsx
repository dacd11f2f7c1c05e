import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryKeyValue } from '#storage/key-value.ts';
import { createRepository, type Repository } from '#storage/repository.ts';
import { useData } from '#store/data.ts';
import { useGallery } from '#store/gallery.ts';
import { provideServices, type Services } from '#store/services.ts';
import { useTraining } from '#store/training-state.ts';
import { likenessHere } from '#testing/likeness.ts';
import { memberResult } from '#testing/records.ts';
import { readyDataset, readyEvidence } from '#testing/ready-evidence.ts';
import { ImageGroupsSection } from './image-groups-section.tsx';
import { evidenceView } from './view.ts';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 600, members: 6, levels: { [LEVEL]: 0.8, 'pruned-0.3': 0 } });
const pixels = new Uint8Array(4 * 600);
const dataset = {
  ...readyDataset(evidence),
  features: { kind: 'images', width: 2, height: 2, channels: 1, pixels } as const,
};
const viewOf = (level: string) =>
  evidenceView(evidence, level, { title: 'Faces', noun: ['face', 'faces'], target: 'Blond', planned: 6 })!;
const { indices } = viewOf(LEVEL).comparison.modalCie;
let repository: Repository;
let audits = 0;

/** CIE lie in two places by their true label, all others far away. */
const isCie = new Set(indices);
const places = Array.from(evidence.examples.labels, (label, x) => (isCie.has(x) ? 40 * label + (x % 5) / 5 : 1000));

beforeEach(() => {
  repository = createRepository(memoryKeyValue());
  provideServices({ repository: Promise.resolve(repository), likeness: likenessHere } as Services);
  const { question } = dataset;
  useData.setState({
    state: { kind: 'ready', dataset, question, loaded: { dataset, skipped: [], duplicates: null } as never },
  });
  useTraining.setState({ auditId: `groups-${String(audits++)}` });
});
afterEach(() => {
  cleanup();
  location.hash = '';
});
const keepEmbeddings = () =>
  repository.saveMembers(useTraining.getState().auditId!, [
    { ...memberResult('baseline', 0), embeddings: { width: 1, values: Float32Array.from(places) } },
  ]);

it('shows groups with their counts, shares, true labels and pictures, and opens exactly their examples', async () => {
  expect(indices.length).toBeGreaterThanOrEqual(20);
  await keepEmbeddings();
  render(<ImageGroupsSection view={viewOf(LEVEL)} />);
  const table = await screen.findByRole('table');
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows).toHaveLength(2);
  const cells = rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent));
  const counts = cells.map(([, changed]) => Number(changed));
  expect(counts[0]! + counts[1]!).toBe(indices.length);
  expect(cells.map((row) => row.some((cell) => /^\d+ (Blond|not Blond)$/u.test(cell ?? '')))).toEqual([true, true]);
  expect(screen.getByText(/one member’s view/u)).toBeTruthy();
  const [first] = within(screen.getByRole('list')).getAllByRole('button', { name: /whose label changed: Group 1$/u });
  expect(first!.querySelectorAll('canvas')).toHaveLength(Math.min(8, counts[0]!));
  fireEvent.click(first!);
  const { filters } = useGallery.getState();
  expect(filters).toMatchObject({ level: LEVEL, threshold: 'modal-cie' });
  expect(filters.only).toHaveLength(counts[0]!);
  const labels = filters.only.map((id) => evidence.examples.labels[evidence.examples.ids.indexOf(id)]);
  expect(new Set(labels).size).toBe(1);
});

it('says why there are none: too few changed, or nothing is kept that could be grouped', async () => {
  await keepEmbeddings();
  render(<ImageGroupsSection view={viewOf('pruned-0.3')} />);
  expect(await screen.findByText(/changed at this level; below 20 they are better looked at one by one/u)).toBeTruthy();
  cleanup();
  useTraining.setState({ auditId: 'nothing kept' });
  render(<ImageGroupsSection view={viewOf(LEVEL)} />);
  expect(await screen.findByText(/came without what a member’s last layer reads/u)).toBeTruthy();
});
