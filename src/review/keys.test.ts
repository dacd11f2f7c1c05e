import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedWithKeys, keyProblem } from './keys.ts';
import { DEFAULT_SCHEMA, type Schema } from './schema.ts';

const classes = [
  { id: 'no', name: 'not Blond' },
  { id: 'yes', name: 'Blond' },
];
const keysOf = (schema: Schema, own: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    askedWithKeys(schema, classes, own).flatMap(({ answers }) => answers.map(({ label, key }) => [label, key])),
  );

test('the usual taxonomy has its usual keys, what comes after it the next free ones', () => {
  expect(keysOf(DEFAULT_SCHEMA, {})).toEqual({
    'wrong-label': '1',
    ambiguous: '2',
    'several-objects': '3',
    'low-quality': '4',
    'unusual-but-right': '5',
    'none-of-these': '0',
    'true-label=no': '6',
    'true-label=yes': '7',
  });
});

test("the reviewer's own key comes before all others, and whoever had it gets another", () => {
  expect(keysOf(DEFAULT_SCHEMA, { ambiguous: '1', gone: '2' })).toMatchObject({ ambiguous: '1', 'wrong-label': '2' });
});

test('no two answers ever have one key, and none a key of the app', () => {
  const own = fc.dictionary(
    fc.constantFrom('wrong-label', 'ambiguous', 'quality=1', 'quality=9', 'true-label=no'),
    fc.constantFrom('1', '2', 'z', '?', 'w', ' '),
  );
  const schema: Schema = [...DEFAULT_SCHEMA, { id: 'quality', name: 'Quality', place: 4, kind: 'rating', most: 9 }];
  fc.assert(
    fc.property(own, (keys) => {
      const given = Object.values(keysOf(schema, keys)).filter((key) => key !== null);
      expect(new Set(given).size).toBe(given.length);
      expect(given.filter((key) => 'zynu?[] '.includes(key))).toEqual([]);
    }),
  );
});

test('a key that does something else is refused with the reason', () => {
  const asked = askedWithKeys(DEFAULT_SCHEMA, classes, {});
  expect(keyProblem(asked, 'ambiguous', '2')).toBeNull();
  expect(keyProblem(asked, 'ambiguous', 'w')).toBeNull();
  expect(keyProblem(asked, 'ambiguous', '1')).toBe('1 is the key of “Wrong label”: change that one first.');
  expect(keyProblem(asked, 'ambiguous', 'z')).toBe('Z takes the last label back: choose another key.');
  expect(keyProblem(asked, 'ambiguous', 'Enter')).toBe('Press a letter, a digit or a sign.');
});
