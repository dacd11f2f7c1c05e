import { openAudit, useLibrary } from '#store/library.ts';
import type { AuditSummary } from '#storage/records.ts';

/** Opens a kept audit: the evidence of one that is done or stopped, the training of one that was interrupted. Comes back to the start with the reason where it cannot be opened. */
export async function openKept(audit: Pick<AuditSummary, 'id' | 'status'>): Promise<void> {
  location.hash = audit.status === 'training' ? '#/training' : '#/evidence';
  await openAudit(audit.id);
  if (useLibrary.getState().problem !== null) location.hash = '#/';
}
