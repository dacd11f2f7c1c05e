import { useState } from 'react';
import { keyName, keyProblem } from '#review/keys.ts';
import { resetLabelKeys, setLabelKey, useOwnKeys } from '#store/label-keys.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Note } from '#ui/kit/note.tsx';
import './questions.css';
import type { Asked } from './use-asked.ts';

interface KeysDialogProps {
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** The keys of the answers: choose an answer, press its new key. They are the reviewer's own and stay on this device. */
export function KeysDialog({ asked, onClose }: KeysDialogProps) {
  const own = useOwnKeys(({ keys }) => keys);
  const [waiting, setWaiting] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const press = (label: string, key: string): void => {
    const why = keyProblem(asked.questions, label, key);
    setProblem(why);
    if (why !== null) return;
    setLabelKey(label, key);
    setWaiting(null);
    setSaid(`${keyName(key)} is now the key of ${asked.nameOf(label)}.`);
  };
  return (
    <Dialog
      open
      title="Keys of the answers"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            onClick={() => {
              resetLabelKeys();
              setProblem(null);
              setWaiting(null);
              setSaid('Every answer has its usual key again.');
            }}
            disabledReason={Object.keys(own).length === 0 ? 'They are the usual ones' : null}
          >
            Back to the usual keys
          </Button>
        </>
      }
    >
      <p className="small">
        Choose an answer and press its new key. The keys are yours alone: they stay on this device and are in no file.
      </p>
      <p className="vh" role="status">
        {said}
      </p>
      {problem === null ? null : <Note tone="warn" fact={problem} live />}
      {asked.questions
        .filter(({ answers }) => answers.length > 0)
        .map(({ question, answers }) => (
          <fieldset className="key-choice" key={question.id}>
            <legend>{question.name}</legend>
            {answers.map(({ label, name, key }) => (
              <button
                key={label}
                type="button"
                className="lbl"
                aria-pressed={waiting === label}
                onClick={() => {
                  setProblem(null);
                  setWaiting(waiting === label ? null : label);
                }}
                onKeyDown={(event) => {
                  if (waiting !== label || ['Tab', 'Escape', 'Shift', 'Enter'].includes(event.key)) return;
                  event.preventDefault();
                  event.stopPropagation();
                  press(label, event.key.toLowerCase());
                }}
              >
                <kbd>{waiting === label ? '…' : key === null ? '–' : keyName(key)}</kbd>
                {name}
                {waiting === label ? <span className="vh">, press the new key</span> : null}
              </button>
            ))}
          </fieldset>
        ))}
    </Dialog>
  );
}
