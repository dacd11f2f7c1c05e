import type { CurvePoint } from './accuracy.ts';
import type { Agreement, Association } from './agreement.ts';
import type { Uncertain } from './crossed.ts';
import type { Enough } from './enough.ts';
import type { GroupSize } from './rates.ts';
import type { Slices } from './slice-tests.ts';

/** What an audit finds. Rates are fractions in [0,1], normalized differences are percent, `null` is "not estimable". */

export interface AuditOptions {
  readonly positive: string;
  readonly tieRule: 'largest-class' | 'seeded-random';
  /** Breaks ties in rankings, draws the halves and the bootstrap. */
  readonly seed: number;
  /** Percentiles p of the Taxicab score; the top round(N (100-p)/100) examples. */
  readonly percentiles: readonly number[];
  /** A rate with a smaller denominator is not estimable; 1 for the command line. */
  readonly minCount: number;
}

/** A 95 % interval; `null` ends where it cannot be estimated (fewer than two members). */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Rates<T = number | null> {
  readonly error: T;
  readonly fpr: T;
  readonly fnr: T;
}

/** Attribute name to value; empty for everyone, one entry for a unitary and two for an intersectional subgroup. */
export type Group = Readonly<Record<string, string>>;

export interface SubgroupRow {
  readonly group: Group;
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
  readonly baseline: Rates;
  readonly compressed: Rates;
  /** 100 (compressed - baseline) / baseline of the mean rates. */
  readonly normalizedDifference: Rates;
  /** The mean rates with their intervals. */
  readonly baselineRates: Rates<Uncertain>;
  readonly compressedRates: Rates<Uncertain>;
  /** The difference and the normalized difference with their intervals and tests. */
  readonly change: Rates<Change>;
  readonly agreement: Agreement;
}

/** How a rate of a group changed from the baseline to a level. */
export interface Change {
  /** compressed - baseline, a fraction. */
  readonly difference: Uncertain;
  /** The normalized difference, percent. */
  readonly percent: Uncertain;
  /** p-values in [0,1]; null: not testable. */
  readonly tests: {
    /** Of no change, were members and examples drawn anew. */
    readonly both: number | null;
    /** Welch's t-test over members: were only members drawn anew. */
    readonly members: number | null;
    /** `both`, corrected for all rows, rates and levels of the audit (Holm; Benjamini & Hochberg). */
    readonly holm: number | null;
    readonly benjaminiHochberg: number | null;
  };
}

export interface AccuracyRow {
  readonly n: number;
  readonly baseline: number | null;
  readonly compressed: number | null;
  /** The same with their intervals, on these examples as they were chosen. */
  readonly baselineEstimate: Uncertain;
  readonly compressedEstimate: Uncertain;
}

export interface RepresentationRow {
  readonly group: Group;
  /** Share of all examples and of Modal CIEs, in [0,1]. */
  readonly share: number;
  readonly cieShare: number | null;
  readonly cieCount: number;
  readonly overIndexRatio: number | null;
  /** The same with its intervals; over members only with `depth`. */
  readonly ratio: Uncertain;
  /** Odds ratio of being a CIE inside against outside the group, with its 95 % interval (Woolf, Haldane-Anscombe corrected). */
  readonly oddsRatio: Estimate;
}

export interface PopulationSummary {
  readonly name: string;
  readonly members: number;
  /** Mean accuracy of the members. */
  readonly top1: Uncertain;
  readonly top1PerMember: readonly number[];
  /** [example, class] votes. */
  readonly votes: Uint16Array;
  /** [example] modal label, and 1 where the largest vote is shared by several classes. */
  readonly modal: Uint16Array;
  readonly tied: Uint8Array;
}

export interface Comparison {
  readonly level: string;
  readonly population: PopulationSummary;
  readonly modalCie: {
    readonly indices: Uint32Array; // ascending example indices
    readonly tiedIndices: Uint32Array; // of those, the ones whose status depends on a tie rule
    /** All examples, CIE or not, whose status depends on a tie rule; ascending. */
    readonly tieDependentIndices: Uint32Array;
    readonly isCie: Uint8Array; // [example]
    /** The count with its intervals; over members only with `depth`. */
    readonly count: Uncertain;
  };
  readonly taxicab: {
    readonly scores: Float64Array; // [example] on proportions, [0,2]
    readonly ranking: Uint32Array; // example indices, largest score first, ties in seeded random order
  };
  readonly jaccard: { readonly scores: Float64Array };
  readonly accuracy: {
    readonly all: AccuracyRow;
    readonly modalCie: AccuracyRow;
    readonly nonModalCie: AccuracyRow;
    readonly taxicab: Readonly<Record<string, AccuracyRow>>;
  };
  /** Accuracy on ever smaller tops of the Taxicab ranking. */
  readonly accuracyCurve: readonly CurvePoint[];
  /** Everyone, every value of every attribute, every pair of values of two attributes. */
  readonly subgroups: readonly SubgroupRow[];
  /** Per attribute; Kamal & Talbert (2024), equation 1. */
  readonly equalizedOddsBias: Readonly<Record<string, AttributeBias>>;
  /** Over Modal CIEs: every value of every attribute, and of the true label (as the attribute `true_label`). */
  readonly representation: readonly RepresentationRow[];
  /** Per attribute, in their order. */
  readonly associations: readonly Association[];
  /** null before the level's depth is in. */
  readonly slices: Slices | null;
  readonly enough: Enough | null;
}

/** The subgroup tables of all levels as numbers (subgroup-layout.ts); [level] as the comparisons. */
export interface SubgroupNumbers {
  readonly groups: readonly Group[];
  /** [group]. */
  readonly sizes: readonly GroupSize[];
  /** [level][group, number]; not a number: not estimable. */
  readonly levels: readonly Float64Array[];
}

/** An audit as it crosses threads: thousands of rows a level as a few arrays. `resultOf` makes an AuditResult of it. */
export interface AuditNumbers extends Omit<AuditResult, 'comparisons'> {
  readonly comparisons: readonly Omit<Comparison, 'subgroups'>[];
  readonly subgroups: SubgroupNumbers;
}

/**
 * How many CIEs two disjoint random halves of the baseline show against each other, and half against half of each level: mean
 * counts and 2.5 / 97.5 percentiles over repeats.
 */
export interface NullControl {
  readonly halves: number; // members in a half
  readonly baseline: Estimate;
  readonly levels: Readonly<Record<string, Estimate>>;
  /** How many more a level shows than the baseline in the same repeat. */
  readonly excess: Readonly<Record<string, Estimate>>;
}

/** The bias of an attribute, not estimable where a rate of one of its groups is not. */
export interface AttributeBias {
  readonly baseline: number | null;
  readonly compressed: number | null;
  /** The same and compressed - baseline with their intervals; null without `depth`. */
  readonly uncertain: BiasIntervals | null;
}
export interface BiasIntervals {
  readonly baseline: Uncertain;
  readonly compressed: Uncertain;
  readonly change: Uncertain;
}

/** What takes resampling or a search, part by part. */
export type DepthPart =
  | { readonly kind: 'null-control'; readonly nullControl: NullControl | null }
  | { readonly kind: 'level'; readonly level: string; readonly depth: LevelDepth }
  /** The rest will not come. */
  | { readonly kind: 'failed'; readonly message: string };
export interface LevelDepth {
  readonly count: Uncertain;
  /** [row of representation]. */
  readonly ratios: readonly Uncertain[];
  readonly bias: Readonly<Record<string, BiasIntervals>>;
  readonly slices: Slices;
  readonly enough: Enough;
}

export interface AuditResult {
  readonly options: AuditOptions;
  readonly classes: readonly string[];
  readonly examples: number;
  readonly baseline: PopulationSummary;
  readonly comparisons: readonly Comparison[];
  /** How many changes of rates were tested, over all levels: what their p-values are corrected for. */
  readonly testedChanges: number;
  /** null with fewer than four members in the baseline, and before it is in. */
  readonly nullControl: NullControl | null;
  /** Whether the null control is in; it follows after the rest, and the depth of each level after it. */
  readonly controlled: boolean;
  /** Whether nothing more will come: everything is in, or `failure` says why not. */
  readonly deep: boolean;
  readonly failure: string | null;
}
