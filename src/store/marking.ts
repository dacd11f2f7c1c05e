import { create } from 'zustand';

/** The examples that the next label goes to together, beside the one in hand. Nothing of it is kept. */
interface MarkingState {
  readonly marked: ReadonlySet<string>;
  /** Where a range begins; empty for none. */
  readonly anchor: string;
}
const NONE: MarkingState = { marked: new Set(), anchor: '' };
export const useMarking = create<MarkingState>(() => NONE);

/** Marks these examples and no others. */
export function mark(ids: Iterable<string>, anchor: string): void {
  useMarking.setState({ marked: new Set(ids), anchor });
}

export function clearMarks(): void {
  if (useMarking.getState() !== NONE) useMarking.setState(NONE, true);
}
