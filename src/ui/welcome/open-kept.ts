import { openAudit, useLibrary } from '#store/library.ts';
import { useTraining } from '#store/training.ts';
import type { AuditSummary } from '#storage/records.ts';

/** Opens a kept audit: the evidence of one that is done or stopped, the training of one that was interrupted. Comes back to the start with the reason where it cannot be opened. */
export async function openKept(audit: Pick<AuditSummary, 'id' | 'status'>): Promise<void> {
  const { auditId, status } = useTraining.getState();
  // The run in hand goes on: opening it anew would stop it.
  if (auditId === audit.id && (status === 'starting' || status === 'running' || status === 'paused')) {
    location.hash = '#/training';
    return;
  }
  location.hash = audit.status === 'training' ? '#/training' : '#/evidence';
  await openAudit(audit.id);
  if (useLibrary.getState().problem !== null) location.hash = '#/';
}
