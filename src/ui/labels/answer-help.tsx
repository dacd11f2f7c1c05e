import { keyName } from '#review/keys.ts';
import { HelpDialog } from '#ui/kit/help-dialog.tsx';
import { useAsked } from './use-asked.ts';

/** The help, with the keys of the answers as this reviewer has them. */
export function AnswerHelp({ onClose }: { readonly onClose: () => void }) {
  const { questions } = useAsked();
  const answers = questions.flatMap(({ question, answers: own }) =>
    own.flatMap(({ key, name }) => (key === null ? [] : [[keyName(key), `${question.name} ${name}`] as const])),
  );
  return <HelpDialog open answers={answers} onClose={onClose} />;
}
