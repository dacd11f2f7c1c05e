import { create } from 'zustand';
import { answering, type Truth } from '#review/answering.ts';
import { DEFAULT_SCHEMA, NOTE, type Schema } from '#review/schema.ts';
import { labelledExamples, mergeLabels, replayLabels, type Votes } from '#storage/label-log.ts';
import { liveLog } from '#storage/live-log.ts';
import type { LabelAction, LabelEvent } from '#storage/records.ts';
import { keptReviewer, keepReviewer } from './reviewer-name.ts';
import { placesOf } from '#audit/places.ts';
import { useEvidence } from './evidence.ts';
import { services } from './services.ts';
import type { LabelsState } from './state.ts';

const EMPTY: LabelsState = {
  reviewer: keptReviewer(),
  asksName: false,
  events: [],
  board: replayLabels([]),
  current: new Map(),
  schema: DEFAULT_SCHEMA,
  undo: null,
  redo: null,
  savedAt: null,
  problem: null,
};
export const useLabels = create<LabelsState>(() => EMPTY);

let auditId: string | null = null;
let log = liveLog([]);

/** Everything that follows from the log and the name of who is reviewing. */
const show = (): void => {
  const { reviewer } = useLabels.getState();
  const { events, board } = log;
  const { undo, redo } = log.stepOf(reviewer);
  const current = reviewer === '' ? labelledExamples(board) : (board.votes.get(reviewer) ?? new Map<string, never>());
  const before = useLabels.getState().schema;
  const schema = JSON.stringify(before) === JSON.stringify(board.schema) ? before : board.schema;
  useLabels.setState({ events, board, current, schema, undo, redo });
};

/** Tells the other tabs what was written, so that all of them show one log. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('longtail.labels');
channel?.addEventListener('message', ({ data }: MessageEvent<readonly LabelEvent[]>) => {
  const own = data.filter((event) => event.auditId === auditId);
  if (own.length === 0) return;
  log.take(own);
  show();
});

/** Shows the labels of an audit. */
export function showLabels(id: string, events: readonly LabelEvent[]): void {
  auditId = id;
  useLabels.setState({ savedAt: null, problem: null });
  log = liveLog(events);
  show();
}

/** From now on this person reviews, also after a reload; an empty name changes nothing. */
export function setReviewer(name: string): void {
  const reviewer = name.trim();
  if (reviewer === '') return;
  keepReviewer(reviewer);
  useLabels.setState({ reviewer });
  show();
}

let toName: ((given: boolean) => void) | null = null;
/** True once there is a name: the first decision asks for it (the dialog answers with `answerName`). */
function named(): Promise<boolean> {
  if (useLabels.getState().reviewer !== '') return Promise.resolve(true);
  toName?.(false);
  useLabels.setState({ asksName: true });
  return new Promise((resolve) => {
    toName = resolve;
  });
}

/** The answer to the question for the reviewer's name; null: not now, and what was to be saved is not. */
export function answerName(name: string | null): void {
  if (name !== null) setReviewer(name);
  useLabels.setState({ asksName: false });
  toName?.(useLabels.getState().reviewer !== '');
  toName = null;
}

/** One decision: what a person did to an example. */
interface Decision {
  readonly exampleId: string;
  readonly action: LabelAction;
  readonly undoes?: string;
}

/** Writes decisions, several as one batch; true once they are on disk. On failure nothing on screen changes and the problem is shown. */
async function append(decisions: readonly Decision[], queue: string | null): Promise<boolean> {
  if (auditId === null || decisions.length === 0) return false;
  const { events, reviewer } = useLabels.getState();
  const last = events.at(-1)?.sequence ?? 0;
  const batch = decisions.length > 1 ? { batch: crypto.randomUUID() } : {};
  const time = new Date().toISOString();
  const fresh = decisions.map(({ exampleId, action, undoes }, i): LabelEvent => ({
    uuid: crypto.randomUUID(),
    auditId: auditId!,
    sequence: last + 1 + i,
    time,
    reviewer,
    exampleId,
    action,
    undoes: undoes ?? null,
    ...(queue === null ? {} : { queue }),
    ...batch,
  }));
  return takeIn(fresh);
}

/** Saves events, shows them and tells the other tabs. True once they are on disk. */
async function takeIn(events: readonly LabelEvent[]): Promise<boolean> {
  try {
    await (await services().repository).appendLabels(events);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    useLabels.setState({ problem: { code: 'label', message: `The label was not saved: ${why}` } });
    return false;
  }
  log.take(events);
  show();
  channel?.postMessage(events);
  useLabels.setState({ savedAt: new Date().toISOString(), problem: null });
  return true;
}

let queue: Promise<unknown> = Promise.resolve();
/** One decision after the other: each sequence number follows from the log before it. */
const inOrder = (work: () => Promise<boolean>): Promise<boolean> => {
  const result = queue.then(work);
  queue = result.catch(() => false);
  return result;
};

/** Writes what `decide` makes of the labels at its turn; asks for the name first where there is none. True once saved. */
export async function decide(of: () => readonly Decision[], inQueue: string | null = null): Promise<boolean> {
  return (await named()) && inOrder(() => append(of(), inQueue));
}

/** What the data call an example, and what else they could. */
export function truthOf(exampleId: string): Truth | null {
  const { state } = useEvidence.getState();
  const place = state.kind === 'ready' ? placesOf(state.examples.ids).get(exampleId) : undefined;
  if (state.kind !== 'ready' || place === undefined) return null;
  const { classes, labels } = state.examples;
  return { classes, delivered: classes[labels[place]!]! };
}

/**
 * Gives the answer to every example, or takes it from all where all have it: one step for undo. Within a blinded review
 * (`inQueue`, with what was answered there) only what was said there counts. True once saved.
 */
export function answer(
  exampleIds: readonly string[],
  label: string,
  given: () => Votes = () => useLabels.getState().current,
  inQueue: string | null = null,
): Promise<boolean> {
  return decide(() => {
    const labels = given();
    const { schema } = useLabels.getState();
    const without = exampleIds.filter((id) => !(labels.get(id) ?? []).includes(label));
    return (without.length === 0 ? exampleIds : without).flatMap((exampleId) =>
      answering(schema, labels.get(exampleId) ?? [], label, truthOf(exampleId)).map((action) => ({
        exampleId,
        action,
      })),
    );
  }, inQueue);
}

/**
 * Writes a text about the example in answer to the question; empty text takes it away. True once saved, also where there was
 * nothing to take away or it says so already.
 */
export function writeNote(
  exampleId: string,
  text: string,
  question = NOTE,
  inQueue: string | null = null,
): Promise<boolean> {
  const { events, board, reviewer } = useLabels.getState();
  const { notes } = inQueue === null ? board : replayLabels(events.filter(({ queue: of }) => of === inQueue));
  if ((notes.get(reviewer)?.get(exampleId)?.get(question) ?? '') === text.trim()) return Promise.resolve(true);
  const named = question === NOTE ? {} : { question };
  return decide(() => [{ exampleId, action: { kind: 'note', text: text.trim(), ...named } }], inQueue);
}

/** Writes questions as they are from now on; answers to what they were stay. True once saved. */
export function saveQuestions(questions: Schema): Promise<boolean> {
  return decide(() => questions.map((question) => ({ exampleId: '', action: { kind: 'question', question } })));
}

const takeBack = (which: 'undo' | 'redo'): Promise<boolean> =>
  inOrder(() => {
    const step = log.stepOf(useLabels.getState().reviewer)[which] ?? [];
    return append(
      step.map(({ exampleId, action, uuid }) => ({ exampleId, action, undoes: uuid })),
      step[0]?.queue ?? null,
    );
  });

export const undoLabel = (): Promise<boolean> => takeBack('undo');
export const redoLabel = (): Promise<boolean> => takeBack('redo');

/** Merges events of others into the log: what is there already is not written again. How many were new, null where they could not be saved. */
export async function mergeEvents(others: readonly LabelEvent[]): Promise<number | null> {
  let fresh: readonly LabelEvent[] = [];
  const saved = await inOrder(() => {
    const { events } = useLabels.getState();
    const known = new Set(events);
    const own = others.map((event) => ({ ...event, auditId: auditId ?? event.auditId }));
    fresh = mergeLabels(events, own).filter((event) => !known.has(event));
    return fresh.length === 0 ? Promise.resolve(true) : takeIn(fresh);
  });
  return saved ? fresh.length : null;
}
