import type { LiveCounts } from '#audit/live-counts.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import type { ReviewerAgreement, Ratings } from '#audit/reviewers.ts';
import type { AuditOptions, AuditResult } from '#audit/result.ts';

/** What the analysis worker is asked. Counting votes and resampling never happen on the page's thread. */
export type AnalysisRequest =
  | { readonly kind: 'audit'; readonly id: number; readonly table: PredictionTable; readonly options: AuditOptions }
  | { readonly kind: 'live'; readonly id: number; readonly table: PredictionTable; readonly seed: number }
  | { readonly kind: 'reviewers'; readonly id: number; readonly ratings: Ratings; readonly seed: number };

export type AnalysisReply =
  | { readonly kind: 'audit'; readonly id: number; readonly result: AuditResult }
  | { readonly kind: 'live'; readonly id: number; readonly counts: LiveCounts }
  | { readonly kind: 'reviewers'; readonly id: number; readonly agreement: ReviewerAgreement }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface Analysis {
  audit(table: PredictionTable, options: AuditOptions): Promise<AuditResult>;
  live(table: PredictionTable, seed: number): Promise<LiveCounts>;
  reviewers(ratings: Ratings, seed: number): Promise<ReviewerAgreement>;
}
