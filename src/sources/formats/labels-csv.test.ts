import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelFacts } from '#testing/label-facts.ts';
import type { LabelFact } from './label-fact.ts';
import { labelsCsv, parseLabelsCsv } from './labels-csv.ts';

const HEADER = 'example_id,kind,question,label,name,reviewer,time,event,sequence,queue\n';
const nameOf = (label: string): string => `+${label}`;
const fact: LabelFact = {
  exampleId: 'f1',
  reviewer: 'Ana',
  time: '2026-01-01T00:00:00Z',
  action: { kind: 'add', label: 'ambiguous' },
  event: { uuid: 'u1', sequence: 3, queue: 'q' },
};

test('writes one row a label, and disarms cells that a spreadsheet would run', () => {
  const settled: LabelFact = { ...fact, action: { kind: 'settle', labels: ['a', 'q=b'] }, event: null };
  expect(labelsCsv([{ ...fact, exampleId: 'a,"b"', reviewer: '=HYPERLINK("x")' }, settled], nameOf)).toBe(
    `${HEADER}"a,""b""",label,review,ambiguous,'+ambiguous,"'=HYPERLINK(""x"")",2026-01-01T00:00:00Z,u1,3,q\n` +
      `f1,settled,review,a,'+a,Ana,2026-01-01T00:00:00Z,,,\n` +
      `f1,settled,q,q=b,'+q=b,Ana,2026-01-01T00:00:00Z,,,\n`,
  );
});

test('no labels give the header alone, and it reads as none', () => {
  expect(labelsCsv([], nameOf)).toBe(HEADER);
  expect(parseLabelsCsv(HEADER, 'l.csv')).toEqual({ ok: true, value: [] });
});

test('gives back every fact as it was', () => {
  fc.assert(
    fc.property(labelFacts, (facts) => {
      expect(parseLabelsCsv(labelsCsv(facts, nameOf), 'l.csv')).toEqual({ ok: true, value: facts });
    }),
  );
});

test('reads a plain table of labels in any order of columns', () => {
  expect(parseLabelsCsv('reviewer;label;example_id;extra\nBen;ambiguous;f2;x\n', 'l.csv')).toEqual({
    ok: true,
    value: [{ exampleId: 'f2', reviewer: 'Ben', time: '', action: { kind: 'add', label: 'ambiguous' }, event: null }],
  });
});

test.each([
  ['example_id,label\nf1,a\n', 'l.csv, row 1: expected a column reviewer.'],
  ['example_id,label,reviewer\n,a,Ana\n', 'l.csv, row 2, column example_id: expected the id of an example.'],
  ['example_id,label,reviewer\nf1,,Ana\n', 'l.csv, row 2, column label: expected a label.'],
  ['example_id,label,reviewer\nf1,a,\n', 'l.csv, row 2, column reviewer: expected the name of a reviewer.'],
  [
    'example_id,label,reviewer,kind\nf1,a,Ana,vote\n',
    'l.csv, row 2, column kind: expected one of label, choice, note, settled, got "vote".',
  ],
  [
    'example_id,label,reviewer,event,sequence\nf1,a,Ana,u,0\n',
    'l.csv, row 2, column sequence: expected a whole number from 1 on, got "0".',
  ],
])('refuses %j', (text, message) => {
  const read = parseLabelsCsv(text, 'l.csv');
  expect(read.ok ? null : read.problem.message).toBe(message);
});
