import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayLabels } from './label-log.ts';
import type { LabelEvent } from './records.ts';

const event = (
  sequence: number,
  exampleId: string,
  kind: 'add' | 'remove',
  label: string,
  undoes: string | null = null,
): LabelEvent => ({
  uuid: `u${String(sequence)}`,
  auditId: 'a',
  sequence,
  time: '2026-01-01T00:00:00Z',
  reviewer: 'Ana',
  exampleId,
  action: { kind, label },
  undoes,
});

test('labels add up in the order they were given, and are taken away again', () => {
  const board = replayLabels([
    event(1, 'x', 'add', 'ambiguous'),
    event(2, 'x', 'add', 'low-quality'),
    event(3, 'x', 'remove', 'ambiguous'),
  ]);
  expect([...board.current]).toEqual([['x', ['low-quality']]]);
});

test('an example without labels is not in the board', () => {
  expect(replayLabels([event(1, 'x', 'add', 'a'), event(2, 'x', 'remove', 'a')]).current.size).toBe(0);
});

test('undo takes back the last decision and redo gives it again, also after a reload', () => {
  const first = event(1, 'x', 'add', 'a');
  const second = event(2, 'y', 'add', 'b');
  expect(replayLabels([first, second]).undo?.uuid).toBe('u2');
  const undone = [first, second, event(3, 'y', 'remove', 'b', 'u2')];
  expect(replayLabels(undone).undo?.uuid).toBe('u1');
  expect(replayLabels(undone).redo?.uuid).toBe('u3');
  const redone = [...undone, event(4, 'y', 'add', 'b', 'u3')];
  expect(replayLabels(redone).redo).toBeNull();
  expect(replayLabels(redone).current.get('y')).toEqual(['b']);
  expect(replayLabels(redone).undo?.uuid).toBe('u4');
});

test('a new decision empties what can be redone', () => {
  const log = [event(1, 'x', 'add', 'a'), event(2, 'x', 'remove', 'a', 'u1'), event(3, 'y', 'add', 'b')];
  expect(replayLabels(log).redo).toBeNull();
});

test('the order in which the events are handed over does not matter', () => {
  const events = Array.from({ length: 12 }, (_, i) =>
    event(i + 1, `e${String(i % 3)}`, i % 4 === 3 ? 'remove' : 'add', `l${String(i % 2)}`),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      expect([...replayLabels(shuffled).current].sort()).toEqual([...replayLabels(events).current].sort());
    }),
  );
});
