import { create } from 'zustand';
import { labelledExamples, mergeLabels, replayLabels, undoStep } from '#storage/label-log.ts';
import type { LabelAction, LabelEvent } from '#storage/records.ts';
import { keptReviewer, keepReviewer } from './reviewer-name.ts';
import { services } from './services.ts';
import type { LabelsState } from './state.ts';

const EMPTY: LabelsState = {
  reviewer: keptReviewer(),
  asksName: false,
  events: [],
  board: replayLabels([]),
  current: new Map(),
  canUndo: false,
  canRedo: false,
  savedAt: null,
  problem: null,
};
export const useLabels = create<LabelsState>(() => EMPTY);

let auditId: string | null = null;

/** Everything that follows from the log and the name of who is reviewing. */
const show = (events: readonly LabelEvent[]): void => {
  const { reviewer } = useLabels.getState();
  const board = replayLabels(events);
  const { undo, redo } = undoStep(events, reviewer);
  const current = reviewer === '' ? labelledExamples(board) : (board.votes.get(reviewer) ?? new Map<string, never>());
  useLabels.setState({ events, board, current, canUndo: undo !== null, canRedo: redo !== null });
};

/** Tells the other tabs what was written, so that all of them show one log. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('longtail.labels');
channel?.addEventListener('message', ({ data }: MessageEvent<readonly LabelEvent[]>) => {
  const own = data.filter((event) => event.auditId === auditId);
  if (own.length > 0) show(mergeLabels(useLabels.getState().events, own));
});

/** Shows the labels of an audit. */
export function showLabels(id: string, events: readonly LabelEvent[]): void {
  auditId = id;
  useLabels.setState({ savedAt: null, problem: null });
  show(mergeLabels([], events));
}

/** From now on this person reviews, also after a reload; an empty name changes nothing. */
export function setReviewer(name: string): void {
  const reviewer = name.trim();
  if (reviewer === '') return;
  keepReviewer(reviewer);
  useLabels.setState({ reviewer });
  show(useLabels.getState().events);
}

let answer: ((given: boolean) => void) | null = null;
/** True once there is a name: the first decision asks for it (the dialog answers with `answerName`). */
function named(): Promise<boolean> {
  if (useLabels.getState().reviewer !== '') return Promise.resolve(true);
  answer?.(false);
  useLabels.setState({ asksName: true });
  return new Promise((resolve) => {
    answer = resolve;
  });
}

/** The answer to the question for the reviewer's name; null: not now, and what was to be saved is not. */
export function answerName(name: string | null): void {
  if (name !== null) setReviewer(name);
  useLabels.setState({ asksName: false });
  answer?.(useLabels.getState().reviewer !== '');
  answer = null;
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
  show(mergeLabels(useLabels.getState().events, events));
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

const labelsOf = (exampleId: string): readonly string[] => useLabels.getState().current.get(exampleId) ?? [];

/** Gives the label to the example, or takes it away where it has it. True once saved. */
export function toggleLabel(exampleId: string, label: string): Promise<boolean> {
  return decide(() => [{ exampleId, action: { kind: labelsOf(exampleId).includes(label) ? 'remove' : 'add', label } }]);
}

/** Gives the label to every example, or takes it from all where all have it: one step for undo. True once saved. */
export function toggleLabels(exampleIds: readonly string[], label: string): Promise<boolean> {
  return decide(() => {
    const without = exampleIds.filter((id) => !labelsOf(id).includes(label));
    const kind = without.length === 0 ? 'remove' : 'add';
    return (without.length === 0 ? exampleIds : without).map((exampleId) => ({ exampleId, action: { kind, label } }));
  });
}

/** Writes a note about the example; empty text takes it away. True once saved, also where it says so already. */
export function writeNote(exampleId: string, text: string): Promise<boolean> {
  const { board, reviewer } = useLabels.getState();
  if ((board.notes.get(reviewer)?.get(exampleId) ?? '') === text.trim()) return Promise.resolve(true);
  return decide(() => [{ exampleId, action: { kind: 'note', text: text.trim() } }]);
}

const takeBack = (which: 'undo' | 'redo'): Promise<boolean> =>
  inOrder(() => {
    const { events, reviewer } = useLabels.getState();
    const step = undoStep(events, reviewer)[which] ?? [];
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
