/**
 * Distances between the votes of two populations for each example, on proportions, so that populations of unequal size can
 * be compared. They are computed from whole numbers (votes times the size of the other population): equal distances are
 * equal to the last bit, which ranking with seeded ties depends on.
 */

/**
 * Taxicab score d_T(x) = sum_i |b[x,i]/K_b - v[x,i]/K_v| (Hooker et al. 2020). Both votes are [example, class]; returns
 * [example] in [0,2]: 0 where the votes agree, 2 where no class has votes of both.
 */
export function taxicabScores(
  baseline: Uint16Array,
  compressed: Uint16Array,
  classes: number,
  baselineMembers: number,
  compressedMembers: number,
): Float64Array {
  const scale = baselineMembers * compressedMembers;
  const scores = new Float64Array(baseline.length / classes);
  for (let x = 0, at = 0; x < scores.length; x++) {
    let sum = 0;
    for (let c = 0; c < classes; c++, at++) {
      sum += Math.abs(baseline[at]! * compressedMembers - compressed[at]! * baselineMembers);
    }
    scores[x] = sum / scale;
  }
  return scores;
}

/**
 * Jaccard score 1 - sum_i min(b,v) / sum_i max(b,v) on the same proportions. Returns [example] in [0,1]. With d_T as above it
 * is 2 d_T / (2 + d_T), hence it ranks exactly as Taxicab (Hooker et al. 2020, appendix A.1).
 */
export function jaccardScores(
  baseline: Uint16Array,
  compressed: Uint16Array,
  classes: number,
  baselineMembers: number,
  compressedMembers: number,
): Float64Array {
  const scores = new Float64Array(baseline.length / classes);
  for (let x = 0, at = 0; x < scores.length; x++) {
    let smaller = 0;
    let larger = 0;
    for (let c = 0; c < classes; c++, at++) {
      const b = baseline[at]! * compressedMembers;
      const v = compressed[at]! * baselineMembers;
      smaller += Math.min(b, v);
      larger += Math.max(b, v);
    }
    scores[x] = (larger - smaller) / larger;
  }
  return scores;
}

/** Whether scores never rise along a ranking, [place] example: then they rank as it does, ties apart. */
export function ranksAlike(ranking: Uint32Array, scores: Float64Array): boolean {
  return ranking.every((x, place) => place === 0 || scores[x]! <= scores[ranking[place - 1]!]!);
}
