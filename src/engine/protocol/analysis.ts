import type { LiveCounts } from '#audit/live-counts.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import type { ReviewerAgreement, Ratings } from '#audit/reviewers.ts';
import type { AuditNumbers, AuditOptions, AuditResult, DepthPart } from '#audit/result.ts';

/** What the analysis worker is asked. Counting votes and resampling never happen on the page's thread. */
export interface AnalysisMethods {
  /** Answered by an event with the numbers, and then, where `deep` and until another such audit, by events with the parts of its depth. */
  readonly audit: {
    readonly params: {
      readonly id: number;
      readonly table: PredictionTable;
      readonly options: AuditOptions;
      readonly deep: boolean;
    };
    readonly result: null;
  };
  /** The level to count next; null: in their order. */
  readonly prefer: { readonly params: string | null; readonly result: null };
  /** Nobody waits for the depth of the latest audit. */
  readonly cancel: { readonly params: null; readonly result: null };
  readonly live: {
    readonly params: { readonly table: PredictionTable; readonly seed: number };
    readonly result: LiveCounts;
  };
  readonly reviewers: {
    readonly params: { readonly ratings: Ratings; readonly seed: number };
    readonly result: ReviewerAgreement;
  };
}

/** About the audit of that id. Numbers are sent as an event, since their arrays are handed over and not copied. */
export type AnalysisEvent =
  | { readonly kind: 'numbers'; readonly id: number; readonly numbers: AuditNumbers }
  | { readonly kind: 'part'; readonly id: number; readonly part: DepthPart };

export interface Analysis {
  /**
   * Resolves with the audit before its depth. `onDepth` is called later with each part of that, for `withDepth`, until all are
   * in or one says that the rest will not come. Another such audit, or `cancel`, ends it without a word.
   */
  audit(table: PredictionTable, options: AuditOptions, onDepth: (part: DepthPart) => void): Promise<AuditResult>;
  /** An audit without its depth: leaves that of another alone. */
  auditAlone(table: PredictionTable, options: AuditOptions): Promise<AuditResult>;
  /** Counts the depth of this level first: somebody looks at it. */
  prefer(level: string): void;
  cancel(): void;
  live(table: PredictionTable, seed: number): Promise<LiveCounts>;
  reviewers(ratings: Ratings, seed: number): Promise<ReviewerAgreement>;
}
