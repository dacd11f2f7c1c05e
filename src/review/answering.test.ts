import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answering, applied, asksRightLabel, isComplete } from './answering.ts';
import { DEFAULT_SCHEMA, type Schema } from './schema.ts';

const two = { classes: ['no', 'yes'], delivered: 'yes' };
const three = { classes: ['cat', 'dog', 'emu'], delivered: 'dog' };
const give = (own: readonly string[], label: string, truth = two, schema: Schema = DEFAULT_SCHEMA) =>
  applied(own, answering(schema, own, label, truth));

describe('wrong label and right label', () => {
  test('with two classes the other one is right; taking "wrong label" back takes both', () => {
    const wrong = give(['ambiguous'], 'wrong-label');
    expect(wrong).toEqual(['ambiguous', 'wrong-label', 'true-label=no']);
    expect(give(wrong, 'wrong-label')).toEqual(['ambiguous']);
  });

  test('with more classes the right one is asked for, and one takes the place of another', () => {
    const wrong = give([], 'wrong-label', three);
    expect(wrong).toEqual(['wrong-label']);
    expect(isComplete(DEFAULT_SCHEMA, wrong)).toBe(false);
    const right = give(wrong, 'true-label=emu', three);
    expect(right).toEqual(['wrong-label', 'true-label=emu']);
    expect(isComplete(DEFAULT_SCHEMA, right)).toBe(true);
    expect(give(right, 'true-label=cat', three)).toEqual(['wrong-label', 'true-label=cat']);
  });

  test('the right label says by itself whether the delivered one is wrong', () => {
    expect(give([], 'true-label=emu', three)).toEqual(['true-label=emu', 'wrong-label']);
    expect(give(['wrong-label'], 'true-label=dog', three)).toEqual(['true-label=dog']);
  });

  test('without the question for the right label "wrong label" stands alone; without "wrong label" the question is always shown', () => {
    const alone = DEFAULT_SCHEMA.filter(({ kind }) => kind !== 'true-label');
    expect(give([], 'wrong-label', two, alone)).toEqual(['wrong-label']);
    expect(asksRightLabel(DEFAULT_SCHEMA, [])).toBe(false);
    expect(
      asksRightLabel(
        DEFAULT_SCHEMA.filter(({ id }) => id !== 'review'),
        [],
      ),
    ).toBe(true);
  });
});

test('answers to a choice, a rating or an attribute take the place of one another, those of several do not', () => {
  const schema: Schema = [...DEFAULT_SCHEMA, { id: 'quality', name: 'Quality', place: 4, kind: 'rating', most: 3 }];
  const own = ['ambiguous', 'quality=1'];
  expect(give(own, 'quality=3', two, schema)).toEqual(['ambiguous', 'quality=3']);
  expect(give(own, 'low-quality', two, schema)).toEqual(['ambiguous', 'quality=1', 'low-quality']);
  expect(isComplete(schema, ['ambiguous'])).toBe(false);
  expect(isComplete(schema, own)).toBe(true);
});

test('the same answer twice gives back what was there, but what belongs to "wrong label"', () => {
  const label = fc.constantFrom('ambiguous', 'low-quality', 'none-of-these');
  fc.assert(
    fc.property(fc.uniqueArray(label), label, (own, one) => {
      expect([...give(give(own, one), one)].sort()).toEqual([...own].sort());
    }),
  );
});
