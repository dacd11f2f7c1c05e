import { DEFAULT_SCHEMA, inPlace, NOTE, questionOf, type Schema } from '#review/schema.ts';
import type { LabelEvent } from './records.ts';

/** Example id to label ids, in the order they were given; an example without labels is not in it. */
export type Votes = ReadonlyMap<string, readonly string[]>;
/** What reviewers settled on for an example, and who wrote it down. */
export interface Settled {
  readonly labels: readonly string[];
  readonly reviewer: string;
}

/** What a log of label events amounts to. */
export interface LabelBoard {
  /** [reviewer] what each said; one who took everything back is not in it. */
  readonly votes: ReadonlyMap<string, Votes>;
  /** [reviewer] example id to question id to what was written. */
  readonly notes: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** Example id to what was settled, whatever the votes. */
  readonly settled: ReadonlyMap<string, Settled>;
  /** Blinded reviews, oldest first. */
  readonly queues: readonly LabelEvent[];
  /** The default questions with what was made of them, and the questions that were added, also those not asked any more. */
  readonly schema: Schema;
}
/** A board with every event that makes it up: replayed alone they give the same. */
interface Replayed extends LabelBoard {
  readonly inForce: readonly LabelEvent[];
}

/** Sequence numbers, ties by time and then by uuid: merged logs give one answer. */
export const inOrder = (a: LabelEvent, b: LabelEvent): number =>
  a.sequence - b.sequence || compare(a.time, b.time) || compare(a.uuid, b.uuid);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Replays a log; the order in which the events are handed over does not matter. An undo and what it takes back have no
 * effect; a redo takes back the undo. An undo whose event is not in the log has no effect.
 */
export function replayLabels(events: readonly LabelEvent[]): Replayed {
  const ordered = [...events].sort(inOrder);
  const takenBack = new Set<string>();
  for (const event of ordered.toReversed()) {
    if (event.undoes !== null && !takenBack.has(event.uuid)) takenBack.add(event.undoes);
  }
  // [kind, reviewer, example, label] to the event that set it last.
  const votes = new Map<string, Map<string, Map<string, LabelEvent>>>();
  const notes = new Map<string, Map<string, Map<string, LabelEvent>>>();
  const settled = new Map<string, LabelEvent>();
  const questions = new Map<string, LabelEvent>();
  const queues: LabelEvent[] = [];
  for (const event of ordered) {
    if (event.undoes !== null || takenBack.has(event.uuid)) continue;
    const { action, reviewer, exampleId } = event;
    switch (action.kind) {
      case 'add':
      case 'remove': {
        const labels = entry(entry(votes, reviewer), exampleId);
        labels.delete(action.label);
        if (action.kind === 'remove') break;
        if (action.only === true) {
          const question = questionOf(action.label);
          for (const other of labels.keys()) if (questionOf(other) === question) labels.delete(other);
        }
        labels.set(action.label, event);
        break;
      }
      case 'note': {
        const texts = entry(entry(notes, reviewer), exampleId);
        if (action.text === '') texts.delete(action.question ?? NOTE);
        else texts.set(action.question ?? NOTE, event);
        break;
      }
      case 'settle':
        if (action.labels === null) settled.delete(exampleId);
        else settled.set(exampleId, event);
        break;
      case 'queue':
        queues.push(event);
        break;
      case 'question':
        questions.set(action.question.id, event);
        break;
      default:
        return action satisfies never;
    }
  }
  const inForce = [
    ...[...votes.values()].flatMap((examples) => [...examples.values()].flatMap((labels) => [...labels.values()])),
    ...[...notes.values()].flatMap((examples) => [...examples.values()].flatMap((texts) => [...texts.values()])),
    ...settled.values(),
    ...queues,
    ...questions.values(),
  ].sort(inOrder);
  return {
    votes: withoutEmpty(votes, (examples) => withoutEmpty(examples, (labels) => [...labels.keys()])),
    notes: withoutEmpty(notes, (examples) => withoutEmpty(examples, (texts) => mapValues(texts, textOf))),
    settled: mapValues(settled, (event) => ({ labels: settledOf(event), reviewer: event.reviewer })),
    queues,
    schema: questions.size === 0 ? DEFAULT_SCHEMA : schemaOf(questions.values()),
    inForce,
  };
}

const schemaOf = (events: Iterable<LabelEvent>): Schema =>
  inPlace([
    ...DEFAULT_SCHEMA,
    ...[...events].flatMap(({ action }) => (action.kind === 'question' ? [action.question] : [])),
  ]);

function entry<K, A, B>(maps: Map<K, Map<A, B>>, key: K): Map<A, B> {
  let found = maps.get(key);
  if (!found) maps.set(key, (found = new Map<A, B>()));
  return found;
}
const mapValues = <K, A, B>(map: ReadonlyMap<K, A>, of: (value: A) => B): Map<K, B> =>
  new Map([...map].map(([key, value]) => [key, of(value)]));
/** The same without what is empty before or after. */
const withoutEmpty = <K, A extends { readonly size: number }, B extends { readonly size: number } | readonly unknown[]>(
  map: ReadonlyMap<K, A>,
  of: (value: A) => B,
): Map<K, B> =>
  new Map([...mapValues(map, of)].filter(([, value]) => ('size' in value ? value.size : value.length) > 0));
const textOf = ({ action }: LabelEvent): string => (action.kind === 'note' ? action.text : '');
const settledOf = ({ action }: LabelEvent): readonly string[] =>
  action.kind === 'settle' ? (action.labels ?? []) : [];

/** Examples that anybody gave a label, or that were settled, with what counts: what was settled, else all that was said. */
export function labelledExamples(board: LabelBoard): Votes {
  const all = new Map<string, readonly string[]>();
  for (const votes of board.votes.values()) {
    for (const [id, labels] of votes) all.set(id, [...new Set([...(all.get(id) ?? []), ...labels])]);
  }
  for (const [id, { labels }] of board.settled) {
    if (labels.length > 0) all.set(id, labels);
    else all.delete(id);
  }
  return all;
}

type Batch = readonly LabelEvent[];

/** What a reviewer can take back, and the undos that a redo can take back; each a whole batch, the next one last. */
export interface UndoStacks {
  readonly undo: Batch[];
  readonly redo: Batch[];
}

/** Takes one reviewer's next decisions in; events must come in order and a batch as a whole. */
export function stack({ undo, redo }: UndoStacks, events: readonly LabelEvent[], reviewer: string): void {
  for (const batch of batches(events, reviewer)) {
    const undoes = batch[0]!.undoes;
    if (undoes === null) {
      undo.push(batch);
      redo.length = 0;
    } else if (!takeOut(undoes, redo, undo, batch)) {
      takeOut(undoes, undo, redo, batch);
    }
  }
}

/** Takes the batch with this event out of one stack and puts the newcomer on the other; false where it is not there. */
function takeOut(uuid: string, from: Batch[], to: Batch[], newcomer: Batch): boolean {
  const at = from.findLastIndex((batch) => batch.some((event) => event.uuid === uuid));
  if (at < 0) return false;
  from.splice(at, 1);
  to.push(newcomer);
  return true;
}

/**
 * What this reviewer decided, events of one batch together, the others alone, in the order of their first. The beginning of a
 * blinded review and a change of the questions are not taken back, and not in it.
 */
function batches(ordered: readonly LabelEvent[], reviewer: string): Iterable<Batch> {
  const groups = new Map<string, LabelEvent[]>();
  for (const event of ordered) {
    const { kind } = event.action;
    if (event.reviewer !== reviewer || kind === 'queue' || kind === 'question') continue;
    const key = event.batch ?? event.uuid;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return groups.values();
}

/**
 * The union of two logs: commutative, associative and idempotent. A uuid names one event; should two files differ about
 * it, the one whose JSON text comes first is kept, whoever brings it.
 */
export function mergeLabels(a: readonly LabelEvent[], b: readonly LabelEvent[]): readonly LabelEvent[] {
  const merged = new Map(a.map((event) => [event.uuid, event]));
  for (const event of b) {
    const other = merged.get(event.uuid);
    if (!other || canonical(event) < canonical(other)) merged.set(event.uuid, event);
  }
  return [...merged.values()].sort(inOrder);
}

/** An event as text that does not depend on the order of its keys. */
function canonical(event: LabelEvent): string {
  return JSON.stringify(event, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([first], [second]) => compare(first, second)))
      : value,
  );
}
