import { useMemo } from 'react';
import { askedWithKeys, type AskedQuestion } from '#review/keys.ts';
import { labelWords, type Answer, type Schema } from '#review/schema.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { useOwnKeys } from '#store/label-keys.ts';
import { useLabels } from '#store/labels.ts';
import { classNames } from '#ui/kit/value-words.ts';

/** What reviewers of the audit in hand are asked, and what their labels are called. */
export interface Asked {
  readonly schema: Schema;
  readonly questions: readonly AskedQuestion[];
  /** The classes of the audit as answers. */
  readonly classes: readonly Answer[];
  /** What a label is called; says so where it cannot be given any more. */
  readonly nameOf: (label: string) => string;
}

export function useAsked(): Asked {
  const schema = useLabels((state) => state.schema);
  const own = useOwnKeys(({ keys }) => keys);
  const data = useData(({ state }) => state);
  const values = useEvidence(({ state }) => (state.kind === 'ready' ? state.examples.classes : NO_CLASSES));
  const classes = useMemo(() => {
    const target =
      data.kind === 'ready' ? data.dataset.columns.find(({ name }) => name === data.question.target) : undefined;
    const names = classNames(target, values, true);
    return values.map((id, i): Answer => ({ id, name: names[i] ?? id }));
  }, [data, values]);
  return useMemo(
    () => ({
      schema,
      questions: askedWithKeys(schema, classes, own),
      classes,
      nameOf: (label) => labelWords(schema, label, classes),
    }),
    [schema, classes, own],
  );
}

const NO_CLASSES: readonly string[] = [];
