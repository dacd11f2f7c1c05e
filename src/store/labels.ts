import { create } from 'zustand';
import { replayLabels } from '#storage/label-log.ts';
import type { LabelEvent } from '#storage/records.ts';
import { services } from './services.ts';
import type { LabelsState } from './state.ts';

const EMPTY: LabelsState = {
  reviewer: 'Reviewer',
  events: [],
  current: new Map(),
  canUndo: false,
  canRedo: false,
  savedAt: null,
  problem: null,
};
export const useLabels = create<LabelsState>(() => EMPTY);

let auditId: string | null = null;

const show = (events: readonly LabelEvent[]): void => {
  const board = replayLabels(events);
  useLabels.setState({ events, current: board.current, canUndo: board.undo !== null, canRedo: board.redo !== null });
};

/** Shows the labels of an audit. */
export function showLabels(id: string, events: readonly LabelEvent[]): void {
  auditId = id;
  useLabels.setState({ savedAt: null, problem: null });
  show(events);
}

export function setReviewer(reviewer: string): void {
  useLabels.setState({ reviewer: reviewer.trim() === '' ? EMPTY.reviewer : reviewer.trim() });
}

/** Writes one event; resolves once it is on disk. On failure nothing on screen changes and the problem is shown. */
async function append(exampleId: string, action: LabelEvent['action'], undoes: string | null): Promise<boolean> {
  if (auditId === null) return false;
  const { events, reviewer } = useLabels.getState();
  const event: LabelEvent = {
    uuid: crypto.randomUUID(),
    auditId,
    sequence: events.reduce((largest, other) => Math.max(largest, other.sequence), 0) + 1,
    time: new Date().toISOString(),
    reviewer,
    exampleId,
    action,
    undoes,
  };
  try {
    const repository = await services().repository;
    await repository.appendLabel(event);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    useLabels.setState({ problem: { code: 'label', message: `The label was not saved: ${why}` } });
    return false;
  }
  show([...useLabels.getState().events, event]);
  useLabels.setState({ savedAt: event.time, problem: null });
  return true;
}

let queue: Promise<unknown> = Promise.resolve();
/** One event after the other: each sequence number follows from the log before it. */
const inOrder = (work: () => Promise<boolean>): Promise<boolean> => {
  const result = queue.then(work);
  queue = result.catch(() => false);
  return result;
};

/** Gives the label to the example, or takes it away where it has it. True once saved. */
export function toggleLabel(exampleId: string, label: string): Promise<boolean> {
  return inOrder(() => {
    const has = useLabels.getState().current.get(exampleId)?.includes(label) ?? false;
    return append(exampleId, { kind: has ? 'remove' : 'add', label }, null);
  });
}

const takeBack = (which: 'undo' | 'redo'): Promise<boolean> =>
  inOrder(async () => {
    const event = replayLabels(useLabels.getState().events)[which];
    if (!event) return false;
    const kind = event.action.kind === 'add' ? 'remove' : 'add';
    return append(event.exampleId, { kind, label: event.action.label }, event.uuid);
  });

export const undoLabel = (): Promise<boolean> => takeBack('undo');
export const redoLabel = (): Promise<boolean> => takeBack('redo');
