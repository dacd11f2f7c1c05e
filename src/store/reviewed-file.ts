import { annotatedGroups } from '#audit/annotated-groups.ts';
import { labelMix } from '#audit/label-mix.ts';
import { consensus } from '#audit/reviewed.ts';
import { reviewedJson, type ReviewedJson } from '#audit/reviewed-json.ts';
import { useEvidence } from './evidence.ts';
import { useLabels } from './labels.ts';
import { auditReviewed, reviewsOf } from './reading.ts';
import { blindedOfLevel } from './review.ts';

/** What reviewers said of the audit in hand, for its file; null where nobody said anything. */
export async function reviewedPart(): Promise<ReviewedJson | null> {
  const { state } = useEvidence.getState();
  if (state.kind !== 'ready') return null;
  const { events, board } = useLabels.getState();
  const { audit, examples, predictions } = state;
  const { said, reviewed } = reviewsOf(examples, board);
  if (said.answers.size === 0) return null;
  const second = await auditReviewed();
  const mixOf = (given: ReadonlyMap<string, readonly string[]>, cies: Uint32Array) => {
    const ids = new Set([...cies].map((x) => examples.ids[x]!));
    return labelMix(given, (id) => ids.has(id), board.schema);
  };
  const levels = Object.fromEntries(
    audit.comparisons.map(({ level, modalCie: { indices, isCie } }) => {
      const blinded = blindedOfLevel(events, board, level);
      return [
        level,
        {
          labelMix: mixOf(said.answers, indices),
          blindedLabelMix: blinded === null ? null : mixOf(consensus(blinded, new Map()).answers, indices),
          annotatedGroups: annotatedGroups(reviewed.annotations, isCie, reviewed.examples.labels, {
            baseline: predictions[audit.baseline.name]!,
            compressed: predictions[level]!,
          }),
        },
      ];
    }),
  );
  const reviewers = [...new Set([...board.votes.keys(), ...[...board.settled.values()].map((one) => one.reviewer)])];
  return reviewedJson(examples, reviewed, reviewers.sort(), levels, second?.audit ?? null);
}
