import type { Column } from '#dataset/dataset.ts';
import { oddsRatio } from './intervals.ts';
import type { AuditExamples } from './predictions.ts';
import type { RepresentationRow } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** The name under which the true label stands among the attributes. No attribute can have it: it is a column of examples.csv. */
export const TRUE_LABEL = 'true_label';

/**
 * Over-indexing (Hooker et al. 2020, figure 2): for every value of every attribute and of the true label, its share of the
 * CIEs over its share of all examples. Shares are of all examples and all CIEs, also of those where the attribute is missing;
 * the odds ratio compares the value with the other values, examples where it is missing left out. Null without CIEs, and the
 * ratio also for a value without examples.
 */
export function representation(examples: AuditExamples, isCie: Uint8Array): readonly RepresentationRow[] {
  const trueLabel: Pick<Column, 'name' | 'values'> & { readonly codes: Int16Array | Uint16Array } = {
    name: TRUE_LABEL,
    values: examples.classes,
    codes: examples.labels,
  };
  const cies = isCie.reduce((sum, flag) => sum + flag, 0);
  return [...examples.attributes, trueLabel].flatMap(({ name, values, codes }) => {
    const sizes = new Uint32Array(values.length);
    const cieCounts = new Uint32Array(values.length);
    for (let x = 0; x < codes.length; x++) {
      const code = codes[x]!;
      if (code < 0) continue;
      sizes[code]!++;
      if (isCie[x] === 1) cieCounts[code]!++;
    }
    const known = sizes.reduce((sum, size) => sum + size, 0);
    const knownCies = cieCounts.reduce((sum, count) => sum + count, 0);
    return values.map((value, code): RepresentationRow => {
      const size = sizes[code]!;
      const cieCount = cieCounts[code]!;
      const share = examples.ids.length === 0 ? 0 : size / examples.ids.length;
      const cieShare = cies === 0 ? null : cieCount / cies;
      return {
        group: groupNamed([name, value]),
        share,
        cieShare,
        cieCount,
        overIndexRatio: cieShare === null || share === 0 ? null : cieShare / share,
        oddsRatio: oddsRatio(cieCount, size - cieCount, knownCies - cieCount, known - size - knownCies + cieCount),
      };
    });
  });
}
