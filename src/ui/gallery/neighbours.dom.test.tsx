import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryKeyValue } from '#storage/key-value.ts';
import { createRepository, type Repository } from '#storage/repository.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { NO_FILTERS, useGallery } from '#store/gallery.ts';
import { provideServices, type Services } from '#store/services.ts';
import { useTraining } from '#store/training-state.ts';
import { likenessHere } from '#testing/likeness.ts';
import { memberResult } from '#testing/records.ts';
import { readyDataset, readyEvidence } from '#testing/ready-evidence.ts';
import { Neighbours } from './neighbours.tsx';
import { useGalleryView } from './use-gallery-view.ts';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 60, members: 4, levels: { [LEVEL]: 0.8 } });
const dataset = readyDataset(evidence);
const IN_HAND = 10;
let repository: Repository;
let audits = 0;

function InHand() {
  const view = useGalleryView();
  return view && <Neighbours view={view} example={IN_HAND} />;
}
/** An audit of its own each time: what is known of one is kept. */
function openAudit(): string {
  const auditId = `audit-${String(audits++)}`;
  useTraining.setState({ auditId });
  return auditId;
}

beforeEach(() => {
  repository = createRepository(memoryKeyValue());
  provideServices({ repository: Promise.resolve(repository), likeness: likenessHere } as Services);
  const { question } = dataset;
  useData.setState({
    state: { kind: 'ready', dataset, question, loaded: { dataset, skipped: [], duplicates: null } as never },
  });
  useEvidence.setState({ state: evidence });
  useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL }, selected: '', large: true });
  location.hash = '#/gallery';
});
afterEach(() => {
  cleanup();
  location.hash = '';
});

it('shows the nearest examples with distance, true label and votes, and opens one that the filters hide', async () => {
  // On a line, in the order of the examples.
  const embeddings = { width: 1, values: Float32Array.from(evidence.examples.ids, (_, x) => x) };
  await repository.saveMembers(openAudit(), [{ ...memberResult('baseline', 0), embeddings }]);
  render(<InHand />);
  const buttons = within(await screen.findByRole('list')).getAllByRole('button');
  const ids = buttons.map((button) => /f\d+/u.exec(button.getAttribute('aria-label') ?? '')?.[0]);
  expect(ids).toEqual(['f9', 'f11', 'f8', 'f12', 'f7', 'f13', 'f6', 'f14']);
  expect(buttons[0]!.getAttribute('aria-label')).toMatch(/distance 0\.\d\d, true label .+ baseline votes .+ votes at/u);
  const { isCie } = evidence.audit.comparisons[0]!.modalCie;
  const hidden = [9, 11, 8, 12, 7, 13, 6, 14].findIndex((example) => isCie[example] === 0);
  fireEvent.click(buttons[hidden]!);
  expect(useGallery.getState()).toMatchObject({
    selected: ids[hidden],
    large: true,
    filters: { level: LEVEL, threshold: 0 },
  });
});

it('says so where no embeddings are kept', async () => {
  await repository.saveMembers(openAudit(), [memberResult('baseline', 0)]);
  render(<InHand />);
  expect(await screen.findByText(/this audit came without what a member’s last layer reads/u)).toBeTruthy();
  expect(screen.queryByRole('list')).toBeNull();
});
