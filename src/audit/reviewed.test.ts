import { expect, test } from 'vitest';
import { categoricalColumn } from '#dataset/build.ts';
import { DEFAULT_SCHEMA, type Schema } from '#review/schema.ts';
import { annotatedGroups } from './annotated-groups.ts';
import type { AuditExamples } from './predictions.ts';
import { consensus, differs, readReviewed } from './reviewed.ts';

const attribute = (id: string, name: string): Schema[number] => ({
  id,
  name: `${name}?`,
  place: 5,
  kind: 'attribute',
  attribute: name,
  answers: [],
});
const schema: Schema = [...DEFAULT_SCHEMA, attribute('young', 'Young'), attribute('hat', 'Hat')];
const examples: AuditExamples = {
  ids: ['a', 'b', 'c', 'd'],
  classes: ['cat', 'dog', 'emu'],
  labels: Uint16Array.from([0, 1, 2, 0]),
  attributes: [categoricalColumn('Young', ['yes', '', 'no', 'no'])],
};
const read = (votes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>, settled = {}) =>
  readReviewed(
    examples,
    schema,
    consensus(
      new Map(Object.entries(votes).map(([who, own]) => [who, new Map(Object.entries(own))])),
      new Map(Object.entries(settled)),
    ),
  );

test('what all agree on counts, what is settled counts before it, what is disputed stays as delivered', () => {
  const reviewed = read(
    {
      Ana: { a: ['wrong-label', 'true-label=dog'], b: ['true-label=emu'], c: ['true-label=cat'], d: ['wrong-label'] },
      Ben: {
        a: ['true-label=dog', 'young=yes'],
        b: ['true-label=cat'],
        c: ['ambiguous'],
        elsewhere: ['true-label=cat'],
      },
    },
    { c: { labels: ['true-label=emu'] } },
  );
  expect([...reviewed.examples.labels]).toEqual([1, 1, 2, 0]);
  expect([...reviewed.corrected]).toEqual([0]);
  expect(reviewed).toMatchObject({ confirmed: 1, unsaid: 1, disputed: 1 });
  expect([...examples.labels]).toEqual([0, 1, 2, 0]);
});

test('answers to an attribute stand over its values; one that the data lack joins only when every example is answered for', () => {
  const reviewed = read({ Ana: { b: ['young=maybe', 'hat=yes'], c: ['young=no'], d: ['young=yes'] } });
  const [young, ...others] = reviewed.examples.attributes;
  expect([...young!.codes].map((code) => young!.values[code])).toEqual(['yes', 'maybe', 'no', 'yes']);
  expect(others).toEqual([]);
  expect(reviewed.annotations.map(({ column: _, ...rest }) => rest)).toEqual([
    { attribute: 'Young', delivered: true, answered: 3, changed: 2 },
    { attribute: 'Hat', delivered: false, answered: 1, changed: 1 },
  ]);
  expect(differs(reviewed)).toBe(true);
  const whole = read({ Ana: { a: ['hat=no'], b: ['hat=yes'], c: ['hat=no'], d: ['hat=no'] } });
  expect(whole.examples.attributes.map(({ name }) => name)).toEqual(['Young', 'Hat']);
});

test('nothing answered: the second reading is the first', () => {
  const reviewed = read({ Ana: { a: ['ambiguous'], c: ['young=no', 'hat=no'] } });
  expect(reviewed.examples.labels).toEqual(examples.labels);
  expect(reviewed.examples.attributes).toEqual(examples.attributes);
  expect(differs(reviewed)).toBe(false);
});

test('groups among CIE come from the annotations alone', () => {
  const { annotations, examples: own } = read({ Ana: { a: ['hat=yes'], b: ['hat=no'], c: ['hat=yes'] } });
  const members = ['0', '1'];
  const [no, yes] = annotatedGroups(annotations, [1, 0, 1, 1], own.labels, {
    baseline: { members, predictions: [0, 1, 2, 0, 0, 1, 2, 0] },
    compressed: { members, predictions: [1, 1, 2, 0, 1, 1, 0, 0] },
  });
  expect(no).toMatchObject({ value: 'no', cieAnswered: 2, cieCount: 0, otherAnswered: 1, otherCount: 1 });
  expect(no!.baseline.both.value).toBeNull();
  expect(yes).toMatchObject({ value: 'yes', cieCount: 2, cie: { value: 1 }, others: { value: 0 } });
  expect(yes!.baseline.both.value).toBe(1);
  expect(yes!.compressed.both.value).toBe(0.25);
  expect(
    annotatedGroups([], [1], [0], { baseline: { members, predictions: [] }, compressed: { members, predictions: [] } }),
  ).toEqual([]);
});
