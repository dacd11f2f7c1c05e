import { useHotkeys } from 'react-hotkeys-hook';
import { DEFAULT_TAXONOMY } from '#audit/review-labels.ts';
import { redoLabel, undoLabel } from '#store/labels.ts';

const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement && event.target.matches('select, textarea, input:not([type=file])');
const ACTS = { enableOnFormTags: true, ignoreEventWhen: isTyping };

interface LabelKeys {
  readonly onLabel: (label: string) => void;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
}

/** One key a label, arrows for the next and the previous, z and y for undo and redo; none of them while somebody types. */
export function useLabelKeys({ onLabel, onNext, onPrevious }: LabelKeys): void {
  useHotkeys(
    DEFAULT_TAXONOMY.map(({ key }) => key).join(','),
    (event) => {
      const chosen = DEFAULT_TAXONOMY.find(({ key }) => key === event.key);
      if (chosen) onLabel(chosen.id);
    },
    { ...ACTS, useKey: true },
  );
  useHotkeys('right', onNext, { preventDefault: true });
  useHotkeys('left', onPrevious, { preventDefault: true });
  useHotkeys('z', () => void undoLabel(), ACTS);
  useHotkeys('y', () => void redoLabel(), ACTS);
}
