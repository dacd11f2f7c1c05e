import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { percent } from '#ui/kit/format.ts';
import type { FigureTable } from './figure-table.tsx';
import { tableCsv } from './table-csv.ts';

const SHARE = { value: percent, unit: '%', factor: 100 };
const open = { text: 'Show 12', label: 'Show 12 faces', onOpen: () => undefined };
const table: FigureTable = {
  caption: '',
  columns: [
    { name: 'Level' },
    { name: 'n', as: { value: String } },
    { name: 'Error', mark: 'base', as: SHARE, interval: true },
    { name: 'p', as: { value: String } },
    { name: '' },
  ],
  rows: () => [
    { key: 'a', cells: ['0.9', 12, { value: 0.1, low: 0.05, high: null }, 0.04, open] },
    { key: 'b', cells: ['=1+1', 3, { missing: '3 faces, 30 needed' }, null, open] },
  ],
};
const parse = (pieces: Iterable<string>): readonly (readonly string[])[] =>
  Papa.parse<string[]>([...pieces].join('').trimEnd(), { header: false }).data;

describe('the CSV of a table', () => {
  it('has the ends of intervals in columns of their own, units in the head, and says why a number is missing', () => {
    expect(parse(tableCsv(table))).toEqual([
      [
        'Level',
        'n',
        'Error, baseline (%)',
        'Error, baseline (%), 95% low',
        'Error, baseline (%), 95% high',
        'p',
        'Not estimable',
      ],
      ['0.9', '12', '10', '5', '', '0.04', ''],
      ["'=1+1", '3', '', '', '', '', 'Error: 3 faces, 30 needed'],
    ]);
  });

  it('leads every row by its level where it has every level', () => {
    const every = { ...table, everyLevel: () => table.rows().map((row) => ({ ...row, cells: ['0.5', ...row.cells] })) };
    const [head, first] = parse(tableCsv(every));
    expect(head).toHaveLength(8);
    expect(first).toEqual(['0.5', '0.9', '12', '10', '5', '', '0.04', '']);
  });

  it('of no rows is the head alone', () => {
    expect(parse(tableCsv({ ...table, columns: table.columns.slice(0, 4), rows: () => [] }))).toHaveLength(1);
  });
});
