import { permutation, type RandomStream } from '#lib/random.ts';

/**
 * Example indices by score, largest first; equal scores stand in random order drawn from `random`. Scores are whole multiples of
 * 1 / `unit`, not negative. Empty for no examples.
 */
export function rankByScore(scores: Float64Array, unit: number, random: RandomStream): Uint32Array {
  const order = permutation(scores.length, random);
  // A counting sort, which keeps the random order of equal scores. [units below the largest + 1] where those places begin.
  const units = new Uint32Array(scores.length);
  let largest = 0;
  for (let x = 0; x < scores.length; x++) largest = Math.max(largest, (units[x] = Math.round(scores[x]! * unit)));
  const starts = new Uint32Array(largest + 2);
  for (const own of units) starts[largest - own + 1]!++;
  for (let place = 0; place <= largest; place++) starts[place + 1]! += starts[place]!;
  const ranking = new Uint32Array(order.length);
  for (const example of order) ranking[starts[largest - units[example]!]!++] = example;
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
