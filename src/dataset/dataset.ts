/** What a population learns from and what is audited. Plain data: it crosses threads and is stored as it is. */

/** A categorical column: the target, or an attribute. */
export interface Column {
  readonly name: string;
  /** The distinct values, sorted as text (code-unit order). */
  readonly values: readonly string[];
  /** [example] index into `values`; -1 where the cell is missing. */
  readonly codes: Int16Array;
}

/** A numeric input column of a table; NaN where the cell is missing. */
export interface NumericColumn {
  readonly name: string;
  readonly numbers: Float64Array; // [example]
}

export interface ImageFeatures {
  readonly kind: 'images';
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [example, y, x, channel], 0 ... 255. */
  readonly pixels: Uint8Array;
}

/** The raw inputs of a table. Categorical inputs are those of `Dataset.columns` named in `categorical`. */
export interface TableFeatures {
  readonly kind: 'table';
  readonly numeric: readonly NumericColumn[];
  readonly categorical: readonly string[];
}

export const SPLIT_TRAIN = 0;
export const SPLIT_AUDIT = 1;
/** Held by the data but used for nothing (a validation split, a duplicate across splits). */
export const SPLIT_UNUSED = 2;

export interface Dataset {
  /** Shown to people, e.g. "Drawn faces". */
  readonly name: string;
  /** What one example is called, singular and plural, e.g. ["face", "faces"]. */
  readonly noun: readonly [string, string];
  /** Where it came from, for the record, and how it is made again. */
  readonly origin: DatasetOrigin;
  /** [example], unique. */
  readonly ids: readonly string[];
  readonly features: ImageFeatures | TableFeatures;
  /** Every categorical column that can be a target or an attribute. */
  readonly columns: readonly Column[];
  /** [example] SPLIT_TRAIN, SPLIT_AUDIT or SPLIT_UNUSED. */
  readonly split: Uint8Array;
  /** SHA-256 of the content, hex; what a plan refers to. */
  readonly hash: string;
  /** What a reader must know ("The faces are drawn, not photographed."), shown with the data. */
  readonly remarks: readonly string[];
  /** The question asked unless the person asks another. */
  readonly question: Question;
}

export type DatasetOrigin =
  | { readonly kind: 'faces'; readonly seed: number; readonly count: number }
  | { readonly kind: 'builtin'; readonly id: string }
  | { readonly kind: 'files'; readonly names: readonly string[] };

/** What is asked of a dataset: which column the models predict and which groups are compared. */
export interface Question {
  readonly target: string;
  /** The value of the target that counts as positive. */
  readonly positive: string;
  readonly attributes: readonly string[];
  /** A rate with a smaller denominator than this is not estimable. */
  readonly minCount: number;
}
