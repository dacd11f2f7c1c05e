import { useHotkeys } from 'react-hotkeys-hook';
import { showLarge, useGallery } from '#store/gallery.ts';
import { redoLabel, undoLabel } from '#store/labels.ts';
import { clearMarks } from '#store/marking.ts';
import { isTyping } from '#ui/kit/keys.ts';
import { TEXT_ANSWER } from '#ui/labels/text-answer.tsx';
import type { Labelling } from './use-labelling.ts';

/** Keys that act on the example in hand: they work wherever nobody is typing, also right after a level or a filter was chosen. */
const ACTS = { enableOnFormTags: true, ignoreEventWhen: isTyping };
const SIGNS = { ...ACTS, useKey: true };
/** The arrow keys: on a form control they are its own. */
const MOVES = { preventDefault: true };
const LARGE = {
  preventDefault: true,
  ignoreEventWhen: (event: KeyboardEvent) =>
    event.target instanceof HTMLElement && event.target.matches('input, select, textarea, summary, .btn, .lbl, .lnk'),
};

interface GalleryKeys {
  readonly labelling: Labelling;
  readonly place: number;
  readonly perRow: number;
  /** One level on or back. */
  readonly onStep: (by: -1 | 1) => void;
}

/** The keys of the gallery but those of the answers. */
export function useGalleryKeys({ labelling: { go, nextOpen }, place, perRow, onStep }: GalleryKeys): void {
  useHotkeys('right', () => go(place + 1), MOVES);
  useHotkeys('left', () => go(place - 1), MOVES);
  useHotkeys('down', () => go(place + perRow), MOVES);
  useHotkeys('up', () => go(place - perRow), MOVES);
  useHotkeys('shift+right', () => go(place + 1, true), MOVES);
  useHotkeys('shift+left', () => go(place - 1, true), MOVES);
  useHotkeys('shift+down', () => go(place + perRow, true), MOVES);
  useHotkeys('shift+up', () => go(place - perRow, true), MOVES);
  useHotkeys('escape', clearMarks, ACTS);
  useHotkeys('u', nextOpen, ACTS);
  useHotkeys('n', () => document.querySelector<HTMLElement>(`.${TEXT_ANSWER} button`)?.click(), {
    ...ACTS,
    preventDefault: true,
  });
  useHotkeys('z', () => void undoLabel(), ACTS);
  useHotkeys('y', () => void redoLabel(), ACTS);
  useHotkeys('[', () => onStep(-1), SIGNS);
  useHotkeys(']', () => onStep(1), SIGNS);
  useHotkeys('space', () => showLarge(!useGallery.getState().large), LARGE);
}
