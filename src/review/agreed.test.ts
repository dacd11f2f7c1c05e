import { expect, test } from 'vitest';
import { agreedOn } from './agreed.ts';

test('each question counts for itself, in whatever order it was answered', () => {
  expect(agreedOn([['a', 'b', 'quality=1'], ['b', 'a', 'quality=2'], ['young=no']])).toEqual({
    labels: ['a', 'b', 'young=no'],
    disputed: ['quality'],
  });
  expect(agreedOn([['a', 'b'], ['a']])).toEqual({ labels: [], disputed: ['review'] });
  expect(agreedOn([])).toEqual({ labels: [], disputed: [] });
});

test('who judged the example and did not call its label wrong disputes another right label', () => {
  const wrong = ['wrong-label', 'true-label=no'];
  expect(agreedOn([wrong, ['ambiguous']])).toEqual({ labels: [], disputed: ['review', 'true-label'] });
  expect(agreedOn([wrong, ['young=no']]).labels).toEqual([...wrong, 'young=no']);
  expect(agreedOn([wrong, [...wrong, 'ambiguous']])).toEqual({ labels: ['true-label=no'], disputed: ['review'] });
});
