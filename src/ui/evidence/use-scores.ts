import { useEffect, useRef, useState } from 'react';
import type { AuditResult } from '#audit/result.ts';
import type { OpenScores } from '#engine/protocol/scores.ts';
import { codeOfProbability } from '#lib/log-odds.ts';
import { openLevelScores } from '#store/scores.ts';
import type { EvidenceView } from './view.ts';

export type ScoresState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'open'; readonly scores: OpenScores };

/** The scores of the level of the finding: opened for every new audit and level, closed when another takes their place. */
export function useLevelScores({ comparison, evidence }: EvidenceView): ScoresState {
  const { level } = comparison;
  const { examples, predictions } = evidence;
  const { options } = evidence.audit;
  const [state, setState] = useState<ScoresState>({ kind: 'loading' });
  useEffect(() => {
    let open: OpenScores | null = null;
    let gone = false;
    setState({ kind: 'loading' });
    openLevelScores(level, examples, options).then(
      (found) => {
        if (!found.ok) {
          if (!gone) setState({ kind: 'none', reason: found.problem.message });
        } else if (gone) found.value.close();
        else {
          open = found.value;
          setState({ kind: 'open', scores: open });
        }
      },
      (error: unknown) => {
        if (!gone) setState({ kind: 'none', reason: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      gone = true;
      open?.close();
    };
  }, [level, examples, predictions, options]);
  return state;
}

/** The audit at a probability in (0,1); while it moves, the latest that is computed. Null before the first, and where it fails. */
export function useAtThreshold(
  scores: OpenScores,
  probability: number,
): { readonly probability: number; readonly audit: AuditResult } | null {
  const [found, setFound] = useState<{
    readonly scores: OpenScores;
    readonly probability: number;
    readonly audit: AuditResult;
  } | null>(null);
  const wanted = useRef({ scores, probability });
  const busy = useRef<OpenScores | null>(null);
  useEffect(() => {
    wanted.current = { scores, probability };
    if (busy.current === scores) return;
    const next = async (): Promise<void> => {
      busy.current = scores;
      for (let done = NaN; wanted.current.scores === scores && wanted.current.probability !== done;) {
        done = wanted.current.probability;
        setFound({ scores, probability: done, audit: await scores.at(codeOfProbability(done)) });
      }
    };
    next()
      .catch(() => undefined) // closed meanwhile: another desk takes its place
      .finally(() => {
        if (busy.current === scores) busy.current = null;
      });
  }, [scores, probability]);
  return found?.scores === scores ? found : null;
}
