import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import type { Inspection, LoadedDataset } from '#sources/source.ts';
import { useData } from '#store/data.ts';
import { DataScreen } from './data-screen.tsx';
import { FileNotes } from './file-notes.tsx';
import { droppedFiles } from './file-drop.ts';
import { wallOrder } from './wall-order.ts';

const dataset: Dataset = {
  name: 'Small table',
  noun: ['person', 'people'],
  origin: { kind: 'files', names: ['small.csv'] },
  ids: ['a', 'b', 'c', 'd', 'e', 'f'],
  features: {
    kind: 'table',
    numeric: [{ name: 'age', numbers: Float64Array.from([1, 2, NaN, 4, 5, 6]) }],
    categorical: [],
  },
  columns: [
    categoricalColumn('again', ['yes', 'no', 'no', 'no', 'yes', 'no']),
    categoricalColumn('sex', ['F', 'M', 'M', 'M', 'F', 'F']),
    categoricalColumn('young', ['yes', 'yes', 'no', 'no', 'yes', 'yes']),
  ],
  split: Uint8Array.from([1, 1, 1, 1, 0, 0]),
  hash: '9f3c0000a17e',
  remarks: ['Nobody real.'],
  question: { target: 'again', positive: 'yes', attributes: ['sex'], minCount: 2 },
};
const loaded: LoadedDataset = {
  dataset,
  skipped: [{ name: 'x/broken.png', reason: 'it is not a picture' }],
  duplicates: { groups: 3, acrossSplits: 1 },
};
const inspection: Inspection = {
  kind: 'images',
  token: 't',
  tableName: 'meta.csv',
  rows: 10,
  images: 10,
  columns: [
    { name: 'image_id', distinct: 10, missing: 0, samples: ['i1'], numeric: false },
    { name: 'dx', distinct: 3, missing: 0, samples: ['nv', 'mel'], numeric: false },
    { name: 'lesion_id', distinct: 900, missing: 0, samples: ['l1'], numeric: false },
    { name: 'sex', distinct: 2, missing: 1, samples: ['f', 'm'], numeric: false },
  ],
  ignored: ['.DS_Store'],
  suggestion: { kind: 'images', image: 'image_id', label: 'dx', split: null, attributes: ['sex'], size: 32 },
};

const ready = (): void => useData.setState({ state: { kind: 'ready', loaded, dataset, question: dataset.question } });
const question = () => {
  const { state } = useData.getState();
  if (state.kind !== 'ready') throw new Error('not ready');
  return state.question;
};

beforeEach(() => useData.setState({ state: { kind: 'none' } }));
afterEach(cleanup);

describe('the data screen', () => {
  it('offers what is built in and files of one’s own', () => {
    render(<DataScreen />);
    for (const name of ['Faces', 'Handwriting', 'COMPAS', 'Your own files'])
      expect(screen.getByRole('heading', { name })).toBeTruthy();
    expect(screen.getByLabelText('Choose files')).toBeTruthy();
    expect(screen.getByLabelText('Choose a folder').hasAttribute('webkitdirectory')).toBe(true);
  });

  it('shows how far loading is and can be cancelled', () => {
    useData.setState({ state: { kind: 'loading', progress: { stage: 'Decoding images', done: 250, total: 1000 } } });
    render(<DataScreen />);
    const bar = screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Decoding images' });
    expect(bar.value / bar.max).toBe(0.25);
    expect(screen.getByRole('status').textContent).toBe('Decoding images, 20 percent');
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(useData.getState().state.kind).toBe('none');
  });

  it('says why data could not be read, and lets another be chosen', () => {
    useData.setState({
      state: { kind: 'failed', problem: { code: 'csv', message: 'small.csv, row 3: a quote is not closed.' } },
    });
    render(<DataScreen />);
    expect(screen.getByRole('status').textContent).toContain('small.csv, row 3: a quote is not closed.');
    expect(screen.getByRole('button', { name: 'Draw the faces' })).toBeTruthy();
  });

  it('shows counts, the first rows, what was left out and what leaks', () => {
    ready();
    render(<DataScreen />);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('6 people');
    expect(screen.getByText(/2 to train on, 4 to audit\./)).toBeTruthy();
    expect(screen.getByText('3 sets of rows with the same inputs, 1 across the splits.')).toBeTruthy();
    expect(screen.getByText('1 file was left out.')).toBeTruthy();
    expect(screen.getByText(/it is not a picture/)).toBeTruthy();
    expect(screen.getByText('Nobody real.')).toBeTruthy();
    const rows = within(screen.getByRole('table', { name: /The first 6 of 6 rows/ })).getAllByRole('row');
    expect(rows[3]?.textContent).toBe(['c', 'no', 'M', 'no', ''].join(''));
  });

  it('hatches groups that are too few and says which rate falls away', () => {
    ready();
    render(<DataScreen />);
    expect(screen.getByText('Too few to estimate: 3 rates.')).toBeTruthy();
    expect(screen.getByText('Sex: F: 1 again, 2 needed for a false negative rate')).toBeTruthy();
    expect(screen.getByText('Sex: M: 0 again, 2 needed for a false negative rate')).toBeTruthy();
  });

  it('asks another question: attributes, positive value, fewest examples', () => {
    ready();
    render(<DataScreen />);
    fireEvent.click(screen.getByRole('checkbox', { name: /young/ }));
    expect(question().attributes).toEqual(['sex', 'young']);
    fireEvent.change(screen.getByLabelText('A positive means'), { target: { value: 'no' } });
    expect(question().positive).toBe('no');
    fireEvent.change(screen.getByLabelText('Fewest examples for a rate'), { target: { value: '0' } });
    expect(question().minCount).toBe(2);
    fireEvent.change(screen.getByLabelText('Fewest examples for a rate'), { target: { value: '1' } });
    expect(question().minCount).toBe(1);
  });

  it('drops an attribute that becomes the target and takes a positive value of the new target', () => {
    ready();
    render(<DataScreen />);
    fireEvent.change(screen.getByLabelText('Models predict'), { target: { value: 'sex' } });
    expect(question()).toEqual({ target: 'sex', positive: 'M', attributes: [], minCount: 2 });
  });
});

describe('the column mapping', () => {
  beforeEach(() => useData.setState({ state: { kind: 'mapping', inspection } }));

  it('starts from the suggestion and refuses a label with too many values', () => {
    render(<DataScreen />);
    const label = screen.getByLabelText<HTMLSelectElement>('Models predict');
    expect(label.value).toBe('dx');
    fireEvent.change(label, { target: { value: 'lesion_id' } });
    expect(label.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('lesion_id has 900 different values: a label has 2 to 100.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Load the images' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('takes a column away from the attributes once it is the label', () => {
    render(<DataScreen />);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /sex/ }).checked).toBe(true);
    fireEvent.change(screen.getByLabelText('Models predict'), { target: { value: 'sex' } });
    expect(screen.queryByRole('checkbox', { name: /sex/ })).toBeNull();
    expect(screen.getByRole('checkbox', { name: /dx/ })).toBeTruthy();
  });
});

describe('copies of images', () => {
  it('are left out of training where they are in both splits', () => {
    const pixels = new Uint8Array(6);
    const images: Dataset = { ...dataset, features: { kind: 'images', width: 1, height: 1, channels: 1, pixels } };
    render(<FileNotes loaded={{ ...loaded, dataset: images, skipped: [] }} />);
    expect(screen.getByText('1 person is in both splits.')).toBeTruthy();
    expect(screen.getByText('2 people are there more than once.')).toBeTruthy();
  });
});

describe('the order of the wall', () => {
  it('shows classes in turn, or the rarest combination first', () => {
    expect([...wallOrder(dataset, dataset.question, 'as-is')]).toEqual([0, 1, 2, 3, 4, 5]);
    // codes of `again`: yes 1, no 0; one of each class at a time
    expect([...wallOrder(dataset, dataset.question, 'by-class')]).toEqual([1, 0, 2, 4, 3, 5]);
    // yes+F twice (0, 4), no+M three times (1, 2, 3), no+F once (5)
    expect([...wallOrder(dataset, dataset.question, 'rarest')]).toEqual([5, 0, 4, 1, 2, 3]);
  });
});

describe('what is dropped', () => {
  it('opens folders to the bottom and keeps the paths', async () => {
    const file = new File(['x'], 'a.png');
    const fileEntry = { isFile: true, fullPath: '/set/img/a.png', file: (done: (f: File) => void) => done(file) };
    const folder = (children: readonly unknown[]) => ({
      isFile: false,
      createReader: () => {
        const portions = [children, []];
        return { readEntries: (done: (entries: unknown) => void) => done(portions.shift()) };
      },
    });
    const entry = folder([folder([fileEntry])]);
    const transfer = { items: [{ kind: 'file', webkitGetAsEntry: () => entry }], files: [] };
    expect(await droppedFiles(transfer as unknown as DataTransfer)).toEqual([{ path: 'set/img/a.png', blob: file }]);
  });

  it('is nothing where only text was dropped', async () => {
    const transfer = { items: [{ kind: 'string', webkitGetAsEntry: vi.fn() }], files: [] };
    expect(await droppedFiles(transfer as unknown as DataTransfer)).toEqual([]);
  });
});
