import type { FigureTable, Writing } from '#ui/charts/figure-table.tsx';
import { bytes, count, percent, percentNumber } from '#ui/kit/format.ts';
import { pText } from './change-words.ts';
import { change, changeEnd, ratio } from './words.ts';

/** How the tables of the evidence write their numbers. */
const shareWith = (digits: number): Writing => ({
  value: (value) => percent(value, digits),
  end: (value) => percentNumber(value, digits),
  unit: '%',
  factor: 100,
});

export const COUNT: Writing = { value: count };
export const SHARE = shareWith(1);
export const WHOLE = shareWith(0);
export const RATE = shareWith(2);
/** Accuracy lost, in points. */
export const POINTS: Writing = { value: (value) => percentNumber(value), unit: 'points', factor: 100 };
/** A normalized difference. */
export const CHANGE: Writing = { value: change, end: changeEnd, unit: '%' };
export const TIMES: Writing = { value: ratio, end: (value) => value.toFixed(2) };
export const SLICE_TIMES: Writing = { value: ratio, end: (value) => value.toFixed(1) };
export const P_VALUE: Writing = { value: pText };
export const BYTES: Writing = { value: bytes, unit: 'bytes' };
export const STATISTIC: Writing = { value: (value) => value.toFixed(1) };
export const THREE: Writing = { value: (value) => value.toFixed(3) };

/** The columns of a table of accuracy on parts of the examples. */
export const partColumns = (noun: readonly [string, string]): FigureTable['columns'] => [
  { name: 'Part' },
  { name: noun[1], as: COUNT },
  { name: 'Baseline', as: SHARE, interval: true },
  { name: 'Compressed', as: SHARE, interval: true },
  { name: '' },
];
