import { useEffect, useRef } from 'react';
import type { AskedQuestion } from '#review/keys.ts';
import { isTyping } from '#ui/kit/keys.ts';

/** One key an answer, wherever nobody is typing. */
export function useAnswerKeys(questions: readonly AskedQuestion[], onAnswer: (label: string) => void): void {
  const latest = useRef({ questions, onAnswer });
  useEffect(() => {
    latest.current = { questions, onAnswer };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return;
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
