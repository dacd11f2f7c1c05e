import { expect, test } from 'vitest';
import { DEFAULT_SCHEMA, type Schema } from '#review/schema.ts';
import { labelMix } from './label-mix.ts';

const isCie = (id: string): boolean => id.startsWith('c');
const rowsOf = (given: ReadonlyMap<string, readonly string[]>, schema: Schema) =>
  labelMix(given, isCie, schema).rows.map((row) => [
    row.label,
    `${String(row.cieCount)}/${String(row.cieAnswered)}`,
    `${String(row.otherCount)}/${String(row.otherAnswered)}`,
  ]);

test('compares the label mix of what was reviewed; several labels count once for "hard"', () => {
  const given = new Map<string, readonly string[]>([
    ['c1', ['ambiguous', 'low-quality']],
    ['c2', ['wrong-label', 'true-label=no']],
    ['c3', ['none-of-these']],
    ['c4', []],
    ['k1', ['none-of-these']],
    ['k2', ['ambiguous']],
  ]);
  const mix = labelMix(given, isCie, DEFAULT_SCHEMA);
  expect(mix).toMatchObject({ cie: 3, others: 2 });
  expect(rowsOf(given, DEFAULT_SCHEMA)).toEqual([
    ['hard', '1/3', '1/2'],
    ['wrong-label', '1/3', '0/2'],
    ['ambiguous', '1/3', '1/2'],
    ['several-objects', '0/3', '0/2'],
    ['low-quality', '1/3', '0/2'],
    ['unusual-but-right', '0/3', '0/2'],
    ['none-of-these', '1/3', '1/2'],
  ]);
  expect(mix.rows[0]!.difference.value).toBeCloseTo(1 / 3 - 1 / 2, 12);
});

test('who did not answer a question is not counted for it; what is not asked any more has a row only where it was given', () => {
  const schema: Schema = [
    {
      id: 'young',
      name: 'Young?',
      place: 1,
      kind: 'attribute',
      attribute: 'Young',
      answers: [
        { id: 'no', name: 'no' },
        { id: 'yes', name: 'yes' },
        { id: 'maybe', name: 'maybe', removed: true },
        { id: 'never', name: 'never', removed: true },
      ],
    },
    { id: 'quality', name: 'Quality', place: 2, kind: 'rating', most: 2, removed: true },
  ];
  const given = new Map([
    ['c1', ['young=no', 'quality=2']],
    ['c2', ['young=maybe']],
    ['c3', ['quality=2']],
    ['k1', ['young=yes']],
  ]);
  expect(rowsOf(given, schema)).toEqual([
    ['young=no', '1/2', '0/1'],
    ['young=yes', '0/2', '1/1'],
    ['young=maybe', '1/2', '0/1'],
    ['quality=2', '2/2', '0/0'],
  ]);
  expect(labelMix(given, isCie, schema).rows.at(-1)!.difference.value).toBeNull();
});

test('nothing reviewed: every share is not estimable', () => {
  const { cie, others, rows } = labelMix(new Map(), isCie, DEFAULT_SCHEMA);
  expect([cie, others]).toEqual([0, 0]);
  expect(rows.every((row) => row.cie.value === null && row.difference.value === null)).toBe(true);
});
