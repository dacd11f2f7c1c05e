import type { PredictionTable } from '#audit/predictions.ts';
import type { AuditNumbers, AuditOptions, AuditResult } from '#audit/result.ts';
import type { GroupRoc } from '#audit/score-desk.ts';

/** What the worker behind ROC curves and thresholds is asked: first `open`, then `at` again and again. */
export interface ScoreMethods {
  readonly open: {
    readonly params: { readonly table: PredictionTable; readonly options: AuditOptions };
    readonly result: readonly GroupRoc[];
  };
  readonly at: { readonly params: number; readonly result: AuditNumbers };
}

/** The scores of a baseline and a level, held by a worker of their own until they are closed. */
export interface OpenScores {
  readonly groups: readonly GroupRoc[];
  /** As ScoreDesk.at. Rejects after `close`. */
  at(code: number): Promise<AuditResult>;
  close(): void;
}

export interface ScoreDesks {
  open(table: PredictionTable, options: AuditOptions): Promise<OpenScores>;
}
