import { useEffect, useMemo } from 'react';
import { differs, type Consensus, type Reviewed } from '#audit/reviewed.ts';
import { useLabels } from '#store/labels.ts';
import { auditReviewed, isCurrent, reviewsOf, useReading, type SecondReading } from '#store/reading.ts';
import type { EvidenceState } from '#store/state.ts';

type Ready = Extract<EvidenceState, { kind: 'ready' }>;

export interface Second {
  readonly said: Consensus;
  readonly reviewed: Reviewed;
  /** Whether it says anything that the data do not. */
  readonly differs: boolean;
  /** Its audit; null where it does not differ, or is not made yet. */
  readonly audited: SecondReading | null;
}

/** The second reading of the evidence by the labels in hand; audited by itself as soon as it differs. */
export function useSecondReading({ examples }: Ready): Second {
  const board = useLabels((state) => state.board);
  const second = useReading((state) => state.second);
  const { said, reviewed } = reviewsOf(examples, board);
  const isOther = differs(reviewed);
  const { key } = reviewed;
  useEffect(() => {
    if (isOther) void auditReviewed();
  }, [isOther, key, examples]);
  return {
    said,
    reviewed,
    differs: isOther,
    audited: isOther && isCurrent(second, examples, reviewed) ? second : null,
  };
}

/** The evidence with its examples in the reading in hand, for whoever shows examples and no rates; null without evidence. */
export function useReadEvidence(state: EvidenceState): Ready | null {
  const board = useLabels((labels) => labels.board);
  const isReviewed = useReading(({ reading }) => reading === 'reviewed');
  const ready = state.kind === 'ready' ? state : null;
  const examples = ready && isReviewed ? reviewsOf(ready.examples, board).reviewed.examples : ready?.examples;
  return useMemo(() => (ready && examples ? { ...ready, examples } : null), [ready, examples]);
}
