import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelledExamples, mergeLabels, replayLabels } from './label-log.ts';
import { liveLog } from './live-log.ts';
import { DEFAULT_SCHEMA, type ReviewQuestion } from '#review/schema.ts';
import type { LabelAction, LabelEvent } from './records.ts';

const event = (
  sequence: number,
  exampleId: string,
  action: LabelAction,
  rest: Partial<Pick<LabelEvent, 'uuid' | 'reviewer' | 'undoes' | 'batch' | 'time'>> = {},
): LabelEvent => ({
  uuid: `u${String(sequence)}`,
  auditId: 'a',
  sequence,
  time: '2026-01-01T00:00:00Z',
  reviewer: 'Ana',
  exampleId,
  action,
  undoes: null,
  ...rest,
});
const add = (label: string): LabelAction => ({ kind: 'add', label });
const remove = (label: string): LabelAction => ({ kind: 'remove', label });
const votesOf = (events: readonly LabelEvent[], reviewer = 'Ana') => [
  ...(replayLabels(events).votes.get(reviewer) ?? []),
];
const undoStep = (events: readonly LabelEvent[], reviewer: string) => liveLog(events).stepOf(reviewer);
const uuids = (batch: readonly LabelEvent[] | null) => batch?.map(({ uuid }) => uuid) ?? null;

describe('replay', () => {
  test('labels add up in the order they were given, and are taken away again', () => {
    const log = [
      event(1, 'x', add('ambiguous')),
      event(2, 'x', add('low-quality')),
      event(3, 'x', remove('ambiguous')),
    ];
    expect(votesOf(log)).toEqual([['x', ['low-quality']]]);
  });

  test('an example without labels is not in the board, nor a reviewer without any', () => {
    expect(replayLabels([event(1, 'x', add('a')), event(2, 'x', remove('a'))]).votes.size).toBe(0);
  });

  test('reviewers vote apart; what was settled stands beside the votes and can be opened again', () => {
    const log = [
      event(1, 'x', add('a')),
      event(2, 'x', add('b'), { reviewer: 'Ben' }),
      event(3, 'x', { kind: 'settle', labels: ['b'] }, { reviewer: 'Cleo' }),
    ];
    const board = replayLabels(log);
    expect(board.votes.get('Ana')?.get('x')).toEqual(['a']);
    expect(board.votes.get('Ben')?.get('x')).toEqual(['b']);
    expect(board.settled.get('x')).toEqual({ labels: ['b'], reviewer: 'Cleo' });
    expect([...labelledExamples(board)]).toEqual([['x', ['b']]]);
    const opened = replayLabels([...log, event(4, 'x', { kind: 'settle', labels: null })]);
    expect(opened.settled.size).toBe(0);
    expect([...labelledExamples(opened)]).toEqual([['x', ['a', 'b']]]);
  });

  test('the last note counts, and empty text takes it away', () => {
    const log = [event(1, 'x', { kind: 'note', text: 'one' }), event(2, 'x', { kind: 'note', text: 'two' })];
    expect(replayLabels(log).notes.get('Ana')?.get('x')?.get('note')).toBe('two');
    expect(replayLabels([...log, event(3, 'x', { kind: 'note', text: '' })]).notes.size).toBe(0);
  });

  test('texts in answer to different questions stand side by side', () => {
    const log = [
      event(1, 'x', { kind: 'note', text: 'one' }),
      event(2, 'x', { kind: 'note', text: 'hat', question: 'why' }),
      event(3, 'x', { kind: 'note', text: '' }),
    ];
    expect([...(replayLabels(log).notes.get('Ana')?.get('x') ?? [])]).toEqual([['why', 'hat']]);
  });

  test('an answer that is the only one takes the place of others to its question, and taking it back brings them again', () => {
    const only = (label: string): LabelAction => ({ kind: 'add', label, only: true });
    const log = [
      event(1, 'x', add('ambiguous')),
      event(2, 'x', only('quality=1')),
      event(3, 'x', only('quality=3')),
      event(4, 'x', only('quality=3'), { reviewer: 'Ben' }),
    ];
    expect(votesOf(log)).toEqual([['x', ['ambiguous', 'quality=3']]]);
    expect(votesOf([...log, event(5, 'x', only('quality=3'), { undoes: 'u3' })])).toEqual([
      ['x', ['ambiguous', 'quality=1']],
    ]);
  });
});

describe('the questions', () => {
  const why: ReviewQuestion = { id: 'why', name: 'Why?', place: 4, kind: 'text' };
  const ask = (question: ReviewQuestion): LabelAction => ({ kind: 'question', question });

  test('are the usual ones before anybody changed them', () => {
    expect(replayLabels([event(1, 'x', add('a'))]).schema).toBe(DEFAULT_SCHEMA);
  });

  test('of two reviewers come together; of one question the last counts; its answers stay when it goes', () => {
    const log = [
      event(1, '', ask(why)),
      event(2, '', ask({ id: 'quality', name: 'Quality', place: 0, kind: 'rating', most: 5 }), { reviewer: 'Ben' }),
      event(3, 'x', add('quality=4')),
      event(4, '', ask({ id: 'quality', name: 'Quality', place: 0, kind: 'rating', most: 5, removed: true })),
    ];
    const { schema, votes } = replayLabels(log);
    expect(schema.map(({ id, removed }) => [id, removed])).toEqual([
      ['quality', true],
      ['review', undefined],
      ['true-label', undefined],
      ['why', undefined],
      ['note', undefined],
    ]);
    expect(votes.get('Ana')?.get('x')).toEqual(['quality=4']);
  });

  test('are not taken back by undo', () => {
    expect(undoStep([event(1, '', ask(why))], 'Ana').undo).toBeNull();
  });
});

describe('undo and redo', () => {
  test('undo takes back the last decision and redo gives it again', () => {
    const first = event(1, 'x', add('a'));
    const second = event(2, 'y', add('b'));
    expect(uuids(undoStep([first, second], 'Ana').undo)).toEqual(['u2']);
    const undone = [first, second, event(3, 'y', add('b'), { undoes: 'u2' })];
    expect(votesOf(undone)).toEqual([['x', ['a']]]);
    expect(uuids(undoStep(undone, 'Ana').undo)).toEqual(['u1']);
    expect(uuids(undoStep(undone, 'Ana').redo)).toEqual(['u3']);
    const redone = [...undone, event(4, 'y', add('b'), { undoes: 'u3' })];
    expect(undoStep(redone, 'Ana').redo).toBeNull();
    expect(votesOf(redone)).toEqual([
      ['x', ['a']],
      ['y', ['b']],
    ]);
    expect(uuids(undoStep(redone, 'Ana').undo)).toEqual(['u4']);
  });

  test('a new decision empties what can be redone', () => {
    const log = [event(1, 'x', add('a')), event(2, 'x', add('a'), { undoes: 'u1' }), event(3, 'y', add('b'))];
    expect(undoStep(log, 'Ana').redo).toBeNull();
  });

  test('nobody takes back what another reviewer did', () => {
    expect(undoStep([event(1, 'x', add('a'))], 'Ben')).toEqual({ undo: null, redo: null });
  });

  test('a batch goes and comes back as one', () => {
    const batch = [event(1, 'x', add('a'), { batch: 'm' }), event(2, 'y', add('a'), { batch: 'm' })];
    expect(uuids(undoStep(batch, 'Ana').undo)).toEqual(['u1', 'u2']);
    const undone = [
      ...batch,
      event(3, 'x', add('a'), { batch: 'n', undoes: 'u1' }),
      event(4, 'y', add('a'), { batch: 'n', undoes: 'u2' }),
    ];
    expect(votesOf(undone)).toEqual([]);
    expect(undoStep(undone, 'Ana').undo).toBeNull();
    expect(uuids(undoStep(undone, 'Ana').redo)).toEqual(['u3', 'u4']);
  });

  test('any number of decisions can be taken back to the start and given again', () => {
    const decision = fc.tuple(
      fc.constantFrom('x', 'y'),
      fc.constantFrom(
        add('a'),
        add('b'),
        remove('a'),
        { kind: 'add', label: 'q=1', only: true } as const,
        { kind: 'add', label: 'q=2', only: true } as const,
        { kind: 'note', text: 'n' } as const,
        { kind: 'settle', labels: ['a'] } as const,
      ),
    );
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 12 }), (decisions) => {
        const log = decisions.map(([id, action], i) => event(i + 1, id, action));
        const end = replayLabels(log);
        const take = (which: 'undo' | 'redo'): boolean => {
          const step = undoStep(log, 'Ana')[which];
          for (const one of step ?? [])
            log.push({ ...one, uuid: `u${String(log.length + 1)}`, sequence: log.length + 1, undoes: one.uuid });
          return step !== null;
        };
        let taken = 0;
        while (take('undo')) taken++;
        expect(taken).toBe(decisions.length);
        const { votes, notes, settled } = replayLabels(log);
        expect(votes.size + notes.size + settled.size).toBe(0);
        while (take('redo')) taken--;
        expect(taken).toBe(0);
        expect(replayLabels(log)).toEqual(end);
      }),
    );
  });
});

describe('merging', () => {
  const action: fc.Arbitrary<LabelAction> = fc.oneof(
    fc.constantFrom<LabelAction>(add('a'), add('b'), remove('a')),
    fc
      .tuple(fc.constantFrom('a', 'q=1', 'q=2'), fc.boolean())
      .map(([label, only]): LabelAction => ({ kind: 'add', label, ...(only ? { only } : {}) })),
    fc.record(
      { kind: fc.constant('note' as const), text: fc.constantFrom('', 'n'), question: fc.constant('why') },
      { requiredKeys: ['kind', 'text'] },
    ),
    fc.tuple(fc.constantFrom('q', 'review'), fc.nat(4), fc.boolean()).map(([id, place, gone]): LabelAction => {
      const question: ReviewQuestion = { id, name: 'Q', place, kind: 'rating', most: 3 };
      return { kind: 'question', question: gone ? { ...question, removed: true } : question };
    }),
    fc.record({ kind: fc.constant('settle' as const), labels: fc.constantFrom(null, [], ['a']) }),
  );
  // Few uuids and sequence numbers, so that logs overlap, tie, and even differ about one event.
  const log = fc.array(
    fc
      .tuple(
        fc.nat(9),
        fc.nat(4),
        fc.constantFrom('x', 'y'),
        action,
        fc.constantFrom('Ana', 'Ben'),
        fc.option(fc.nat(9), { nil: null }),
      )
      .map(([uuid, sequence, id, what, reviewer, undoes]) =>
        event(sequence, id, what, {
          uuid: `u${String(uuid)}`,
          reviewer,
          undoes: undoes === null ? null : `u${String(undoes)}`,
        }),
      ),
    { maxLength: 12 },
  );
  const once = (events: readonly LabelEvent[]) => mergeLabels(events, []);

  test('is commutative, associative and idempotent, and so is what the log amounts to', () => {
    fc.assert(
      fc.property(log, log, log, (first, second, third) => {
        const [a, b, c] = [once(mergeLabels([], first)), mergeLabels([], second), mergeLabels([], third)];
        expect(mergeLabels(a, b)).toEqual(mergeLabels(b, a));
        expect(mergeLabels(mergeLabels(a, b), c)).toEqual(mergeLabels(a, mergeLabels(b, c)));
        expect(mergeLabels(a, a)).toEqual(a);
        expect(replayLabels(mergeLabels(b, a))).toEqual(replayLabels(mergeLabels(a, b)));
      }),
    );
  });

  test('taken in as it comes, in whatever pieces, amounts to what the whole does', () => {
    const pieces = fc.array(fc.tuple(log, fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (taken) => {
        const live = liveLog([]);
        let whole: readonly LabelEvent[] = [];
        for (const [piece, comesLast] of taken) {
          // Some pieces follow on the log as decisions do: undos take back what is there, of the same example and reviewer.
          const last = whole.at(-1)?.sequence ?? 0;
          const fresh = piece.map((one, i) => {
            if (!comesLast) return one;
            const target = one.undoes === null ? undefined : whole[Number(one.undoes.slice(1)) % whole.length];
            const { exampleId, reviewer, action } = target ?? one;
            const undoes = target?.uuid ?? null;
            const uuid = `v${String(last + i)}`;
            return { ...one, exampleId, reviewer, action, undoes, uuid, sequence: last + 1 + i };
          });
          live.take(fresh);
          whole = mergeLabels(whole, fresh);
          const { inForce, ...board } = replayLabels(whole);
          expect(live.events).toEqual(whole);
          expect(live.board).toMatchObject(board);
          expect(inForce.length).toBeLessThanOrEqual(whole.length);
          for (const reviewer of ['Ana', 'Ben']) expect(live.stepOf(reviewer)).toEqual(undoStep(whole, reviewer));
        }
      }),
    );
  });

  test('a decision changes nothing in the board but its own example', () => {
    const live = liveLog([
      event(1, 'x', add('a')),
      event(2, 'y', add('a')),
      event(3, 'x', add('a'), { reviewer: 'Ben' }),
    ]);
    const before = live.board;
    live.take([event(4, 'x', add('b'))]);
    expect(live.board.votes.get('Ana')?.get('x')).toEqual(['a', 'b']);
    expect(live.board.votes.get('Ana')?.get('y')).toBe(before.votes.get('Ana')?.get('y'));
    expect(live.board.votes.get('Ben')).toBe(before.votes.get('Ben'));
    expect(live.board.schema).toBe(before.schema);
    live.take([event(5, 'x', add('b'), { undoes: 'u4' })]);
    expect(live.board.votes.get('Ana')?.get('x')).toEqual(['a']);
    expect(before.votes.get('Ana')?.get('x')).toEqual(['a']);
  });

  test('the events in force alone give the same state', () => {
    fc.assert(
      fc.property(log, (events) => {
        const board = replayLabels(mergeLabels([], events));
        expect(replayLabels(board.inForce)).toEqual(board);
      }),
    );
  });
});
