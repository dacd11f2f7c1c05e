import { DEFINITIONS } from './definitions.ts';
import { Dialog } from './dialog.tsx';

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'this help, and close it'],
  ['Tab', 'next control'],
  ['← →', 'next level; in the gallery, example before and after'],
  ['↑ ↓', 'in the gallery, example in the row above and below'],
  ['[ ]', 'in the gallery, level before and after'],
  ['Space', 'in the gallery, the example in hand large, and back'],
  ['1 … 5, 0', 'in the gallery, label the example in hand'],
  ['Z', 'take the last label back'],
  ['Y', 'give it again'],
  ['Esc', 'close what is open'],
];

/** The keys and every term with its definition. */
export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} title="Keys and terms" onClose={onClose}>
      <dl className="help-list">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
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
