import { expect, test } from 'vitest';
import { disagreements, ratingsOf } from './reviewers-votes.ts';

const votes = new Map([
  [
    'Ben',
    new Map([
      ['x', ['b', 'a']],
      ['y', ['a']],
    ]),
  ],
  [
    'Ana',
    new Map([
      ['x', ['a', 'b']],
      ['y', ['b']],
      ['z', ['a']],
    ]),
  ],
]);

test('the same labels in another order are one category; what one did not say is missing', () => {
  const { reviewers, codes, categories } = ratingsOf(votes);
  expect(reviewers).toEqual(['Ana', 'Ben']);
  expect([...codes]).toEqual([0, 0, 1, 2, 2, -1]);
  expect(categories).toBe(3);
});

test('a disagreement needs two who said something else', () => {
  expect(disagreements(votes)).toEqual(['y']);
  expect(disagreements(new Map())).toEqual([]);
});

test('nobody said anything: no ratings', () => {
  expect(ratingsOf(new Map())).toEqual({ reviewers: [], codes: new Int32Array(), categories: 0 });
});
