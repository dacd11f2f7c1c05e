import { useMemo } from 'react';
import type { AuditExamples } from '#audit/predictions.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import type { EvidenceState } from '#store/state.ts';
import { classNames } from '#ui/kit/value-words.ts';

/** What the screens of reviewers need of the audit in hand. */
export interface ReviewRoom {
  readonly dataset: Dataset;
  readonly evidence: Extract<EvidenceState, { kind: 'ready' }>;
  readonly examples: AuditExamples;
  /** The column that members predict. */
  readonly target: string;
  /** [class] what people call it. */
  readonly names: readonly string[];
  /** Example id to its index among the audit examples. */
  readonly places: ReadonlyMap<string, number>;
}

/** null while there is no evidence. */
export function useReviewRoom(): ReviewRoom | null {
  const data = useData(({ state }) => state);
  const evidence = useEvidence(({ state }) => state);
  return useMemo(() => {
    if (data.kind !== 'ready' || evidence.kind !== 'ready') return null;
    const { examples } = evidence;
    const target = data.dataset.columns.find(({ name }) => name === data.question.target);
    return {
      dataset: data.dataset,
      evidence,
      examples,
      target: data.question.target,
      names: classNames(target, examples.classes, true),
      places: new Map(examples.ids.map((id, x) => [id, x])),
    };
  }, [data, evidence]);
}
