import { expect, test } from 'vitest';
import { labelsJson, parseLabelsJson } from './label-file.ts';
import type { LabelEvent } from './records.ts';

const base = { auditId: 'a', time: '2026-01-01T00:00:00Z', reviewer: 'Ana', exampleId: 'x', undoes: null };
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
];

test('the log comes back as it was, and its state stands beside it', () => {
  const text: unknown = JSON.parse(labelsJson(events));
  expect(parseLabelsJson(text, 'l.json')).toEqual({ ok: true, value: events });
  expect(text).toMatchObject({
    state: {
      votes: { Ana: { x: ['ambiguous'] } },
      notes: { Ana: { x: 'a "note"\n疲れた' } },
      settled: { x: { labels: ['ambiguous'], reviewer: 'Ben' } },
    },
  });
});

const written = { format: 'longtail-labels', schemaVersion: 1 };
test.each([
  [{}, 'l.json: these are not labels of Longtail.'],
  [{ ...written, schemaVersion: 2, events: [] }, 'l.json: these labels were written by a newer Longtail.'],
  [{ ...written, events: [events[0], { ...events[1], action: { kind: 'add' } }] }, 'l.json: event 2 is not complete.'],
  [{ ...written, events: [{ ...events[1], sequence: 'one' }] }, 'l.json: event 1 is not complete.'],
  [{ ...written, events: [{ ...events[1], reviewer: '' }] }, 'l.json: event 1 is not complete.'],
])('refuses %#', (content, message) => {
  const read = parseLabelsJson(content, 'l.json');
  expect(read.ok ? null : read.problem.message).toBe(message);
});
