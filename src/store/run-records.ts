import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberLimit } from '#engine/protocol/limit.ts';
import type { Race } from '#engine/protocol/race.ts';
import type { Admission, MemberKey, RunRequest } from '#engine/protocol/run.ts';
import type { AuditRecord } from '#storage/records.ts';
import { refreshLibrary } from './library-list.ts';
import { keyText } from './progress.ts';
import { log, type Run } from './run-in-hand.ts';
import { services } from './services.ts';

/** Writes where members in training stand, so that a closed tab loses no more than what came after. */
export function saveCheckpoint(current: Run, checkpoint: Checkpoint): void {
  current.checkpoints.set(keyText(checkpoint.members[0]!), checkpoint);
  current.saving = current.saving.then(async () => {
    try {
      await (await services().repository).saveCheckpoint(current.record.id, checkpoint);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log(`Members in training could not be saved (${why}). If the tab is closed they begin anew.`);
    }
  });
}

export function dropCheckpoint(current: Run, key: MemberKey): void {
  current.checkpoints.delete(keyText(key));
  current.saving = current.saving.then(async () => {
    // What is left lying is of no use any more and does no harm.
    await (await services().repository).deleteCheckpoint(current.record.id, key).catch(() => undefined);
  });
}

/** Remembers a race for the next run, unless a backend failed: the next run may try that one again. */
export async function keepRace(race: Race): Promise<void> {
  const finished = race.racers.filter(({ memberStepsPerSecond }) => memberStepsPerSecond !== null);
  if (race.racers.some(({ backend }) => finished.every((racer) => racer.backend !== backend))) return;
  try {
    await (await services().repository).saveRace(race);
  } catch {
    // It is run again then.
  }
}

/** Remembers how many members a device has memory for. */
export async function keepLimit(limit: MemberLimit): Promise<void> {
  try {
    await (await services().repository).saveLimit(limit);
  } catch {
    // It is found again then.
  }
}

/** What earlier runs learnt about this device; nothing where it cannot be read. */
export async function whatIsKnown(): Promise<Pick<RunRequest, 'races' | 'limits'>> {
  try {
    const repository = await services().repository;
    const [races, limits] = await Promise.all([repository.races(), repository.limits()]);
    return { races, limits };
  } catch {
    return {};
  }
}

export async function keepRecord(
  current: Run,
  change: { status?: AuditRecord['status']; admission?: Admission },
): Promise<void> {
  const repository = await services().repository;
  const record = (await repository.audit(current.record.id)) ?? current.record;
  await repository.saveAudit({ ...record, ...change });
  await refreshLibrary();
}
