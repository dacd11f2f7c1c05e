import type { Rates } from './result.ts';

/**
 * Equalized-odds bias (Kamal & Talbert 2024, equation 1): the sum over all pairs of subgroups of an attribute of the absolute
 * differences of specificity (1 - FPR) and of sensitivity (1 - FNR), from mean rates. Give only subgroups that have examples.
 * null where a rate is not estimable, and with fewer than two subgroups: nothing is compared then.
 */
export function equalizedOddsBias(subgroups: readonly Pick<Rates, 'fpr' | 'fnr'>[]): number | null {
  if (subgroups.length < 2) return null;
  let bias = 0;
  for (const [i, first] of subgroups.entries()) {
    for (const second of subgroups.slice(i + 1)) {
      if (first.fpr === null || first.fnr === null || second.fpr === null || second.fnr === null) return null;
      bias += Math.abs(first.fpr - second.fpr) + Math.abs(first.fnr - second.fnr);
    }
  }
  return bias;
}
