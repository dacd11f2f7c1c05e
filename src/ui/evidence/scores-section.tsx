import { useState } from 'react';
import type { OpenScores } from '#engine/protocol/scores.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { RocFigure } from './figure-roc.tsx';
import { ThresholdTable } from './threshold-table.tsx';
import { useAtThreshold, useLevelScores } from './use-scores.ts';
import type { EvidenceView } from './view.ts';

/** ROC curves by group and the decision threshold, where members gave probabilities. */
export function ScoresSection({ view }: { readonly view: EvidenceView }) {
  const state = useLevelScores(view);
  if (state.kind === 'open') return <Scores view={view} scores={state.scores} />;
  return (
    <section className="more-table">
      <h2>ROC curves and thresholds</h2>
      {state.kind === 'loading' ? (
        <p className="small">Reading the probabilities…</p>
      ) : (
        <p className="small reason">
          <NotEstimable mark reason={state.reason} />
        </p>
      )}
    </section>
  );
}

/** The same with scores that are open. */
export function Scores({ view, scores }: { readonly view: EvidenceView; readonly scores: OpenScores }) {
  const [percent, setPercent] = useState(50);
  const at = useAtThreshold(scores, percent / 100);
  return (
    <>
      <RocFigure view={view} groups={scores.groups} at={at} />
      <ThresholdTable view={view} percent={percent} onPercent={setPercent} at={at} />
    </>
  );
}
