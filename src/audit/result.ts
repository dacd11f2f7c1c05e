import type { Agreement } from './agreement.ts';
import type { Uncertain } from './crossed.ts';

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
  /** 95 % intervals over members (Student's t). */
  readonly baselineEstimate: Estimate;
  readonly compressedEstimate: Estimate;
}

export interface RepresentationRow {
  readonly group: Group;
  /** Share of all examples and of Modal CIEs, in [0,1]. */
  readonly share: number;
  readonly cieShare: number | null;
  readonly cieCount: number;
  readonly overIndexRatio: number | null;
  /** Odds ratio of being a CIE inside against outside the group, with its 95 % interval (Woolf, Haldane-Anscombe corrected). */
  readonly oddsRatio: Estimate;
}

export interface PopulationSummary {
  readonly name: string;
  readonly members: number;
  readonly top1: Estimate;
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
    /** The count with a 95 % interval (bootstrap over members of both populations). */
    readonly count: Estimate;
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
  /** Everyone, every value of every attribute, every pair of values of two attributes. */
  readonly subgroups: readonly SubgroupRow[];
  /** Per attribute; Kamal & Talbert (2024), equation 1. */
  readonly equalizedOddsBias: Readonly<
    Record<string, { readonly baseline: number | null; readonly compressed: number | null }>
  >;
  /** Over Modal CIEs: every value of every attribute, and of the true label (as the attribute `true_label`). */
  readonly representation: readonly RepresentationRow[];
}

/** How many CIEs two disjoint random halves of the baseline show against each other, and half against half of each level. */
export interface NullControl {
  readonly halves: number; // members in a half
  readonly baseline: Estimate; // mean count and 2.5 / 97.5 percentiles over repeats
  readonly levels: Readonly<Record<string, Estimate>>;
}

export interface AuditResult {
  readonly options: AuditOptions;
  readonly classes: readonly string[];
  readonly examples: number;
  readonly baseline: PopulationSummary;
  readonly comparisons: readonly Comparison[];
  /** null with fewer than four members in the baseline. */
  readonly nullControl: NullControl | null;
}
