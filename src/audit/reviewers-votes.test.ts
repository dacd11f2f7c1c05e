import { expect, test } from 'vitest';
import { disagreements, ratingsOf, sharedQuestions } from './reviewers-votes.ts';

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
  const { reviewers, codes, categories } = ratingsOf(votes, 'review');
  expect(reviewers).toEqual(['Ana', 'Ben']);
  expect([...codes]).toEqual([0, 0, 1, 2, 2, -1]);
  expect(categories).toBe(3);
});

test('a disagreement needs two who said something else', () => {
  expect(disagreements(votes)).toEqual(['y']);
  expect(disagreements(new Map())).toEqual([]);
});

test('nobody said anything: no ratings', () => {
  expect(ratingsOf(new Map(), 'review')).toEqual({ reviewers: [], codes: new Int32Array(), categories: 0 });
});

test('each question is judged for itself, and who did not answer it does not disagree', () => {
  const asked = new Map([
    [
      'Ana',
      new Map([
        ['x', ['a', 'quality=1']],
        ['y', ['quality=2']],
        ['z', ['a']],
      ]),
    ],
    [
      'Ben',
      new Map([
        ['x', ['a', 'quality=2']],
        ['y', ['a', 'quality=2']],
      ]),
    ],
    ['Cleo', new Map([['z', ['young=no']]])],
  ]);
  expect(disagreements(asked)).toEqual(['x']);
  expect(sharedQuestions(asked)).toEqual(['quality', 'review']);
  expect([...ratingsOf(asked, 'quality').codes]).toEqual([0, 1, -1, 1, 1, -1, -1, -1, -1]);
});
