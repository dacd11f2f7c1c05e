import { useEffect, useMemo, useState } from 'react';
import { shiftOfMeans, shiftOfVotes, type ConfidenceShift } from '#audit/confidence-shift.ts';
import type { AuditResult, Comparison } from '#audit/result.ts';
import { populationMeans } from '#store/confidence.ts';
import type { EvidenceState } from '#store/state.ts';

type Ready = Extract<EvidenceState, { kind: 'ready' }>;
interface Means {
  readonly of: AuditResult;
  readonly means: ReadonlyMap<string, Float32Array>;
}

/**
 * How far confidence in the positive class moved at a level: by the members' probabilities where all of them have one, else
 * by their votes. null while nobody asks, and until the probabilities are read.
 */
export function useConfidenceShift(
  ready: Ready | null,
  comparison: Comparison | undefined,
  positive: string,
  isAsked: boolean,
): ConfidenceShift | null {
  const [means, setMeans] = useState<Means | null>(null);
  useEffect(() => {
    if (!isAsked || ready === null) return;
    let isLate = false;
    const take = (found: Means['means']): void => {
      if (!isLate) setMeans({ of: ready.audit, means: found });
    };
    // What cannot be read is as if it were not there.
    populationMeans(ready.examples).then(take, () => {
      take(new Map());
    });
    return () => {
      isLate = true;
    };
  }, [isAsked, ready]);
  return useMemo(() => {
    if (!isAsked || ready === null || comparison === undefined || means?.of !== ready.audit) return null;
    const { audit, examples } = ready;
    const before = means.means.get(audit.baseline.name);
    const after = means.means.get(comparison.level);
    if (before && after) return shiftOfMeans(before, after);
    const { classes } = examples;
    return shiftOfVotes(audit.baseline, comparison.population, classes.length, classes.indexOf(positive));
  }, [isAsked, ready, comparison, means, positive]);
}
