import { useLayoutEffect, useRef } from 'react';
import type { AskedQuestion } from '#review/keys.ts';
import { isTyping } from '#ui/kit/keys.ts';

/** Whether a dialog is open that does not show the example. */
const isElsewhere = (target: EventTarget | null): boolean => {
  const dialog = target instanceof Element ? target.closest('dialog') : null;
  return dialog !== null && dialog.querySelector('.large') === null;
};

/** One key an answer, wherever the example is in sight and nobody is typing. */
export function useAnswerKeys(questions: readonly AskedQuestion[], onAnswer: (label: string) => void): void {
  const latest = useRef({ questions, onAnswer });
  // Before the page is drawn: what is in sight can be answered.
  useLayoutEffect(() => {
    latest.current = { questions, onAnswer };
  });
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTyping(event) || isElsewhere(event.target)) return;
      const key = event.key.toLowerCase();
      const found = latest.current.questions.flatMap(({ answers }) => answers).find((one) => one.key === key);
      if (found) latest.current.onAnswer(found.label);
    };
    document.addEventListener('keydown', press);
    return () => {
      document.removeEventListener('keydown', press);
    };
  }, []);
}
