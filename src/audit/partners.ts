import type { AuditExamples } from './predictions.ts';
import type { Comparison } from './result.ts';

/**
 * For each shown example that is a Modal CIE an example of the same true class whose label did not change (Figure 3 of Hooker
 * et al. 2020), -1 for the others and where its class has none. The first of a class gets the one with the least Taxicab
 * score, the second the next, in the seeded order of the ranking; they start over where there are fewer. Returns [place in `shown`].
 */
export function partnersOf(shown: Uint32Array, { classes, labels }: AuditExamples, comparison: Comparison): Int32Array {
  const { ranking } = comparison.taxicab;
  const { isCie } = comparison.modalCie;
  const asked = new Uint32Array(classes.length);
  for (const example of shown) if (isCie[example] === 1) asked[labels[example]!]!++;
  const found = classes.map((): number[] => []);
  let missing = asked.reduce((sum, count) => sum + count, 0);
  for (let i = ranking.length - 1; i >= 0 && missing > 0; i--) {
    const example = ranking[i]!;
    const label = labels[example]!;
    if (isCie[example] === 1 || found[label]!.length >= asked[label]!) continue;
    found[label]!.push(example);
    missing--;
  }
  const given = new Uint32Array(classes.length);
  return Int32Array.from(shown, (example) => {
    const candidates = found[labels[example]!]!;
    if (isCie[example] !== 1 || candidates.length === 0) return -1;
    return candidates[given[labels[example]!]!++ % candidates.length]!;
  });
}
