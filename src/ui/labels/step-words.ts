import type { LabelEvent } from '#storage/records.ts';
import { count, list } from '#ui/kit/format.ts';

/** What one action of a reviewer did: "Ambiguous on f12", "taking Ambiguous from 12 faces", "a note on f3". */
export function stepWords(batch: readonly LabelEvent[], nameOf: (label: string) => string, plural: string): string {
  const ids = [...new Set(batch.map(({ exampleId }) => exampleId))];
  const where = ids.length === 1 ? ids[0]! : `${count(ids.length)} ${plural}`;
  const named = (kind: 'add' | 'remove'): readonly string[] => [
    ...new Set(batch.flatMap(({ action }) => (action.kind === kind ? [nameOf(action.label)] : []))),
  ];
  const [added, removed] = [named('add'), named('remove')];
  if (added.length > 0) return `${list(added)} on ${where}`;
  if (removed.length > 0) return `taking ${list(removed)} from ${where}`;
  return batch.some(({ action }) => action.kind === 'settle') ? `what was settled on ${where}` : `a note on ${where}`;
}
