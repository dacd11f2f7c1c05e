import { DEFINITIONS } from './definitions.ts';
import { Dialog } from './dialog.tsx';

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'this help, and close it'],
  ['Tab', 'next control'],
  ['← →', 'next level; in the gallery, example before and after'],
  ['↑ ↓', 'in the gallery, example in the row above and below'],
  ['[ ]', 'in the gallery, level before and after'],
  ['Space', 'in the gallery, the example in hand large, and back'],
  ['⇧ with an arrow', 'in the gallery, mark from the example in hand on: the next label goes to all that are marked'],
  ['U', 'in the gallery, next example without a label'],
  ['N', 'in the gallery, write a note'],
  ['Z', 'take the last label back'],
  ['Y', 'give it again'],
  ['Esc', 'close what is open, unmark'],
];

interface HelpDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** [key, what it does] of the answers that a reviewer may give. */
  readonly answers: readonly (readonly [string, string])[];
}

/** The keys and every term with its definition. */
export function HelpDialog({ open, onClose, answers }: HelpDialogProps) {
  return (
    <Dialog open={open} title="Keys and terms" onClose={onClose}>
      <KeyList keys={KEYS} />
      <h3>Keys of the answers</h3>
      <KeyList keys={answers} />
      <p className="small">
        <a href="#/questions" onClick={onClose}>
          Change questions and keys
        </a>
      </p>
      <h3>Terms</h3>
      <dl className="help-list">
        {Object.entries(DEFINITIONS).map(([term, meaning]) => (
          <div key={term}>
            <dt>{term === 'cie' ? 'CIE' : term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function KeyList({ keys }: { readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <dl className="help-list">
      {keys.map(([key, does]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
