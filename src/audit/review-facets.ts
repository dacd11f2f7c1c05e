import { findPlaces } from './places.ts';
import { NO_LABEL, type Labels } from './selection.ts';
import type { Steps } from './steps.ts';

/** How many of some examples hold each review label, and how many each reviewer labelled. */
export interface ReviewFacets {
  /** Label id, or `NO_LABEL`, to count; a label that no example has is absent. */
  readonly labels: ReadonlyMap<string, number>;
  readonly reviewers: ReadonlyMap<string, number>;
}

/**
 * Counts what was labelled among `count` examples that `isWithin` tells from the others: as much work as there are labels,
 * however many examples there are.
 */
export function* countReviews(
  ids: readonly string[],
  labels: Labels,
  byReviewer: ReadonlyMap<string, Labels>,
  count: number,
  isWithin: (example: number) => boolean,
): Steps<ReviewFacets> {
  if (labels.size === 0 && byReviewer.size === 0) return { labels: new Map([[NO_LABEL, count]]), reviewers: new Map() };
  const places = yield* findPlaces(ids);
  const isCounted = (id: string): boolean => {
    const example = places.get(id);
    return example !== undefined && isWithin(example);
  };
  const counts = new Map<string, number>();
  let labelled = 0;
  for (const [id, own] of labels) {
    if (!isCounted(id)) continue;
    labelled++;
    for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  yield;
  if (labelled < count) counts.set(NO_LABEL, count - labelled);
  const reviewers = new Map<string, number>();
  for (const [reviewer, own] of byReviewer) {
    let total = 0;
    for (const id of own.keys()) if (isCounted(id)) total++;
    if (total > 0) reviewers.set(reviewer, total);
    yield;
  }
  return { labels: counts, reviewers };
}
