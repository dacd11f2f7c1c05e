import type { Plan } from '#engine/model/plan.ts';
import type { Admission } from '#engine/protocol/run.ts';
import type { ReviewQuestion } from '#review/schema.ts';

/** What a reviewer did. */
export type LabelAction =
  /** `only`: it takes the place of the reviewer's other answers to the same question. */
  | { readonly kind: 'add'; readonly label: string; readonly only?: true }
  | { readonly kind: 'remove'; readonly label: string }
  /** Free text about the example, in answer to a question (`NOTE` where none is named); empty text takes it away. */
  | { readonly kind: 'note'; readonly text: string; readonly question?: string }
  /** What reviewers who disagreed settled on, kept apart from their votes; null opens the question again. */
  | { readonly kind: 'settle'; readonly labels: readonly string[] | null }
  /** A blinded review begins: example ids in the order shown, and which of them are CIE of the level; the others are controls. */
  | {
      readonly kind: 'queue';
      readonly level: string;
      readonly seed: number;
      readonly order: readonly string[];
      readonly cie: readonly string[];
    }
  /** A question of the schema as it is from now on. */
  | { readonly kind: 'question'; readonly question: ReviewQuestion };

/** One decision of a reviewer. The log only grows; undo is an event too. */
export interface LabelEvent {
  readonly uuid: string;
  readonly auditId: string;
  /** One more than the largest in the log when it was written: orders events, also of several devices; clocks do not. */
  readonly sequence: number;
  readonly time: string; // ISO 8601
  readonly reviewer: string;
  readonly exampleId: string; // empty for a queue and a question
  readonly action: LabelAction;
  /**
   * The event that this one takes back if it is an undo, or the undo that it takes back if it is a redo. Such an event has no
   * effect but that; its action repeats the one that is taken back.
   */
  readonly undoes: string | null;
  /** Given in this blinded review (the uuid of its queue). */
  readonly queue?: string;
  /** Events that were one action of the reviewer share this: undo takes all of them back. */
  readonly batch?: string;
}
export interface AuditSummary {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly status: 'training' | 'stopped' | 'done';
  readonly members: number; // finished
  readonly planned: number;
  readonly labels: number; // examples that have a label in force
  readonly plan: Plan;
}

/** An audit as it is kept: what was planned and what ran. Its members and labels are records of their own. */
export interface AuditRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAt: string; // ISO 8601
  readonly status: AuditSummary['status'];
  readonly plan: Plan;
  readonly planned: number;
  readonly datasetHash: string;
  readonly admission: Admission | null;
}
