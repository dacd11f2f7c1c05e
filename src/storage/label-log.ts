import type { LabelEvent } from './records.ts';

/** What a log of label events amounts to. */
export interface LabelBoard {
  /** Example id to label ids in force, in the order they were given. */
  readonly current: ReadonlyMap<string, readonly string[]>;
  /** The event that undo would take back, and the undo that redo would take back. */
  readonly undo: LabelEvent | null;
  readonly redo: LabelEvent | null;
}

/**
 * Replays the log in the order of its sequence numbers (ties by uuid, so that merged logs give one answer). An event with
 * `undoes` is an undo, or a redo where it undoes an undo; any other event empties what can be redone.
 */
export function replayLabels(events: readonly LabelEvent[]): LabelBoard {
  const ordered = [...events].sort((a, b) => a.sequence - b.sequence || (a.uuid < b.uuid ? -1 : 1));
  const current = new Map<string, readonly string[]>();
  const undoStack: LabelEvent[] = [];
  const redoStack: LabelEvent[] = [];
  for (const event of ordered) {
    const before = (current.get(event.exampleId) ?? []).filter((label) => label !== event.action.label);
    const after = event.action.kind === 'add' ? [...before, event.action.label] : before;
    if (after.length > 0) current.set(event.exampleId, after);
    else current.delete(event.exampleId);
    if (event.undoes === null) {
      undoStack.push(event);
      redoStack.length = 0;
    } else if (redoStack.at(-1)?.uuid === event.undoes) {
      redoStack.pop();
      undoStack.push(event);
    } else {
      undoStack.pop();
      redoStack.push(event);
    }
  }
  return { current, undo: undoStack.at(-1) ?? null, redo: redoStack.at(-1) ?? null };
}
