import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRepository } from '#storage/repository.ts';
import { memoryKeyValue } from '#storage/key-value.ts';
import type { Repository } from '#storage/repository.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { NO_FILTERS, useGallery } from '#store/gallery.ts';
import { setReviewer, showLabels, useLabels } from '#store/labels.ts';
import { usePlan } from '#store/plan.ts';
import { provideServices } from '#store/services.ts';
import type { Services } from '#store/services.ts';
import { useTraining } from '#store/training-state.ts';
import { auditRecord, memberResult, tinyPlan } from '#testing/records.ts';
import { readyDataset, readyEvidence } from '#testing/ready-evidence.ts';
import { GalleryScreen } from './gallery-screen.tsx';

const LEVEL = 'pruned-0.95';
const evidence = readyEvidence({ examples: 300, members: 6, levels: { 'pruned-0.5': 0.2, [LEVEL]: 0.8 } });
const { examples, audit } = evidence;
const comparison = audit.comparisons.find(({ level }) => level === LEVEL)!;
const changed = comparison.modalCie.indices.length;
const dataset = readyDataset(evidence);
const { question } = dataset;
let repository: Repository;
const narrow = { matches: false };

beforeAll(() => {
  // jsdom lays nothing out: the list is as large as a window, a row of it as high as a card.
  Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, value: 250 });
  Object.defineProperty(Element.prototype, 'clientHeight', { configurable: true, value: 600 });
  Object.defineProperty(Element.prototype, 'clientWidth', { configurable: true, value: 700 });
  globalThis.ResizeObserver = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  Element.prototype.scrollTo = () => undefined;
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = vi.fn();
});
beforeEach(async () => {
  narrow.matches = false;
  window.matchMedia = () =>
    ({ matches: narrow.matches, addEventListener: () => undefined, removeEventListener: () => undefined }) as never;
  repository = createRepository(memoryKeyValue());
  await repository.saveAudit(auditRecord('one'));
  provideServices({ repository: Promise.resolve(repository) } as Services);
  useData.setState({
    state: { kind: 'ready', dataset, question, loaded: { dataset, skipped: [], duplicates: null } as never },
  });
  useEvidence.setState({ state: evidence });
  useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL }, selected: '', large: false });
  showLabels('one', []);
  setReviewer('Ana');
  location.hash = '#/gallery';
});
afterEach(() => {
  cleanup();
  location.hash = '';
});

const list = () => screen.getByRole('region', { name: 'Ranked faces' });
const inHand = () => screen.getByRole('complementary', { name: 'In hand' });
const idInHand = (): string | null => within(inHand()).getByText(/^f\d+$/).textContent;
const ranked = (place: number): string => {
  const cies = comparison.taxicab.ranking.filter((example) => comparison.modalCie.isCie[example] === 1);
  return examples.ids[cies[place]!]!;
};
const cards = () => within(list()).getAllByRole('button', { name: /^Rank / });
const press = (key: string, code: string): void => {
  fireEvent.keyDown(document.body, { key, code });
  fireEvent.keyUp(document.body, { key, code });
};

describe('the gallery', () => {
  it('opens on exactly the examples whose label changed, most disagreement first', () => {
    expect(changed).toBeGreaterThan(5);
    render(<GalleryScreen />);
    expect(within(list()).getByText(`${String(changed)} faces`)).toBeTruthy();
    const [first] = within(list()).getAllByRole('button', { name: /^Rank / });
    expect(first?.getAttribute('aria-label')).toContain(`, ${ranked(0)}, score`);
    expect(first?.getAttribute('aria-pressed')).toBe('true');
    expect(idInHand()).toBe(ranked(0));
  });

  it('says what comes first while there is no evidence', () => {
    useEvidence.setState({ state: { kind: 'none' } });
    render(<GalleryScreen />);
    expect(screen.getByText(/opens once a baseline and a compressed population have voted/)).toBeTruthy();
  });

  it('names the classes by the question, and says the votes of both populations', () => {
    render(<GalleryScreen />);
    const card = within(list()).getByRole('button', { name: new RegExp(`, ${ranked(0)}, `) });
    const example = examples.ids.indexOf(ranked(0));
    const before = examples.classes[audit.baseline.modal[example]!] === 'yes';
    expect(card.getAttribute('aria-label')).toContain(before ? 'Blond before, not after' : 'not before, Blond after');
    const votes = audit.baseline.votes.subarray(2 * example, 2 * example + 2);
    const yes = examples.classes.indexOf('yes');
    expect(within(card).getByRole('img').getAttribute('aria-label')).toContain(
      `Blond: ${String(votes[yes])} baseline votes`,
    );
  });

  it('labels the example in hand by a key, keeps the label, and goes to the next', async () => {
    render(<GalleryScreen />);
    press('2', 'Digit2');
    await waitFor(() => expect(idInHand()).toBe(ranked(1)));
    expect(useLabels.getState().current.get(ranked(0))).toEqual(['ambiguous']);
    expect((await repository.labels('one')).map(({ exampleId }) => exampleId)).toEqual([ranked(0)]);
    expect(
      within(within(list()).getByRole('button', { name: new RegExp(`, ${ranked(0)}, `) })).getByText('Ambiguous'),
    ).toBeTruthy();
  });

  it('takes a label back and gives it again', async () => {
    render(<GalleryScreen />);
    press('2', 'Digit2');
    await waitFor(() => expect(useLabels.getState().current.size).toBe(1));
    press('z', 'KeyZ');
    await waitFor(() => expect(useLabels.getState().current.size).toBe(0));
    press('y', 'KeyY');
    await waitFor(() => expect(useLabels.getState().current.get(ranked(0))).toEqual(['ambiguous']));
  });

  it('gives one label to a range marked by shift and arrows, as one step for undo, and says so', async () => {
    render(<GalleryScreen />);
    for (let i = 0; i < 2; i++)
      fireEvent.keyDown(document.body, { key: 'ArrowRight', code: 'ArrowRight', shiftKey: true });
    await screen.findByText('3 faces marked: the next label goes to all of them');
    press('4', 'Digit4');
    await screen.findByText('Saved: Low quality, 3 faces.');
    const labelled = () => [...useLabels.getState().current.keys()].sort();
    expect(labelled()).toEqual([ranked(0), ranked(1), ranked(2)].sort());
    expect(idInHand()).toBe(ranked(2));
    expect(screen.getByText(/^Undo takes back Low quality on 3 faces/)).toBeTruthy();
    expect(screen.getByText(new RegExp(`^3 of ${String(changed)} faces labelled at this threshold`))).toBeTruthy();
    press('Escape', 'Escape');
    await waitFor(() => expect(screen.queryByText(/faces marked/)).toBeNull());
    fireEvent.click(screen.getByText('Undo'));
    await screen.findByText('Taken back: Low quality on 3 faces.');
    expect(labelled()).toEqual([]);
    fireEvent.click(screen.getByText('Redo'));
    await screen.findByText('Given again: Low quality on 3 faces.');
    expect(labelled()).toHaveLength(3);
  });

  it('marks a range by shift and click, and all that are shown', async () => {
    render(<GalleryScreen />);
    const card = (place: number) =>
      list().querySelector(`[data-example="${String(examples.ids.indexOf(ranked(place)))}"]`)!;
    fireEvent.click(card(1));
    fireEvent.click(card(3), { shiftKey: true });
    await screen.findByText('3 faces marked: the next label goes to all of them');
    fireEvent.click(screen.getByText('Unmark'));
    fireEvent.click(screen.getByText(`Mark all ${String(changed)} shown`));
    await screen.findByText(`${String(changed)} faces marked: the next label goes to all of them`);
  });

  it('goes to the next without a label by key, and back to where one left off on return', async () => {
    render(<GalleryScreen />);
    press('2', 'Digit2');
    await waitFor(() => expect(idInHand()).toBe(ranked(1)));
    press('ArrowLeft', 'ArrowLeft');
    press('u', 'KeyU');
    await waitFor(() => expect(idInHand()).toBe(ranked(1)));
    cleanup();
    useGallery.setState({ selected: '' });
    location.hash = '#/gallery';
    render(<GalleryScreen />);
    fireEvent.click(await screen.findByText(`You left off at ${ranked(0)}, go there`));
    expect(useGallery.getState().selected).toBe(ranked(0));
  });

  it('asks for the right label where there are two by writing the other, and keeps a note that is left by Escape', async () => {
    render(<GalleryScreen />);
    press('1', 'Digit1');
    await waitFor(() => expect(idInHand()).toBe(ranked(1)));
    const truth = examples.classes[examples.labels[examples.ids.indexOf(ranked(0))]!]!;
    const other = truth === 'yes' ? 'no' : 'yes';
    expect(useLabels.getState().current.get(ranked(0))).toEqual(['wrong-label', `true-label=${other}`]);
    press('n', 'KeyN');
    const note = await screen.findByLabelText('Note');
    fireEvent.change(note, { target: { value: 'a hat' } });
    fireEvent.keyDown(note, { key: 'Escape' });
    await screen.findByText(`Note saved, ${ranked(1)}.`);
    expect(useLabels.getState().board.notes.get('Ana')?.get(ranked(1))?.get('note')).toBe('a hat');
  });

  it('shows and keeps nothing where a label cannot be saved', async () => {
    provideServices({
      repository: Promise.resolve({ ...repository, appendLabels: () => Promise.reject(new Error('the disk is full')) }),
    } as unknown as Services);
    render(<GalleryScreen />);
    press('1', 'Digit1');
    expect(await screen.findByText('The label was not saved: the disk is full')).toBeTruthy();
    expect(useLabels.getState().current.size).toBe(0);
    expect(idInHand()).toBe(ranked(0));
  });

  it('does not label while a name or an id is typed, but does right after a level was chosen', async () => {
    render(<GalleryScreen />);
    const search = screen.getByRole('textbox', { name: 'Find an id' });
    search.focus();
    fireEvent.keyDown(search, { key: '1', code: 'Digit1' });
    fireEvent.keyUp(search, { key: '1', code: 'Digit1' });
    const level = screen.getByRole('radio', { name: /level 0\.95/ });
    level.focus();
    fireEvent.keyDown(level, { key: '5', code: 'Digit5' });
    fireEvent.keyUp(level, { key: '5', code: 'Digit5' });
    await waitFor(() => expect(useLabels.getState().current.get(ranked(0))).toEqual(['unusual-but-right']));
    expect(useLabels.getState().events).toHaveLength(1);
  });

  it('moves by the arrow keys and stays at both ends', () => {
    render(<GalleryScreen />);
    press('ArrowLeft', 'ArrowLeft');
    expect(idInHand()).toBe(ranked(0));
    press('ArrowRight', 'ArrowRight');
    expect(idInHand()).toBe(ranked(1));
    fireEvent.change(screen.getByRole('spinbutton', { name: 'Go to' }), { target: { value: '100000' } });
    expect(idInHand()).toBe(ranked(changed - 1));
  });

  it('lets one tab stop into the ranking: the card in hand', () => {
    render(<GalleryScreen />);
    const cards = within(list()).getAllByRole('button', { name: /^Rank / });
    expect(cards.filter((card) => card.tabIndex === 0)).toEqual([cards[0]]);
    cards[0]?.focus();
    press('ArrowRight', 'ArrowRight');
    expect(document.activeElement).toBe(cards[1]);
  });

  it('filters by true label, and writes the filter into the address', () => {
    render(<GalleryScreen />);
    const trueLabel = within(screen.getByRole('group', { name: 'True label' }));
    fireEvent.click(trueLabel.getByRole('checkbox', { name: /^Blond/ }));
    const blond = [...comparison.modalCie.indices].filter(
      (example) => examples.classes[examples.labels[example]!] === 'yes',
    ).length;
    expect(within(list()).getByText(`${String(blond)} faces`)).toBeTruthy();
    expect(location.hash).toContain('class=yes');
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(within(list()).getByText(`${String(changed)} faces`)).toBeTruthy();
  });

  it('takes the filters of a link', () => {
    location.hash = '#/gallery?level=pruned-0.5&top=0&a.Male=yes';
    render(<GalleryScreen />);
    const male = examples.attributes[0]!;
    const men = [...male.codes].filter((code) => male.values[code] === 'yes').length;
    expect(within(list()).getByText(`${String(men)} faces`)).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /level 0\.5/ }).checked).toBe(true);
  });

  it('says so where no example is left', () => {
    render(<GalleryScreen />);
    fireEvent.change(screen.getByRole('textbox', { name: 'Find an id' }), { target: { value: 'nobody' } });
    expect(within(list()).getByText(/^No example is left/)).toBeTruthy();
    expect(within(list()).getByText('0 faces')).toBeTruthy();
  });

  it('folds the filters on a narrow page and says how many are on', () => {
    narrow.matches = true;
    useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL, trueClasses: ['yes'] } });
    render(<GalleryScreen />);
    const fold = screen.getByText('Filters: 1').closest('details')!;
    expect(fold.open).toBe(false);
  });

  it('takes every step back: filters and the large view are in the address, and so is the example in hand', async () => {
    const arrived = new Promise((done) => window.addEventListener('hashchange', done, { once: true }));
    location.hash = `#/gallery?level=${LEVEL}&top=cie`;
    await arrived;
    render(<GalleryScreen />);
    press('ArrowRight', 'ArrowRight');
    await waitFor(() => expect(location.hash).toContain(`example=${ranked(1)}`));
    fireEvent.change(screen.getByRole('combobox', { name: 'Order by' }), { target: { value: 'id' } });
    expect(location.hash).toContain('order=id');
    press(' ', 'Space');
    expect(location.hash).toContain('large=1');
    expect(screen.getByRole('heading', { name: ranked(1) })).toBeTruthy();
    history.back();
    await waitFor(() => expect(screen.queryByRole('heading', { name: ranked(1) })).toBeNull(), { timeout: 4000 });
    history.back();
    await waitFor(() => expect(useGallery.getState().filters.order).toBe('taxicab'));
    expect(idInHand()).toBe(ranked(1));
    history.forward();
    await waitFor(() => expect(useGallery.getState().filters.order).toBe('id'));
  });

  it('makes one step of a gesture', async () => {
    location.hash = `#/gallery?level=${LEVEL}&top=cie`;
    render(<GalleryScreen />);
    const before = history.length;
    const search = screen.getByRole('textbox', { name: 'Find an id' });
    for (const value of ['1', '12', '123']) fireEvent.change(search, { target: { value } });
    expect(history.length).toBe(before + 1);
    history.back();
    await waitFor(() => expect(useGallery.getState().filters.search).toBe(''));
  });

  it('orders by id, by true label, by change, and by confidence as far as it is known', async () => {
    render(<GalleryScreen />);
    const order = screen.getByRole('combobox', { name: 'Order by' });
    const firstId = (): string => /, (f\d+), /.exec(cards()[0]?.getAttribute('aria-label') ?? '')?.[1] ?? '';
    fireEvent.change(order, { target: { value: 'id' } });
    expect(firstId()).toBe(examples.ids[Math.min(...comparison.modalCie.indices)]);
    fireEvent.change(order, { target: { value: 'true-label' } });
    expect(cards()[0]?.getAttribute('aria-label')).toContain('true label not Blond');
    fireEvent.click(screen.getByRole('radio', { name: 'Top share' }));
    fireEvent.change(screen.getByRole('slider', { name: /^Share/ }), { target: { value: '0' } });
    fireEvent.change(order, { target: { value: 'modal-change' } });
    expect(comparison.modalCie.isCie[examples.ids.indexOf(firstId())]).toBe(1);
    fireEvent.change(order, { target: { value: 'confidence-shift' } });
    // Of two classes half the Taxicab score, and ties stand by that.
    await within(list()).findByText(/largest change of the share of votes for Blond first: these members gave no prob/);
    expect(firstId()).toBe(examples.ids[comparison.taxicab.ranking[0]!]);
    expect(cards()[0]?.getAttribute('aria-label')).toContain('of votes');
  });

  it('orders by the probabilities that members gave', async () => {
    const count = examples.ids.length;
    const target = count - 1;
    // At the level every member is sure of the last example, whom the baseline left open.
    const codes = (last: number): Uint16Array =>
      Uint16Array.from({ length: count }, (_, x) => (x === target ? last : 32_768));
    const member = (level: string, last: number) => ({
      ...memberResult(
        level,
        0,
        Array.from({ length: count }, () => 0),
      ),
      probabilities: codes(last),
    });
    const results = [member('baseline', 32_768), member(LEVEL, 65_535)];
    await repository.saveMembers('one', results);
    useTraining.setState({ auditId: 'one', results });
    const plan = tinyPlan();
    usePlan.setState({
      plan: { ...plan, levels: [{ ...plan.levels[0]!, sparsity: 0.95 } as (typeof plan.levels)[number]] },
    });
    useGallery.setState({ filters: { ...NO_FILTERS, level: LEVEL, threshold: 0, order: 'confidence-shift' } });
    render(<GalleryScreen />);
    await within(list()).findByText(/largest change of the members’ mean probability of Blond first/);
    expect(cards()[0]?.getAttribute('aria-label')).toContain(`, f${String(target)}, score 0.50 probability`);
    useTraining.setState({ auditId: null, results: [] });
    usePlan.setState({ plan: null });
  });

  it('filters by who labelled, with counts, and keeps that in the address', () => {
    const event = (sequence: number, exampleId: string) => ({
      ...{ uuid: `b${String(sequence)}`, auditId: 'one', sequence, time: '2026-01-01T00:00:00Z', reviewer: 'Ben' },
      ...{ exampleId, action: { kind: 'add' as const, label: 'ambiguous' }, undoes: null },
    });
    // The last one is not within the threshold: it is not counted.
    const kept = examples.ids[comparison.modalCie.isCie.indexOf(0)]!;
    showLabels('one', [event(1, ranked(0)), event(2, ranked(2)), event(3, kept)]);
    render(<GalleryScreen />);
    const reviewers = within(screen.getByRole('group', { name: 'Reviewer' }));
    fireEvent.click(reviewers.getByRole('checkbox', { name: /^Ben\s*2$/ }));
    expect(within(list()).getByText('2 faces')).toBeTruthy();
    expect(location.hash).toContain('reviewer=Ben');
    const labels = within(screen.getByRole('group', { name: 'Review label' }));
    expect(labels.getByRole('checkbox', { name: /^Ambiguous\s*2$/ })).toBeTruthy();
  });

  it('keeps a range of scores, by keyboard too, and takes it away', async () => {
    render(<GalleryScreen />);
    fireEvent.click(screen.getByRole('radio', { name: 'Top share' }));
    fireEvent.change(screen.getByRole('slider', { name: /^Share/ }), { target: { value: '0' } });
    fireEvent.change(screen.getByRole('slider', { name: 'Least score shown' }), { target: { value: '10' } });
    fireEvent.change(screen.getByRole('slider', { name: 'Greatest score shown' }), { target: { value: '15' } });
    const inside = [...comparison.taxicab.scores].filter((score) => score >= 1 - 1e-9 && score < 1.5 - 1e-9).length;
    expect(inside).toBeGreaterThan(0);
    expect(within(list()).getByText(`${String(inside)} faces`)).toBeTruthy();
    await waitFor(() => expect(location.hash).toContain('scores=1..1.5'));
    fireEvent.click(screen.getByRole('button', { name: 'All scores' }));
    expect(within(list()).getByText(`${String(examples.ids.length)} faces`)).toBeTruthy();
  });

  it('filters by the majority of either population', () => {
    render(<GalleryScreen />);
    const majority = within(screen.getByRole('group', { name: 'Baseline majority' }));
    fireEvent.click(majority.getByRole('checkbox', { name: /^Blond/ }));
    const yes = examples.classes.indexOf('yes');
    const left = [...comparison.modalCie.indices].filter((example) => audit.baseline.modal[example] === yes).length;
    expect(within(list()).getByText(`${String(left)} faces`)).toBeTruthy();
    expect(location.hash).toContain('before=yes');
  });

  it('stands a changed example beside one of its class whose label did not change', () => {
    render(<GalleryScreen />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Beside an unchanged one' }));
    const pairs = within(list()).getAllByRole('button', { name: /^To compare: rank / });
    const partner = examples.ids.indexOf(/, (f\d+), /.exec(pairs[0]?.getAttribute('aria-label') ?? '')?.[1] ?? '');
    expect(comparison.modalCie.isCie[partner]).toBe(0);
    expect(examples.labels[partner]).toBe(examples.labels[examples.ids.indexOf(ranked(0))]);
    press('ArrowRight', 'ArrowRight');
    expect(idInHand()).toBe(ranked(1));
  });

  it('is a grid that knows its size and the place of every row', () => {
    render(<GalleryScreen />);
    const grid = within(list()).getByRole('grid', { name: /^Ranked faces/ });
    const columns = Number(grid.getAttribute('aria-colcount'));
    expect(grid.getAttribute('aria-rowcount')).toBe(String(Math.ceil(changed / columns)));
    const [first, second] = within(grid).getAllByRole('row');
    expect([first?.getAttribute('aria-rowindex'), second?.getAttribute('aria-rowindex')]).toEqual(['1', '2']);
    expect(
      within(first!)
        .getAllByRole('gridcell')
        .map((cell) => cell.getAttribute('aria-colindex')),
    ).toEqual(Array.from({ length: columns }, (_, i) => String(i + 1)));
  });

  it('shows an example at large: both votes in words, every member, its copies', async () => {
    render(<GalleryScreen />);
    press(' ', 'Space');
    const dialog = within(screen.getByRole('dialog', { name: ranked(0) }));
    const example = examples.ids.indexOf(ranked(0));
    const yes = examples.classes.indexOf('yes');
    const votes = audit.baseline.votes[2 * example + yes]!;
    if (votes > 0) expect(dialog.getByText(new RegExp(`Baseline: .*${String(votes)} of 6 say Blond`))).toBeTruthy();
    const cells = within(dialog.getByRole('region', { name: 'Predictions by member' })).getAllByRole('listitem');
    expect(cells).toHaveLength(6);
    const said = cells.filter((cell) => cell.getAttribute('aria-label')?.includes(': Blond at the baseline')).length;
    expect(said).toBe(votes);
    // The rows of this table have no inputs: every other one is a copy.
    expect(
      await dialog.findByText(
        `${String(examples.ids.length - 1)} faces with exactly the same content, whatever their label:`,
      ),
    ).toBeTruthy();
  });

  it('walks the levels by the bracket keys and keeps the example in hand where it is still there', () => {
    render(<GalleryScreen />);
    fireEvent.click(screen.getByRole('radio', { name: 'Top share' }));
    fireEvent.change(screen.getByRole('slider', { name: /^Share of the ranking/ }), { target: { value: '0' } });
    press('ArrowRight', 'ArrowRight');
    const id = idInHand();
    press('[', 'BracketLeft');
    expect(useGallery.getState().filters.level).toBe('pruned-0.5');
    expect(idInHand()).toBe(id);
  });
});
