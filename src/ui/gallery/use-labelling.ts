import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isComplete } from '#review/answering.ts';
import { select } from '#store/gallery.ts';
import { answer, useLabels, writeNote } from '#store/labels.ts';
import { clearMarks, mark, useMarking } from '#store/marking.ts';
import { counted } from '#ui/kit/format.ts';
import { useAnswerKeys } from '#ui/labels/use-answer-keys.ts';
import { useAsked, type Asked } from '#ui/labels/use-asked.ts';
import type { GalleryView } from './use-gallery-view.ts';

/** More examples than this are not labelled at once: each is a decision on disk. */
export const MOST_AT_ONCE = 5000;

export interface Labelling {
  readonly asked: Asked;
  /** Ids of what the next label goes to, in the order shown; empty where only the example in hand is meant. */
  readonly marked: readonly string[];
  /** What was saved last, for those who do not see it. */
  readonly said: string;
  readonly label: (label: string) => void;
  readonly write: (question: string, text: string) => void;
  /** Takes the example at this place in hand. With `extend` all from where the range began are marked. */
  readonly go: (place: number, extend?: boolean) => void;
  readonly markAll: () => void;
  /** Goes to the next example without a label, from the top after the last; does nothing where all have one. */
  readonly nextOpen: () => void;
}

/** What labels go to and what they do: the example in hand or those marked, on to the next one by itself. */
export function useLabelling(view: GalleryView, place: number): Labelling {
  const { shown, examples, dataset } = view;
  const { ids } = examples;
  const asked = useAsked();
  const marks = useMarking((state) => state.marked);
  const [said, setSaid] = useState('');
  useEffect(() => clearMarks, []);
  const marked = useMemo(
    () => (marks.size === 0 ? [] : [...shown].map((x) => ids[x]!).filter((id) => marks.has(id))),
    [marks, shown, ids],
  );

  const go = useCallback(
    (to: number, extend = false) => {
      const target = Math.max(0, Math.min(shown.length - 1, to));
      const next = shown[target];
      if (next === undefined) return;
      const id = ids[next] ?? '';
      if (extend) {
        const { anchor } = useMarking.getState();
        const start = anchor === '' ? place : shown.indexOf(ids.indexOf(anchor));
        const from = start < 0 ? target : start;
        const range = shown.slice(Math.min(from, target), Math.max(from, target) + 1);
        mark(
          [...range].map((x) => ids[x]!),
          ids[shown[from]!]!,
        );
      } else clearMarks();
      select(id);
    },
    [shown, ids, place],
  );
  const nextOpen = useCallback(() => {
    const { current } = useLabels.getState();
    for (let i = 1; i <= shown.length; i++) {
      const at = (place + i) % shown.length;
      if (!current.has(ids[shown[at]!]!)) {
        go(at);
        return;
      }
    }
    setSaid('All that are shown have a label.');
  }, [shown, ids, place, go]);

  // The list can lose the example that was just labelled (a filter on labels): the next one is taken from the list before.
  const busy = useRef(false);
  const label = (chosen: string): void => {
    const id = ids[shown[place] ?? -1];
    if (id === undefined || busy.current) return;
    const targets = marked.length > 0 ? marked : [id];
    const before = useLabels.getState().current;
    const adds = targets.some((one) => !(before.get(one)?.includes(chosen) ?? false));
    const next = shown[place + 1];
    busy.current = true;
    void answer(targets, chosen).then((saved) => {
      busy.current = false;
      if (!saved) return;
      const where = targets.length === 1 ? targets[0]! : counted(targets.length, dataset.noun);
      setSaid(adds ? `Saved: ${asked.nameOf(chosen)}, ${where}.` : `Taken away: ${asked.nameOf(chosen)}, ${where}.`);
      const own = useLabels.getState().current.get(id) ?? [];
      if (marked.length === 0 && adds && next !== undefined && isComplete(asked.schema, own)) select(ids[next] ?? '');
    });
  };
  useAnswerKeys(asked.questions, label);

  return {
    asked,
    marked,
    said,
    label,
    write: (question, text) => {
      const id = ids[shown[place] ?? -1];
      if (id === undefined) return;
      void writeNote(id, text, question).then((saved) => {
        if (saved) setSaid(text.trim() === '' ? `No note on ${id}.` : `Note saved, ${id}.`);
      });
    },
    go,
    markAll: () =>
      mark(
        [...shown].map((x) => ids[x]!),
        ids[shown[0] ?? -1] ?? '',
      ),
    nextOpen,
  };
}

/** The id of the example that a label was given to last, by this reviewer, outside of blinded reviews; null for none. */
export function useLeftOff(): string | null {
  const events = useLabels((state) => state.events);
  const reviewer = useLabels((state) => state.reviewer);
  return useMemo(
    () =>
      events.findLast((one) => one.reviewer === reviewer && one.exampleId !== '' && one.queue === undefined)
        ?.exampleId ?? null,
    [events, reviewer],
  );
}
