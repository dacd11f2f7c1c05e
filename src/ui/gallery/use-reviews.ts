import { useCallback, useMemo } from 'react';
import { countReviews, type ReviewFacets } from '#audit/review-facets.ts';
import { isWithin, type Labels } from '#audit/selection.ts';
import { useLabels } from '#store/labels.ts';
import type { GalleryFilters } from '#store/state.ts';
import type { GalleryView } from './use-gallery-view.ts';
import { useSteps } from './use-steps.ts';

const NONE: Labels = new Map();

/** What any of these reviewers gave, by example. */
function givenBy(votes: ReadonlyMap<string, Labels>, reviewers: readonly string[]): Labels {
  const all = new Map<string, readonly string[]>();
  for (const reviewer of reviewers) {
    for (const [id, labels] of votes.get(reviewer) ?? NONE) {
      all.set(id, [...new Set([...(all.get(id) ?? []), ...labels])]);
    }
  }
  return all;
}

/** The review labels that the filters ask about; the same empty map, whatever is labelled, where they ask about none. */
export function useReviews({ reviewLabels, reviewers }: Pick<GalleryFilters, 'reviewLabels' | 'reviewers'>): Labels {
  const own = useLabels(({ current }) => (reviewLabels.length > 0 && reviewers.length === 0 ? current : NONE));
  const board = useLabels((state) => (reviewers.length > 0 ? state.board : null));
  return useMemo(() => (board === null ? own : givenBy(board.votes, reviewers)), [own, board, reviewers]);
}

/** How many of the examples within the threshold have each review label, and how many each reviewer labelled. */
export function useReviewFacets({ comparison, examples, within }: GalleryView, filters: GalleryFilters): ReviewFacets {
  const { threshold, reviewers } = filters;
  const board = useLabels((state) => state.board);
  const current = useLabels((state) => state.current);
  const labels = useMemo(
    () => (reviewers.length === 0 ? current : givenBy(board.votes, reviewers)),
    [board, current, reviewers],
  );
  const count = useCallback(
    () => countReviews(examples.ids, labels, board.votes, within, isWithin(comparison, threshold)),
    [examples, labels, board, within, comparison, threshold],
  );
  return useSteps(count) ?? { labels: NO_COUNTS, reviewers: NO_COUNTS };
}
const NO_COUNTS: ReadonlyMap<string, number> = new Map();
