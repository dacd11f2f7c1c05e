import type { LiveCounts } from '#audit/live-counts.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import type { ReviewerAgreement, Ratings } from '#audit/reviewers.ts';
import type { AuditDepth, AuditOptions, AuditResult } from '#audit/result.ts';

/** What the analysis worker is asked. Counting votes and resampling never happen on the page's thread. */
export type AnalysisRequest =
  | { readonly kind: 'audit'; readonly id: number; readonly table: PredictionTable; readonly options: AuditOptions }
  | { readonly kind: 'live'; readonly id: number; readonly table: PredictionTable; readonly seed: number }
  | { readonly kind: 'reviewers'; readonly id: number; readonly ratings: Ratings; readonly seed: number };

/** An audit is answered twice: with everything that has a closed form, then with what takes resampling. */
export type AnalysisReply =
  | { readonly kind: 'audit'; readonly id: number; readonly result: AuditResult }
  | { readonly kind: 'depth'; readonly id: number; readonly depth: AuditDepth }
  | { readonly kind: 'live'; readonly id: number; readonly counts: LiveCounts }
  | { readonly kind: 'reviewers'; readonly id: number; readonly agreement: ReviewerAgreement }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface Analysis {
  /**
   * Resolves with the audit before its depth; `onDepth` is called with that later, unless another audit is asked for
   * meanwhile or the analysis fails.
   */
  audit(table: PredictionTable, options: AuditOptions, onDepth: (depth: AuditDepth) => void): Promise<AuditResult>;
  live(table: PredictionTable, seed: number): Promise<LiveCounts>;
  reviewers(ratings: Ratings, seed: number): Promise<ReviewerAgreement>;
}
