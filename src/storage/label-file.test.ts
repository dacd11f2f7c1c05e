import { expect, test } from 'vitest';
import type { ReviewQuestion } from '#review/schema.ts';
import { labelsJson, parseLabelsJson } from './label-file.ts';
import type { LabelEvent } from './records.ts';

const base = { auditId: 'a', time: '2026-01-01T00:00:00Z', reviewer: 'Ana', exampleId: 'x', undoes: null };
const asked: ReviewQuestion = {
  id: 'quality',
  name: 'Quality',
  place: 4,
  kind: 'single',
  answers: [
    { id: 'good', name: 'Good' },
    { id: 'bad', name: 'Bad', hard: true, removed: true },
  ],
};
const events: readonly LabelEvent[] = [
  {
    ...base,
    uuid: 'u0',
    sequence: 1,
    exampleId: '',
    action: { kind: 'queue', level: 'pruned-0.9', seed: 5, order: ['x', 'y'], cie: ['x'] },
  },
  { ...base, uuid: 'u1', sequence: 2, action: { kind: 'add', label: 'ambiguous' }, queue: 'u0', batch: 'b' },
  { ...base, uuid: 'u2', sequence: 3, action: { kind: 'note', text: 'a "note"\n疲れた' } },
  { ...base, uuid: 'u3', sequence: 4, reviewer: 'Ben', action: { kind: 'settle', labels: ['ambiguous'] } },
  { ...base, uuid: 'u4', sequence: 5, action: { kind: 'remove', label: 'a' } },
  { ...base, uuid: 'u5', sequence: 6, action: { kind: 'remove', label: 'a' }, undoes: 'u4' },
  { ...base, uuid: 'u6', sequence: 7, exampleId: 'y', action: { kind: 'settle', labels: null } },
  { ...base, uuid: 'u7', sequence: 8, exampleId: '', action: { kind: 'question', question: asked } },
  { ...base, uuid: 'u8', sequence: 9, exampleId: 'y', action: { kind: 'add', label: 'quality=good', only: true } },
  { ...base, uuid: 'u9', sequence: 10, action: { kind: 'note', text: 'hat', question: 'why' } },
];

test('the log comes back as it was, and its state stands beside it', () => {
  const text: unknown = JSON.parse(labelsJson(events));
  expect(parseLabelsJson(text, 'l.json')).toEqual({ ok: true, value: events });
  expect(text).toMatchObject({
    state: {
      votes: { Ana: { x: ['ambiguous'], y: ['quality=good'] } },
      notes: { Ana: { x: { note: 'a "note"\n疲れた', why: 'hat' } } },
      questions: [{ id: 'review' }, { id: 'true-label' }, asked, { id: 'note' }],
      settled: { x: { labels: ['ambiguous'], reviewer: 'Ben' } },
    },
  });
});

const written = { format: 'longtail-labels', schemaVersion: 1 };
test.each([
  [{}, 'l.json: these are not labels of Longtail.'],
  [{ ...written, schemaVersion: 2, events: [] }, 'l.json: these labels were written by a newer Longtail.'],
  [{ ...written, events: [events[0], { ...events[1], action: { kind: 'add' } }] }, 'l.json: event 2 is not complete.'],
  [
    { ...written, events: [{ ...events[7], action: { kind: 'question', question: { ...asked, kind: 'poll' } } }] },
    'l.json: event 1 is not complete.',
  ],
  [{ ...written, events: [{ ...events[1], sequence: 'one' }] }, 'l.json: event 1 is not complete.'],
  [{ ...written, events: [{ ...events[1], reviewer: '' }] }, 'l.json: event 1 is not complete.'],
])('refuses %#', (content, message) => {
  const read = parseLabelsJson(content, 'l.json');
  expect(read.ok ? null : read.problem.message).toBe(message);
});
