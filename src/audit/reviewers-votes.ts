import type { Ratings } from './reviewers.ts';

/** [reviewer] example id to label ids. */
type VotesByReviewer = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** A set of labels as one text: the order in which they were given does not matter. */
const category = (labels: readonly string[]): string => JSON.stringify([...labels].sort());

/**
 * What reviewers said as ratings: each set of labels is a category, so two agree on an example where they gave it the very
 * same labels. Reviewers are sorted by name, examples by id.
 */
export function ratingsOf(votes: VotesByReviewer): Ratings {
  const reviewers = [...votes.keys()].sort();
  const ids = [...new Set([...votes.values()].flatMap((own) => [...own.keys()]))].sort();
  const categories = new Map<string, number>();
  const codes = new Int32Array(ids.length * reviewers.length).fill(-1);
  for (const [x, id] of ids.entries()) {
    for (const [j, reviewer] of reviewers.entries()) {
      const labels = votes.get(reviewer)?.get(id);
      if (!labels) continue;
      const key = category(labels);
      const code = categories.get(key) ?? categories.size;
      categories.set(key, code);
      codes[x * reviewers.length + j] = code;
    }
  }
  return { reviewers, codes, categories: categories.size };
}

/** Ids of the examples to which two reviewers gave different labels, sorted as text. */
export function disagreements(votes: VotesByReviewer): readonly string[] {
  const seen = new Map<string, Set<string>>();
  for (const own of votes.values()) {
    for (const [id, labels] of own) seen.set(id, (seen.get(id) ?? new Set()).add(category(labels)));
  }
  return [...seen].flatMap(([id, said]) => (said.size > 1 ? [id] : [])).sort();
}
