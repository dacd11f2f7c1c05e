import { useHotkeys } from 'react-hotkeys-hook';
import type { AskedQuestion } from '#review/keys.ts';
import { redoLabel, undoLabel } from '#store/labels.ts';
import { isTyping } from '#ui/kit/keys.ts';
import { useAnswerKeys } from './use-answer-keys.ts';

const ACTS = { enableOnFormTags: true, ignoreEventWhen: isTyping };

interface LabelKeys {
  readonly questions: readonly AskedQuestion[];
  readonly onLabel: (label: string) => void;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
}

/** One key an answer, arrows for the next and the previous, z and y for undo and redo; none of them while somebody types. */
export function useLabelKeys({ questions, onLabel, onNext, onPrevious }: LabelKeys): void {
  useAnswerKeys(questions, onLabel);
  useHotkeys('right', onNext, { preventDefault: true });
  useHotkeys('left', onPrevious, { preventDefault: true });
  useHotkeys('z', () => void undoLabel(), ACTS);
  useHotkeys('y', () => void redoLabel(), ACTS);
}
