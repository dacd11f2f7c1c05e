import { useMemo } from 'react';
import { redoLabel, undoLabel, useLabels } from '#store/labels.ts';
import { Button } from '#ui/kit/button.tsx';
import { stepWords } from './step-words.ts';

interface UndoButtonsProps {
  readonly nameOf: (label: string) => string;
  /** What many examples are called. */
  readonly plural: string;
}

/** Undo and redo, with what they would take back or give again; what was is said to those who do not see it. */
export function UndoButtons({ nameOf, plural }: UndoButtonsProps) {
  const undo = useLabels((state) => state.undo);
  const redo = useLabels((state) => state.redo);
  const events = useLabels((state) => state.events);
  const said = useMemo(() => {
    const last = events.at(-1);
    if (last?.undoes == null) return '';
    const batch = last.batch === undefined ? [last] : events.filter((one) => one.batch === last.batch);
    const isRedo = (events.findLast(({ uuid }) => uuid === last.undoes)?.undoes ?? null) !== null;
    return `${isRedo ? 'Given again' : 'Taken back'}: ${stepWords(batch, nameOf, plural)}.`;
  }, [events, nameOf, plural]);
  return (
    <div className="undo-buttons">
      <span className="vh" role="status">
        {said}
      </span>
      <Button small onClick={() => void undoLabel()} keys="Z" disabledReason={undo ? null : 'Nothing to take back'}>
        Undo <kbd>Z</kbd>
      </Button>
      <Button small onClick={() => void redoLabel()} keys="Y" disabledReason={redo ? null : 'Nothing to give again'}>
        Redo <kbd>Y</kbd>
      </Button>
      <span className="no">
        {undo ? `Undo takes back ${stepWords(undo, nameOf, plural)}. ` : ''}
        {redo ? `Redo gives again ${stepWords(redo, nameOf, plural)}.` : ''}
      </span>
    </div>
  );
}
