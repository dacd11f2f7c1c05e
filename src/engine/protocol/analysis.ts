import type { LiveCounts } from '#audit/live-counts.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import type { AuditOptions, AuditResult } from '#audit/result.ts';

/** What the analysis worker is asked. Counting votes and resampling never happen on the page's thread. */
export type AnalysisRequest =
  | { readonly kind: 'audit'; readonly id: number; readonly table: PredictionTable; readonly options: AuditOptions }
  | { readonly kind: 'live'; readonly id: number; readonly table: PredictionTable; readonly seed: number };

export type AnalysisReply =
  | { readonly kind: 'audit'; readonly id: number; readonly result: AuditResult }
  | { readonly kind: 'live'; readonly id: number; readonly counts: LiveCounts }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface Analysis {
  audit(table: PredictionTable, options: AuditOptions): Promise<AuditResult>;
  live(table: PredictionTable, seed: number): Promise<LiveCounts>;
}
