/** Spans of equal width over the Taxicab scores [0,2]; the last includes 2. */
export const SCORE_BINS = 20;

/** The score at which a bin begins, and at which the last one ends for `SCORE_BINS`. */
export const scoreAt = (bin: number): number => bin / (SCORE_BINS / 2);

const kept = new WeakMap<Float64Array, WeakMap<Uint32Array, Uint32Array>>();

/** [bin] how many of the given examples have a Taxicab score in it. Kept as long as scores and indices are. */
export function scoreHistogram(scores: Float64Array, indices: Uint32Array): Uint32Array {
  const ofScores = kept.get(scores) ?? new WeakMap<Uint32Array, Uint32Array>();
  kept.set(scores, ofScores);
  const known = ofScores.get(indices);
  if (known) return known;
  const counts = new Uint32Array(SCORE_BINS);
  for (const example of indices) {
    // Scores are fractions of whole votes: a hair below a bin's beginning is rounding.
    const bin = Math.floor((scores[example]! * SCORE_BINS) / 2 + 1e-9);
    counts[Math.min(SCORE_BINS - 1, bin)]!++;
  }
  ofScores.set(indices, counts);
  return counts;
}

/** [bin] how many of the `count` examples with the largest scores are in it. */
export function topOfHistogram(counts: Uint32Array, count: number): Uint32Array {
  let left = count;
  const top = new Uint32Array(counts.length);
  for (let bin = counts.length - 1; bin >= 0; bin--) {
    top[bin] = Math.min(left, counts[bin]!);
    left -= top[bin]!;
  }
  return top;
}
