import { openScores, type ScoreDesk } from '#audit/score-desk.ts';
import { serve } from '#engine/protocol/rpc.ts';
import type { ScoreMethods } from '#engine/protocol/scores.ts';

/** The worker behind ROC curves and thresholds: holds the probabilities of two populations, so that a threshold costs one message. */
serve<ScoreMethods, never>(self, () => {
  let desk: ScoreDesk | null = null;
  return {
    open: ({ table, options }) => {
      desk = openScores(table, options);
      return desk.groups;
    },
    at: (code) => {
      if (desk === null) throw new Error('No scores are open.');
      return desk.at(code);
    },
  };
});
