import { permutation, type RandomStream } from '#lib/random.ts';

/**
 * Example indices by score, largest first; equal scores stand in random order drawn from `random`. Scores must be finite and
 * not negative. Empty for no examples.
 */
export function rankByScore(scores: Float64Array, random: RandomStream): Uint32Array {
  const order = permutation(scores.length, random);
  // Typed-array sort is stable: what is equal keeps the random order.
  return order.sort((a, b) => scores[b]! - scores[a]!);
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
