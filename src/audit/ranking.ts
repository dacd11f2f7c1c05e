import { permutation, type RandomStream } from '#lib/random.ts';

/**
 * Example indices by score, largest first; equal scores stand in random order drawn from `random`. Scores must be finite and
 * not negative. Empty for no examples.
 */
export function rankByScore(scores: Float64Array, random: RandomStream): Uint32Array {
  const order = permutation(scores.length, random);
  // Votes are whole numbers, so there are few different scores: a counting sort, which keeps the random order of equal ones.
  const placeOf = new Map<number, number>();
  for (const score of scores) placeOf.set(score, (placeOf.get(score) ?? 0) + 1);
  let next = 0;
  for (const [score, count] of [...placeOf].sort(([a], [b]) => b - a)) {
    placeOf.set(score, next);
    next += count;
  }
  const ranking = new Uint32Array(order.length);
  for (const example of order) {
    const place = placeOf.get(scores[example]!)!;
    ranking[place] = example;
    placeOf.set(scores[example]!, place + 1);
  }
  return ranking;
}

/**
 * How many examples percentile p stands for: round(N (100-p) / 100), halves rounded up. p in [0,100]; "99" of 2,000 examples
 * is the top 20.
 */
export function percentileCount(examples: number, percentile: number): number {
  return Math.round((examples * (100 - percentile)) / 100);
}

/** The top examples of a ranking at a percentile; at most all of them. */
export function topPercentile(ranking: Uint32Array, percentile: number): Uint32Array {
  return ranking.subarray(0, percentileCount(ranking.length, percentile));
}

const kept = new WeakMap<Uint32Array, Uint32Array>();

/** [example] its rank from 1. Kept as long as the ranking is. */
export function ranksOf(ranking: Uint32Array): Uint32Array {
  const known = kept.get(ranking);
  if (known) return known;
  const ranks = new Uint32Array(ranking.length);
  for (let place = 0; place < ranking.length; place++) ranks[ranking[place]!] = place + 1;
  kept.set(ranking, ranks);
  return ranks;
}
