import type { WrongPredictions } from './rates.ts';

/** How many members are wrong on each example, [example]. */
export interface ErrorProfile {
  /** Wrong in any way. */
  readonly wrong: Uint16Array;
  /** False positives on a negative example, false negatives on a positive one. */
  readonly binary: Uint16Array;
}

export function errorProfile({ examples, kinds }: WrongPredictions, count: number): ErrorProfile {
  const profile = { wrong: new Uint16Array(count), binary: new Uint16Array(count) };
  for (let i = 0; i < examples.length; i++) {
    profile.wrong[examples[i]!]!++;
    if (kinds[i] !== 0) profile.binary[examples[i]!]!++;
  }
  return profile;
}

/**
 * How many pairs of members are both wrong on each example, as a profile. `partners`: for each baseline member the place of
 * its counterpart (the same seed) in the compressed population.
 */
export function jointProfile(
  baseline: WrongPredictions,
  compressed: WrongPredictions,
  partners: readonly number[],
  count: number,
): ErrorProfile {
  const profile = { wrong: new Uint16Array(count), binary: new Uint16Array(count) };
  for (const [k, partner] of partners.entries()) {
    let j = compressed.starts[partner]!;
    const end = compressed.starts[partner + 1]!;
    for (let i = baseline.starts[k]!; i < baseline.starts[k + 1]!; i++) {
      const x = baseline.examples[i]!;
      while (j < end && compressed.examples[j]! < x) j++;
      if (j === end || compressed.examples[j] !== x) continue;
      profile.wrong[x]!++;
      if (baseline.kinds[i] !== 0 && compressed.kinds[j] !== 0) profile.binary[x]!++;
    }
  }
  return profile;
}
