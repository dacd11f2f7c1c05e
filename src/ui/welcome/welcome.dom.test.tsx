import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { provideServices } from '#store/services.ts';
import type { Services } from '#store/services.ts';
import { refreshLibrary, useLibrary } from '#store/library.ts';
import { createRepository } from '#storage/repository.ts';
import { memoryKeyValue } from '#storage/key-value.ts';
import type { AuditRecord } from '#storage/records.ts';
import { WelcomeScreen } from './welcome-screen.tsx';

const audit: AuditRecord = {
  schemaVersion: 1,
  id: 'one',
  name: 'Drawn faces, “Blond”',
  createdAt: '2026-01-02T03:04:05.000Z',
  status: 'done',
  planned: 40,
  datasetHash: 'abc',
  admission: null,
  plan: {
    schemaVersion: 1,
    dataset: { name: 'Drawn faces', hash: 'abc' },
    question: { target: 'Blond', positive: 'yes', attributes: [], minCount: 30 },
    model: { kind: 'mlp', hidden: [8] },
    members: 10,
    steps: 10,
    batchSize: 8,
    learningRate: 0.1,
    optimizer: { kind: 'sgd', momentum: 0 },
    seed: 1,
    levels: [],
  },
};

beforeEach(() => {
  useLibrary.setState({ audits: [], persistence: 'memory', problem: null, opening: null });
  const services: Partial<Services> = { repository: Promise.resolve(createRepository(memoryKeyValue())) };
  // The portrait is drawn in a worker; here it is still on its way.
  const sources = { picture: () => new Promise<ImageBitmap>(() => undefined) } as unknown as Services['sources'];
  provideServices({ ...services, sources } as Services);
  HTMLDialogElement.prototype.showModal = vi.fn(function (this: HTMLDialogElement) {
    this.open = true;
  });
  HTMLDialogElement.prototype.close = vi.fn();
});
afterEach(cleanup);

describe('the welcome screen', () => {
  it('offers three doors, and says that its picture is an illustration', () => {
    render(<WelcomeScreen />);
    const doors = within(screen.getByRole('region', { name: 'Three ways to begin' }));
    expect(doors.getAllByRole('heading').map((heading) => heading.textContent)).toEqual([
      'See a finished audit',
      'Run one now',
      'Use my data',
    ]);
    expect(doors.getByRole('button', { name: 'Start' })).toBeTruthy();
    expect(doors.getByLabelText('Choose files')).toBeTruthy();
    expect(screen.getByText(/^Illustration, not a measurement/)).toBeTruthy();
  });

  it('says what is being opened, and does not open it twice', () => {
    useLibrary.setState({ opening: 'The finished audit' });
    render(<WelcomeScreen />);
    const button = screen.getByRole('button', { name: 'Open the audit', description: /being opened/ });
    expect(button.getAttribute('aria-disabled')).toBe('true');
  });

  it('lists the kept audits and deletes one only after asking', async () => {
    const repository = createRepository(memoryKeyValue());
    await repository.saveAudit(audit);
    provideServices({
      repository: Promise.resolve(repository),
      sources: { picture: () => new Promise(() => undefined) },
    } as unknown as Services);
    await refreshLibrary();
    render(<WelcomeScreen />);
    expect(screen.getByText(/0 of 40 members/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Delete Drawn faces, “Blond”' }));
    fireEvent.click(
      within(screen.getByRole('dialog', { name: 'Delete this audit?' })).getByRole('button', { name: 'Keep it' }),
    );
    expect(await repository.audits()).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: 'Delete Drawn faces, “Blond”' }));
    fireEvent.click(screen.getByRole('button', { name: 'Delete it' }));
    await screen.findByRole('heading', { name: 'No audit is kept here yet' });
    expect(await repository.audits()).toHaveLength(0);
  });
});
