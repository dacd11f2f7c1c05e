import { agreedOn } from '#review/agreed.ts';
import { questionOf } from '#review/schema.ts';
import type { Ratings } from './reviewers.ts';

/** [reviewer] example id to label ids. */
type VotesByReviewer = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** A set of labels as one text: the order in which they were given does not matter. */
const category = (labels: readonly string[]): string => JSON.stringify([...labels].sort());

/**
 * What reviewers said to a question as ratings: each set of labels is a category, so two agree on an example where they gave it
 * the very same answers; who did not answer it said nothing. Reviewers are sorted by name, examples by id.
 */
export function ratingsOf(votes: VotesByReviewer, question: string): Ratings {
  const reviewers = [...votes.keys()].sort();
  const ids = [...new Set([...votes.values()].flatMap((own) => [...own.keys()]))].sort();
  const categories = new Map<string, number>();
  const codes = new Int32Array(ids.length * reviewers.length).fill(-1);
  for (const [x, id] of ids.entries()) {
    for (const [j, reviewer] of reviewers.entries()) {
      const labels = (votes.get(reviewer)?.get(id) ?? []).filter((label) => questionOf(label) === question);
      if (labels.length === 0) continue;
      const key = category(labels);
      const code = categories.get(key) ?? categories.size;
      categories.set(key, code);
      codes[x * reviewers.length + j] = code;
    }
  }
  return { reviewers, codes, categories: categories.size };
}

/** Questions that two reviewers or more have answered, on whatever examples; sorted as text. */
export function sharedQuestions(votes: VotesByReviewer): readonly string[] {
  const who = new Map<string, Set<string>>();
  for (const [reviewer, own] of votes) {
    for (const label of [...own.values()].flat()) {
      const question = questionOf(label);
      who.set(question, (who.get(question) ?? new Set()).add(reviewer));
    }
  }
  return [...who].flatMap(([question, reviewers]) => (reviewers.size > 1 ? [question] : [])).sort();
}

/** Ids of the examples on which two reviewers answered a question differently, sorted as text. */
export function disagreements(votes: VotesByReviewer): readonly string[] {
  return [...labelsByExample(votes)].flatMap(([id, all]) => (agreedOn(all).disputed.length > 0 ? [id] : [])).sort();
}

/** Example id to the labels of each reviewer who gave it any. */
export function labelsByExample(votes: VotesByReviewer): ReadonlyMap<string, readonly (readonly string[])[]> {
  const byExample = new Map<string, (readonly string[])[]>();
  for (const own of votes.values()) {
    for (const [id, labels] of own) {
      const all = byExample.get(id);
      if (all) all.push(labels);
      else byExample.set(id, [labels]);
    }
  }
  return byExample;
}
