import type { Dataset } from '#dataset/dataset.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberLimit } from '#engine/protocol/limit.ts';
import type { Race } from '#engine/protocol/race.ts';
import type { MemberKey, MemberResult } from '#engine/protocol/run.ts';
import type { KeyValue } from './key-value.ts';
import { readDataset, writeDataset } from './stored-dataset.ts';
import { labelledExamples, replayLabels } from './label-log.ts';
import type { AuditRecord, AuditSummary, LabelEvent } from './records.ts';

/** What the app keeps. A finished member and a label are written once and never rewritten; a checkpoint is, and is not exported. */
export interface Repository {
  readonly kind: KeyValue['kind'];
  /** Datasets lie under their content hash; one that is there already is not written again. */
  saveDataset(dataset: Dataset): Promise<void>;
  dataset(hash: string): Promise<Dataset | null>;
  saveAudit(record: AuditRecord): Promise<void>;
  audit(id: string): Promise<AuditRecord | null>;
  /** Newest first. A record of a newer schema is left out, never touched. */
  audits(): Promise<readonly AuditSummary[]>;
  deleteAudit(id: string): Promise<void>;
  saveMember(auditId: string, result: MemberResult): Promise<void>;
  members(auditId: string): Promise<readonly MemberResult[]>;
  /** One record a chunk, under its first member; in one transaction, so that there is always the old one or the new one. */
  saveCheckpoint(auditId: string, checkpoint: Checkpoint): Promise<void>;
  checkpoints(auditId: string): Promise<readonly Checkpoint[]>;
  /** Removes the checkpoint that lies under this member, if there is one. */
  deleteCheckpoint(auditId: string, key: MemberKey): Promise<void>;
  /** Replaces an earlier race on the same program and device. */
  saveRace(race: Race): Promise<void>;
  races(): Promise<readonly Race[]>;
  /** Replaces an earlier limit of the same program and device. */
  saveLimit(limit: MemberLimit): Promise<void>;
  limits(): Promise<readonly MemberLimit[]>;
  /** All of them or none. An event that is there already is written again under the same key. */
  appendLabels(events: readonly LabelEvent[]): Promise<void>;
  /** In the order of their sequence numbers. */
  labels(auditId: string): Promise<readonly LabelEvent[]>;
}

const memberKey = (auditId: string, key: MemberKey): string =>
  `${auditId}/${key.level}/${String(key.index).padStart(6, '0')}`;
const labelKey = (event: LabelEvent): string =>
  `${event.auditId}/${String(event.sequence).padStart(9, '0')}/${event.uuid}`;

/** The repository over a database, or over memory. */
export function createRepository(store: KeyValue): Repository {
  const summary = async (record: AuditRecord): Promise<AuditSummary> => ({
    id: record.id,
    name: record.name,
    createdAt: record.createdAt,
    status: record.status,
    members: await store.count('members', `${record.id}/`),
    planned: record.planned,
    labels: labelledExamples(replayLabels((await store.list('labels', `${record.id}/`)) as readonly LabelEvent[])).size,
    plan: record.plan,
  });
  return {
    kind: store.kind,
    saveDataset: (dataset) => writeDataset(store, dataset),
    dataset: (hash) => readDataset(store, hash),
    saveAudit: (record) => store.put('audits', record.id, record),
    audit: async (id) => ((await store.get('audits', id)) as AuditRecord | undefined) ?? null,
    audits: async () => {
      const records = (await store.list('audits', '')) as readonly AuditRecord[];
      const known = records.filter((record) => Number(record.schemaVersion) === 1);
      const summaries = await Promise.all(known.map(summary));
      return summaries.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    deleteAudit: async (id) => {
      const record = (await store.get('audits', id)) as AuditRecord | undefined;
      await store.remove('members', `${id}/`);
      await store.remove('checkpoints', `${id}/`);
      await store.remove('labels', `${id}/`);
      await store.remove('audits', id);
      const others = (await store.list('audits', '')) as readonly AuditRecord[];
      if (record && !others.some((other) => other.datasetHash === record.datasetHash)) {
        await store.remove('datasets', record.datasetHash);
      }
    },
    saveMember: (auditId, result) => store.put('members', memberKey(auditId, result.key), result),
    members: async (auditId) => (await store.list('members', `${auditId}/`)) as readonly MemberResult[],
    saveCheckpoint: (auditId, checkpoint) =>
      store.put('checkpoints', memberKey(auditId, checkpoint.members[0]!), checkpoint),
    checkpoints: async (auditId) => (await store.list('checkpoints', `${auditId}/`)) as readonly Checkpoint[],
    deleteCheckpoint: (auditId, key) => store.remove('checkpoints', memberKey(auditId, key)),
    saveRace: (race) => store.put('races', JSON.stringify([race.program, race.device]), race),
    races: async () => (await store.list('races', '')) as readonly Race[],
    saveLimit: (limit) => store.put('limits', JSON.stringify([limit.program, limit.device]), limit),
    limits: async () => (await store.list('limits', '')) as readonly MemberLimit[],
    appendLabels: (events) =>
      store.putAll(
        'labels',
        events.map((event) => [labelKey(event), event]),
      ),
    labels: async (auditId) => (await store.list('labels', `${auditId}/`)) as readonly LabelEvent[],
  };
}
