import type { Plan } from '#engine/model/plan.ts';
import type { Admission } from '#engine/protocol/run.ts';

/** One decision of a reviewer. The log only grows; undo is an event too. */
export interface LabelEvent {
  readonly uuid: string;
  readonly auditId: string;
  /** Orders events of one device; clocks do not. */
  readonly sequence: number;
  readonly time: string; // ISO 8601
  readonly reviewer: string;
  readonly exampleId: string;
  readonly action: { readonly kind: 'add' | 'remove'; readonly label: string };
  /** The event that this one takes back or does again, if it is an undo or a redo. */
  readonly undoes: string | null;
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
