import { oddsRatio } from './intervals.ts';
import { ratioOverExamples } from './over-indexing.ts';
import type { AuditExamples } from './predictions.ts';
import type { Estimate, RepresentationRow } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** The name under which the true label stands among the attributes. No attribute can have it: it is a column of examples.csv. */
export const TRUE_LABEL = 'true_label';

interface Represented {
  readonly name: string;
  readonly values: readonly string[];
  /** [example]; negative: missing. */
  readonly codes: Int16Array | Uint16Array;
}

/** The attributes, and the true label after them. */
export function representedColumns({ attributes, classes, labels }: AuditExamples): readonly Represented[] {
  return [...attributes, { name: TRUE_LABEL, values: classes, codes: labels }];
}

const withoutEnds = ({ value }: Estimate): Estimate => ({ value, low: null, high: null });

/**
 * Over-indexing (Hooker et al. 2020, figure 2): for every value of every attribute and of the true label, its share of the
 * CIEs over its share of all examples. Shares are of all examples and all CIEs, also of those where the attribute is missing;
 * the odds ratio compares the value with the other values, examples where it is missing left out. Null without CIEs, and the
 * ratio also for a value without examples.
 */
export function representation(examples: AuditExamples, isCie: Uint8Array): readonly RepresentationRow[] {
  const cies = isCie.reduce((sum, flag) => sum + flag, 0);
  return representedColumns(examples).flatMap(({ name, values, codes }) => {
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
      const ratio = ratioOverExamples({ cieCount, size, cies, examples: examples.ids.length });
      const share = examples.ids.length === 0 ? 0 : size / examples.ids.length;
      const cieShare = cies === 0 ? null : cieCount / cies;
      return {
        group: groupNamed([name, value]),
        share,
        cieShare,
        cieCount,
        overIndexRatio: ratio.value,
        ratio: { examples: ratio, members: withoutEnds(ratio), both: withoutEnds(ratio) },
        oddsRatio: oddsRatio(cieCount, size - cieCount, knownCies - cieCount, known - size - knownCies + cieCount),
      };
    });
  });
}

/** Counts CIE by group over the repeats of a bootstrap over members. */
export interface RatioTally {
  readonly add: (repeat: number, example: number) => void;
  /** [row][repeat] CIE in the row's group. */
  readonly counts: readonly Uint32Array[];
}

export function ratioTally(examples: AuditExamples, repeats: number): RatioTally {
  const columns = representedColumns(examples).map(({ values, codes }) => ({
    codes,
    counts: values.map(() => new Uint32Array(repeats)),
  }));
  return {
    add: (repeat, example) => {
      for (const { codes, counts } of columns) {
        const code = codes[example]!;
        if (code >= 0) counts[code]![repeat]!++;
      }
    },
    counts: columns.flatMap(({ counts }) => counts),
  };
}
