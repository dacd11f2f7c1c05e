import { expect, test } from 'vitest';
import { workerCount } from './worker-count.ts';

const counts = (use: { hidden: boolean; all: boolean }): number[] =>
  [0, 1, 2, 3, 8].map((cores) => workerCount({ cores, ...use }));

test('leaves a core to a page in use where there are more than two, and never takes none', () => {
  expect(counts({ hidden: false, all: false })).toEqual([1, 1, 2, 2, 7]);
});

test('takes every core where the page is hidden or where it is asked to', () => {
  const every = [1, 1, 2, 3, 8];
  expect(counts({ hidden: true, all: false })).toEqual(every);
  expect(counts({ hidden: false, all: true })).toEqual(every);
});
