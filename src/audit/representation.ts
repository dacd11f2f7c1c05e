import type { Features } from './features.ts';
import { oddsRatio } from './intervals.ts';
import { ratioOverExamples } from './over-indexing.ts';
import type { AuditExamples } from './predictions.ts';
import type { Estimate, RepresentationRow } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** The name under which the true label stands among the attributes. No attribute can have it: it is a column of examples.csv. */
export const TRUE_LABEL = 'true_label';

export interface Represented {
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

/** How many of the listed examples (null: of all) have each value, [column][value]. */
export function countValues(columns: readonly Represented[], list: Uint32Array | null): readonly Uint32Array[] {
  return columns.map(({ values, codes }) => {
    const missing = values.length;
    const counts = new Uint32Array(missing + 1);
    const count = list?.length ?? codes.length;
    for (let i = 0; i < count; i++) {
      const code = codes[list === null ? i : list[i]!]!;
      counts[code < 0 ? missing : code]!++;
    }
    return counts.subarray(0, missing);
  });
}

/**
 * Over-indexing (Hooker et al. 2020, figure 2): for every value of every attribute and of the true label, its share of the
 * CIEs over its share of all examples. Shares are of all examples and all CIEs, also of those where the attribute is missing;
 * the odds ratio compares the value with the other values, examples where it is missing left out. Null without CIEs, and the
 * ratio also for a value without examples. `allSizes` and
 * `allCounts` are `countValues` of all examples and of the CIEs.
 */
export function representation(
  examples: AuditExamples,
  cies: number,
  allSizes: readonly Uint32Array[],
  allCounts: readonly Uint32Array[],
): readonly RepresentationRow[] {
  return representedColumns(examples).flatMap(({ name, values }, column) => {
    const sizes = allSizes[column]!;
    const cieCounts = allCounts[column]!;
    const known = sizes.reduce((sum, size) => sum + size, 0);
    const knownCies = cieCounts.reduce((sum, count) => sum + count, 0);
    return values.map((value, code): RepresentationRow => {
      const size = sizes[code]!;
      const cieCount = cieCounts[code]!;
      const ratio = ratioOverExamples({ cieCount, size, cies, examples: examples.labels.length });
      const share = examples.labels.length === 0 ? 0 : size / examples.labels.length;
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
  readonly counts: () => readonly Uint32Array[];
}

/** An example counts for its features and its label; what is usual is what is left of all. */
export function ratioTally({ labels, classes }: AuditExamples, features: Features, repeats: number): RatioTally {
  const { starts, list, featureOf, own, sizes } = features;
  const all = new Uint32Array(repeats);
  const byFeature = new Uint32Array(features.count * repeats);
  const byLabel = classes.map(() => new Uint32Array(repeats));
  return {
    add: (repeat, example) => {
      all[repeat]!++;
      byLabel[labels[example]!]![repeat]!++;
      for (let j = starts[example]!; j < starts[example + 1]!; j++) byFeature[list[j]! * repeats + repeat]!++;
    },
    counts: () => {
      const of = (feature: number) => byFeature.subarray(feature * repeats, (feature + 1) * repeats);
      const rest = (attribute: number) =>
        all.map((count, repeat) => own[attribute]!.reduce((left, feature) => left - of(feature)[repeat]!, count));
      const byValue = sizes.flatMap((counts, attribute) =>
        Array.from(counts, (size, value) => {
          const feature = featureOf[attribute]![value]!;
          if (size === 0) return new Uint32Array(repeats);
          return feature < 0 ? rest(attribute) : of(feature);
        }),
      );
      return [...byValue, ...byLabel];
    },
  };
}
