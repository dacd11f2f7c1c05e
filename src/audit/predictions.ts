import type { Column } from '#dataset/dataset.ts';

/** The examples that are audited, with what is known of them. */
export interface AuditExamples {
  readonly ids: readonly string[]; // [example]
  /** The classes, sorted as text. */
  readonly classes: readonly string[];
  /** [example] index into `classes`. */
  readonly labels: Uint16Array;
  readonly attributes: readonly Column[];
}

/** The class that each member of a population gives to each example. */
export interface Population {
  readonly name: string;
  /** Names of the members, e.g. seeds; [member]. */
  readonly members: readonly string[];
  /** [member, example] index into the classes. */
  readonly predictions: Uint8Array | Uint16Array;
  /**
   * [member, example] probability of the positive class, as codes (lib/log-odds.ts). Absent where they were not asked for, or
   * where a member lacks one.
   */
  readonly probabilities?: Uint16Array;
}

/** The waist of the hourglass: whatever made the predictions, everything after it works the same. */
export interface PredictionTable {
  readonly examples: AuditExamples;
  readonly baseline: Population;
  /** The compressed populations, in the order of their levels. */
  readonly compressed: readonly Population[];
}
