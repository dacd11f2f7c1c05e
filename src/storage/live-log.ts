import { inOrder, mergeLabels, replayLabels, stack, type LabelBoard, type UndoStacks } from './label-log.ts';
import type { LabelEvent } from './records.ts';

/** A log of label events and what it amounts to, kept up to date as events come in. */
export interface LiveLog {
  readonly events: readonly LabelEvent[];
  /** A new object for new events; what they did not touch in it stays the same object. */
  readonly board: LabelBoard;
  /** Merges events into the log. */
  take(fresh: readonly LabelEvent[]): void;
  /** What the reviewer would take back next, and which undo a redo would take back: whole batches, null for nothing. */
  stepOf(reviewer: string): {
    readonly undo: readonly LabelEvent[] | null;
    readonly redo: readonly LabelEvent[] | null;
  };
}

/**
 * A log that knows what `mergeLabels`, `replayLabels` and `stack` make of all its events. A decision that is written
 * after all others costs as much as its own example has events, and one copy of the maps it changes; anything else (a merged
 * file, an event of another tab that comes late, a question) replays the whole log.
 */
export function liveLog(start: readonly LabelEvent[]): LiveLog {
  let events: readonly LabelEvent[] = [];
  let board: LabelBoard = replayLabels(events);
  let byExample = new Map<string, LabelEvent[]>();
  /** uuid to example id, and the ids of all batches. */
  let exampleOf = new Map<string, string>();
  let batchIds = new Set<string>();
  /** Whether every undo takes back an earlier event of its own example: then examples can be replayed apart. */
  let isApart = true;
  const stacks = new Map<string, UndoStacks>();

  const enter = (event: LabelEvent): void => {
    const { exampleId, undoes, uuid, batch } = event;
    if (undoes !== null && exampleOf.get(undoes) !== exampleId) isApart = false;
    exampleOf.set(uuid, exampleId);
    if (batch !== undefined) batchIds.add(batch);
    const own = byExample.get(exampleId);
    if (own) own.push(event);
    else byExample.set(exampleId, [event]);
  };

  const replayAll = (all: readonly LabelEvent[]): void => {
    events = all;
    byExample = new Map();
    exampleOf = new Map();
    batchIds = new Set();
    isApart = true;
    stacks.clear();
    for (const event of all) enter(event);
    board = replayLabels(all);
  };

  /** Whether the events, in order, follow on the log, so that only their examples change. */
  const follows = (fresh: readonly LabelEvent[]): boolean => {
    const last = events.at(-1);
    return (
      isApart &&
      (last === undefined || inOrder(last, fresh[0]!) < 0) &&
      fresh.every(
        ({ uuid, exampleId, action: { kind }, undoes, batch }, i) =>
          (i === 0 || inOrder(fresh[i - 1]!, fresh[i]!) < 0) &&
          exampleId !== '' &&
          kind !== 'queue' &&
          kind !== 'question' &&
          !exampleOf.has(uuid) &&
          (undoes === null || exampleOf.get(undoes) === exampleId) &&
          (batch === undefined || !batchIds.has(batch)),
      )
    );
  };

  const takeOn = (fresh: readonly LabelEvent[]): void => {
    events = [...events, ...fresh];
    for (const event of fresh) enter(event);
    for (const [reviewer, own] of stacks) stack(own, fresh, reviewer);
    const ids = new Set(fresh.map(({ exampleId }) => exampleId));
    const own = new Map([...ids].map((id) => [id, replayLabels(byExample.get(id)!)] as const));
    const reviewers = new Set(fresh.map(({ reviewer }) => reviewer));
    board = {
      ...board,
      votes: patched(board.votes, reviewers, ids, (id, reviewer) => own.get(id)!.votes.get(reviewer)?.get(id)),
      notes: patched(board.notes, reviewers, ids, (id, reviewer) => own.get(id)!.notes.get(reviewer)?.get(id)),
      settled: fresh.some(({ action }) => action.kind === 'settle')
        ? withEntries(board.settled, ids, (id) => own.get(id)!.settled.get(id))
        : board.settled,
    };
  };

  replayAll(mergeLabels([], start));
  return {
    get events() {
      return events;
    },
    get board() {
      return board;
    },
    take: (some) => {
      if (some.length === 0) return;
      const fresh = [...some].sort(inOrder);
      if (follows(fresh)) takeOn(fresh);
      else replayAll(mergeLabels(events, some));
    },
    stepOf: (reviewer) => {
      let own = stacks.get(reviewer);
      if (!own) {
        stacks.set(reviewer, (own = { undo: [], redo: [] }));
        stack(own, events, reviewer);
      }
      return { undo: own.undo.at(-1) ?? null, redo: own.redo.at(-1) ?? null };
    },
  };
}

/** The map with new values at these keys; a key without a value goes. */
function withEntries<V>(
  map: ReadonlyMap<string, V>,
  keys: Iterable<string>,
  valueOf: (key: string) => V | undefined,
): ReadonlyMap<string, V> {
  const copy = new Map(map);
  for (const key of keys) {
    const value = valueOf(key);
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

/** The same for [reviewer, example]; a reviewer without examples goes. */
function patched<V>(
  map: ReadonlyMap<string, ReadonlyMap<string, V>>,
  reviewers: ReadonlySet<string>,
  ids: ReadonlySet<string>,
  valueOf: (id: string, reviewer: string) => V | undefined,
): ReadonlyMap<string, ReadonlyMap<string, V>> {
  return withEntries(map, reviewers, (reviewer) => {
    const before = map.get(reviewer) ?? new Map<string, V>();
    const isTouched = [...ids].some((id) => before.has(id) || valueOf(id, reviewer) !== undefined);
    const after = isTouched ? withEntries(before, ids, (id) => valueOf(id, reviewer)) : before;
    return after.size === 0 ? undefined : after;
  });
}
