import { drawBlindedQueue } from '#audit/blinded-review.ts';
import type { ReviewerAgreement } from '#audit/reviewers.ts';
import { ratingsOf } from '#audit/reviewers-votes.ts';
import { replayLabels, type LabelBoard, type Votes } from '#storage/label-log.ts';
import type { LabelEvent } from '#storage/records.ts';
import { useEvidence } from './evidence.ts';
import { answer, decide, useLabels } from './labels.ts';
import { usePlan } from './plan.ts';
import { services } from './services.ts';

/** A blinded review in hand or done. */
export interface BlindedReview {
  readonly id: string;
  readonly level: string;
  readonly startedAt: string; // ISO 8601
  readonly startedBy: string;
  readonly order: readonly string[]; // example ids as shown
  readonly cie: readonly string[];
}

/** The blinded reviews of a log, oldest first. */
export function blindedReviews(board: LabelBoard): readonly BlindedReview[] {
  return board.queues.flatMap(({ uuid, time, reviewer, action }) =>
    action.kind === 'queue'
      ? [{ id: uuid, level: action.level, startedAt: time, startedBy: reviewer, order: action.order, cie: action.cie }]
      : [],
  );
}

/** What reviewers said within this review, whatever they said elsewhere. */
export function blindedBoard(events: readonly LabelEvent[], id: string): LabelBoard {
  return replayLabels(events.filter((event) => event.queue === id));
}

/** Draws a queue of at most `most` CIE of the level with as many controls, and writes it to the log. True once saved. */
export async function startBlindedReview(level: string, most: number): Promise<boolean> {
  const { state } = useEvidence.getState();
  const comparison = state.kind === 'ready' ? state.audit.comparisons.find((one) => one.level === level) : undefined;
  if (state.kind !== 'ready' || !comparison) return false;
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const { order, cie } = drawBlindedQueue(comparison.modalCie.indices, state.examples.labels, most, seed);
  if (order.length === 0) return false;
  const ids = (indices: Uint32Array): string[] => [...indices].map((x) => state.examples.ids[x]!);
  return decide(() => [{ exampleId: '', action: { kind: 'queue', level, seed, order: ids(order), cie: ids(cie) } }]);
}

/** Gives the answer within the review, or takes it away where the reviewer gave it there. True once saved. */
export function answerBlinded(id: string, exampleId: string, label: string): Promise<boolean> {
  const own = (): Votes => {
    const { events, reviewer } = useLabels.getState();
    return blindedBoard(events, id).votes.get(reviewer) ?? new Map<string, never>();
  };
  return answer([exampleId], label, own, id);
}

/** Writes what reviewers who disagreed settled on, beside their votes; null opens the question again. True once saved. */
export function settle(exampleId: string, labels: readonly string[] | null): Promise<boolean> {
  return decide(() => [{ exampleId, action: { kind: 'settle', labels } }]);
}

/** How far the reviewers agree on a question, resampled by the seed of the plan, off the page's thread. */
export function measureAgreement(votes: LabelBoard['votes'], question: string): Promise<ReviewerAgreement> {
  return services().analysis.reviewers(ratingsOf(votes, question), usePlan.getState().plan?.seed ?? 1);
}

/**
 * What each reviewer said in blinded reviews of the level, of several reviews together: an example of two reviews counts once
 * a reviewer. null where nobody said anything.
 */
export function blindedOfLevel(
  events: readonly LabelEvent[],
  board: LabelBoard,
  level: string,
): LabelBoard['votes'] | null {
  const ids = new Set(blindedReviews(board).flatMap((review) => (review.level === level ? [review.id] : [])));
  if (ids.size === 0) return null;
  const { votes } = replayLabels(events.filter(({ queue }) => queue !== undefined && ids.has(queue)));
  return votes.size === 0 ? null : votes;
}
