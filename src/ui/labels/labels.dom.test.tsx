import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { reviewerAgreement } from '#audit/reviewers.ts';
import { memoryKeyValue } from '#storage/key-value.ts';
import type { LabelEvent } from '#storage/records.ts';
import { createRepository, type Repository } from '#storage/repository.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { NO_FILTERS, useGallery } from '#store/gallery.ts';
import {
  answer,
  saveQuestions,
  setReviewer,
  showLabels,
  undoLabel,
  redoLabel,
  useLabels,
  writeNote,
} from '#store/labels.ts';
import { provideServices, type Services } from '#store/services.ts';
import { readyDataset, readyEvidence } from '#testing/ready-evidence.ts';
import { BlindedScreen } from './blinded-screen.tsx';
import { NameDialog } from './name-dialog.tsx';
import { QuestionsScreen } from './questions-screen.tsx';
import { ReviewersScreen } from './reviewers-screen.tsx';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 300, members: 6, levels: { [LEVEL]: 0.8 } });
const { examples, audit } = evidence;
const cies = audit.comparisons[0]!.modalCie.indices;
const dataset = readyDataset(evidence);
const { question } = dataset;
let repository: Repository;

const event = (sequence: number, reviewer: string, exampleId: string, label: string): LabelEvent => ({
  uuid: `u${String(sequence)}`,
  auditId: 'one',
  sequence,
  time: '2026-01-01T00:00:00Z',
  reviewer,
  exampleId,
  action: { kind: 'add', label },
  undoes: null,
});
const press = (key: string): void => {
  fireEvent.keyDown(document.body, { key, code: /\d/.test(key) ? `Digit${key}` : key });
};
const own = (id: string) => useLabels.getState().board.votes.get('Ana')?.get(id);

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = vi.fn();
});
beforeEach(() => {
  repository = createRepository(memoryKeyValue());
  provideServices({
    repository: Promise.resolve(repository),
    analysis: { reviewers: (ratings: never, seed: number) => Promise.resolve(reviewerAgreement(ratings, seed)) },
  } as never as Services);
  useData.setState({
    state: { kind: 'ready', dataset, question, loaded: { dataset, skipped: [], duplicates: null } as never },
  });
  useEvidence.setState({ state: evidence });
  useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL } });
  setReviewer('Ana');
  showLabels('one', []);
});
afterEach(cleanup);

describe('the name', () => {
  it('is asked once at the first label, which is saved with the answer', async () => {
    useLabels.setState({ reviewer: '' });
    render(<NameDialog />);
    const saved = answer(['f1'], 'ambiguous');
    const field = await screen.findByLabelText('Your name or initials');
    await waitFor(() => expect(document.activeElement).toBe(field));
    fireEvent.change(field, { target: { value: ' Ana ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save the name' }));
    expect(await saved).toBe(true);
    expect((await repository.labels('one')).map(({ reviewer }) => reviewer)).toEqual(['Ana']);
    expect(await answer(['f2'], 'ambiguous')).toBe(true);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(localStorage.getItem('longtail.reviewer')).toBe('Ana');
  });

  it('is not needed to leave: nothing is saved then', async () => {
    useLabels.setState({ reviewer: '' });
    render(<NameDialog />);
    const saved = answer(['f1'], 'ambiguous');
    fireEvent.click(await screen.findByRole('button', { name: 'Not now' }));
    expect(await saved).toBe(false);
    expect(await repository.labels('one')).toEqual([]);
  });
});

describe('the log', () => {
  it('takes back a bulk label and a note in one step each, also after a reload', async () => {
    await answer(['f1', 'f2', 'f3'], 'ambiguous');
    await writeNote('f1', 'glasses');
    showLabels('one', await repository.labels('one'));
    await undoLabel();
    expect(useLabels.getState().board.notes.size).toBe(0);
    await undoLabel();
    expect(useLabels.getState().current.size).toBe(0);
    expect(useLabels.getState().undo).toBeNull();
    await redoLabel();
    await redoLabel();
    expect([...useLabels.getState().current.keys()]).toEqual(['f1', 'f2', 'f3']);
    expect(useLabels.getState().board.notes.get('Ana')?.get('f1')?.get('note')).toBe('glasses');
  });
});

describe('the questions', () => {
  const schema = () => useLabels.getState().schema;
  const asked = () => schema().flatMap(({ name, removed }) => (removed === true ? [] : [name]));
  const button = (name: string | RegExp) => screen.getByRole('button', { name });

  it('are added for an attribute of the data, with its values; a draft that cannot be asked says why', async () => {
    render(<QuestionsScreen />);
    fireEvent.click(button('Add a question'));
    fireEvent.click(button('Add the question'));
    await screen.findByText('The question has no name.');
    fireEvent.change(screen.getByLabelText('Kind'), { target: { value: 'attribute' } });
    const attribute = screen.getByLabelText<HTMLSelectElement>('Attribute');
    expect([...attribute.options].map(({ value }) => value)).toEqual(['', 'Male', 'Young', 'Hat']);
    fireEvent.change(attribute, { target: { value: 'Young' } });
    expect(screen.getByLabelText<HTMLTextAreaElement>('Values, one a line').value).toBe('no\nyes');
    fireEvent.click(button('Add the question'));
    await screen.findByText('Added: Young?.');
    expect(schema().find(({ id }) => id === 'young')).toMatchObject({ kind: 'attribute', attribute: 'Young' });
    await answer(['f1'], 'young=no');
    await answer(['f1'], 'young=yes');
    expect(own('f1')).toEqual(['young=yes']);
  });

  it('are moved, renamed and not asked any more, and the answers to them stay', async () => {
    const answers = ['no', 'yes'].map((id) => ({ id, name: id }));
    await saveQuestions([{ id: 'young', name: 'Young?', place: 3, kind: 'attribute', attribute: 'Young', answers }]);
    await answer(['f1'], 'young=yes');
    render(<QuestionsScreen />);
    fireEvent.click(screen.getByLabelText('Move up: Young?'));
    await screen.findByText('Young? moved up.');
    expect(asked()).toEqual(['What do you see?', 'Young?', 'Right label', 'Note']);
    const name = screen.getByLabelText('Answer yes of Young?');
    fireEvent.change(name, { target: { value: 'certainly' } });
    fireEvent.blur(name);
    await waitFor(() => expect(JSON.stringify(schema())).toContain('certainly'));
    fireEvent.click(screen.getByLabelText('Do not ask: Young?'));
    await screen.findByText('Young? is not asked any more.');
    expect(own('f1')).toEqual(['young=yes']);
    fireEvent.click(screen.getByText('Back to the usual questions'));
    await waitFor(() => expect(asked()).toEqual(['What do you see?', 'Right label', 'Note']));
    fireEvent.click(screen.getByLabelText('Ask again: Young?'));
    await waitFor(() => expect(asked()).toContain('Young?'));
    showLabels('one', await repository.labels('one'));
    expect(asked()).toContain('Young?');
  });

  it('have the keys that the reviewer chooses; one that is taken is refused with the reason', async () => {
    render(<QuestionsScreen />);
    fireEvent.click(button('Choose the keys'));
    const ambiguous = button('2Ambiguous');
    fireEvent.click(ambiguous);
    fireEvent.keyDown(ambiguous, { key: '1' });
    await screen.findByText('1 is the key of “Wrong label”: change that one first.');
    fireEvent.keyDown(ambiguous, { key: 'W' });
    expect(button('WAmbiguous')).toBeDefined();
    expect(JSON.parse(localStorage.getItem('longtail.label-keys') ?? '')).toEqual({ ambiguous: 'w' });
    fireEvent.click(button('Back to the usual keys'));
    expect(button('2Ambiguous')).toBeDefined();
  });
});

describe('reviewers', () => {
  const log = [
    ...['f1', 'f2', 'f3', 'f4'].flatMap((id, i) => [event(2 * i + 1, 'Ana', id, i < 2 ? 'ambiguous' : 'wrong-label')]),
    ...['f1', 'f2', 'f3', 'f4'].map((id, i) => event(10 + i, 'Ben', id, i < 3 ? 'ambiguous' : 'wrong-label')),
  ];

  it('shows who labelled how many and how far they agree', async () => {
    showLabels('one', log);
    render(<ReviewersScreen />);
    expect(screen.getByRole('row', { name: /Ana \(you\) 4/ })).toBeDefined();
    const cohen = await screen.findByRole('row', { name: /Cohen's kappa, Ana and Ben \(same on 3\) 4 0\.50/ });
    expect(cohen).toBeDefined();
  });

  it('settles a disagreement beside the votes, by key, and can open it again', async () => {
    showLabels('one', log);
    render(<ReviewersScreen />);
    expect(screen.getByRole('heading', { name: 'f3, 1 of 1' })).toBeDefined();
    press('1');
    fireEvent.click(await screen.findByRole('button', { name: 'Settle on wrong label and right label: blond' }));
    await screen.findByText('Nothing is left to settle.');
    await screen.findByText('f3 is settled: Wrong label and Right label: Blond.');
    expect(useLabels.getState().board.settled.get('f3')).toEqual({
      labels: ['wrong-label', 'true-label=yes'],
      reviewer: 'Ana',
    });
    expect(useLabels.getState().board.votes.get('Ben')?.get('f3')).toEqual(['ambiguous']);
    fireEvent.click(screen.getByRole('radio', { name: '1 in all' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Open it again' }));
    await waitFor(() => expect(useLabels.getState().board.settled.size).toBe(0));
  });

  it('merges a table of labels once, and says what it left out and what it could not read', async () => {
    render(<ReviewersScreen />);
    const give = (name: string, text: string): void => {
      fireEvent.change(screen.getByLabelText('Merge files of labels'), { target: { files: [new File([text], name)] } });
    };
    const table = 'example_id,label,reviewer\nf1,ambiguous,Ben\nelsewhere,ambiguous,Ben\n';
    give('ben.csv', table);
    await screen.findByText('ben.csv: 1 new decisions merged. 1 left out: their examples are not in this audit.');
    give('again.csv', table);
    await screen.findByText(/again\.csv: nothing new in it\./);
    give('bad.json', '{"format":');
    await screen.findByText('bad.json: this is not complete JSON.');
    expect(useLabels.getState().board.votes.get('Ben')?.get('f1')).toEqual(['ambiguous']);
    expect(await repository.labels('one')).toHaveLength(1);
  });
});

describe('blinded review', () => {
  it('hides outputs, goes on by key, and compares CIE with controls at the end', async () => {
    render(<BlindedScreen />);
    fireEvent.change(screen.getByLabelText('CIE at most'), { target: { value: '2' } });
    fireEvent.click(screen.getByRole('button', { name: 'Start the review' }));
    await screen.findByRole('heading', { name: '1 of 4' });
    const queue = useLabels.getState().board.queues[0]!.action;
    if (queue.kind !== 'queue') throw new Error('no queue');
    expect(queue.cie.every((id) => cies.includes(examples.ids.indexOf(id)))).toBe(true);
    const page = document.body.textContent;
    for (const word of ['Male', 'Young', 'Hat', 'rank', 'votes', queue.order[0]!]) expect(page).not.toContain(word);
    for (const [i, id] of queue.order.entries()) {
      press(queue.cie.includes(id) ? '2' : '0');
      await waitFor(() => expect(own(id)).toEqual([queue.cie.includes(id) ? 'ambiguous' : 'none-of-these']));
      if (i < 3) await screen.findByRole('heading', { name: `${String(i + 2)} of 4` });
    }
    fireEvent.click(screen.getByRole('button', { name: 'Show the evaluation' }));
    const row = within(await screen.findByRole('table')).getByRole('row', { name: /Hard to judge/ });
    expect(row.textContent).toMatch(/100\.0.*0\.0.*100\.0/);
    expect(screen.getByText(/100 % of CIE were called hard to judge, 0 % of controls/)).toBeDefined();
  });

  it('counts only what was said in the review, not what was said in the gallery before', async () => {
    showLabels(
      'one',
      examples.ids.map((id, i) => event(i + 1, 'Ana', id, 'ambiguous')),
    );
    render(<BlindedScreen />);
    fireEvent.click(screen.getByRole('button', { name: 'Start the review' }));
    await screen.findByRole('heading', { name: /^1 of/ });
    expect(screen.getByRole('button', { name: /Ambiguous/ }).getAttribute('aria-pressed')).toBe('false');
  });
});
