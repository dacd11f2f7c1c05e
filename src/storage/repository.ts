import type { Embeddings } from '#audit/embeddings.ts';
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
  /** The hash of the dataset that went with it; null where another audit still has it. */
  deleteAudit(id: string): Promise<string | null>;
  saveMembers(auditId: string, results: readonly MemberResult[]): Promise<void>;
  /** Without probabilities and embeddings, which are large and which few questions need. */
  members(auditId: string): Promise<readonly MemberResult[]>;
  member(auditId: string, key: MemberKey): Promise<MemberResult | null>;
  /** Of the members that have them, in the order of `members`. */
  probabilities(auditId: string): Promise<readonly MemberProbabilities[]>;
  /** Those of the member that has them; null where there is none. */
  embeddings(auditId: string): Promise<Embeddings | null>;
  /** With all that is kept of them. */
  wholeMembers(auditId: string): Promise<readonly MemberResult[]>;
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

export interface MemberProbabilities {
  readonly key: MemberKey;
  /** As `MemberResult.probabilities`. */
  readonly probabilities: Uint16Array;
}
/** Embeddings lie in parts: a write or a read copies on the page's thread, and no copy is to be felt. */
interface EmbeddingsPart {
  readonly key: MemberKey;
  readonly width: number;
  readonly values: Float32Array;
}
const PART_NUMBERS = 2 ** 20;

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
  const members = async (auditId: string): Promise<readonly MemberResult[]> =>
    (await store.list('members', `${auditId}/`)) as readonly MemberResult[];
  const probabilities = async (auditId: string): Promise<readonly MemberProbabilities[]> =>
    (await store.list('probabilities', `${auditId}/`)) as readonly MemberProbabilities[];
  const partKey = (auditId: string, part: number): string => `${auditId}/${String(part).padStart(6, '0')}`;
  /** With the member that they are of. */
  const embeddingsOf = async (auditId: string): Promise<{ key: MemberKey; embeddings: Embeddings } | null> => {
    const parts: EmbeddingsPart[] = [];
    for (;;) {
      const part = (await store.get('embeddings', partKey(auditId, parts.length))) as EmbeddingsPart | undefined;
      if (!part) break;
      parts.push(part);
    }
    const [first] = parts;
    if (!first) return null;
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
    parts.forEach((part, i) => {
      values.set(part.values, i * PART_NUMBERS);
    });
    return { key: first.key, embeddings: { width: first.width, values } };
  };
  const saveEmbeddings = async (auditId: string, key: MemberKey, { width, values }: Embeddings): Promise<void> => {
    for (let part = 0; part * PART_NUMBERS < values.length; part++) {
      const own = values.slice(part * PART_NUMBERS, (part + 1) * PART_NUMBERS);
      await store.put('embeddings', partKey(auditId, part), { key, width, values: own } satisfies EmbeddingsPart);
    }
  };
  /** The members last: one that is there is whole. */
  const saveMembers = async (auditId: string, results: readonly MemberResult[]): Promise<void> => {
    const lean: [string, MemberResult][] = [];
    const likely: [string, MemberProbabilities][] = [];
    for (const { probabilities: codes, embeddings, ...rest } of results) {
      const key = memberKey(auditId, rest.key);
      lean.push([key, rest]);
      if (codes) likely.push([key, { key: rest.key, probabilities: codes }]);
      if (embeddings) await saveEmbeddings(auditId, rest.key, embeddings);
    }
    if (likely.length > 0) await store.putAll('probabilities', likely);
    await store.putAll('members', lean);
  };
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
      for (const part of ['members', 'probabilities', 'embeddings'] as const) await store.remove(part, `${id}/`);
      await store.remove('checkpoints', `${id}/`);
      await store.remove('labels', `${id}/`);
      await store.remove('audits', id);
      const others = (await store.list('audits', '')) as readonly AuditRecord[];
      if (record && !others.some((other) => other.datasetHash === record.datasetHash)) {
        await store.remove('datasets', record.datasetHash);
        return record.datasetHash;
      }
      return null;
    },
    saveMembers,
    members,
    probabilities,
    embeddings: async (auditId) => (await embeddingsOf(auditId))?.embeddings ?? null,
    wholeMembers: async (auditId) => {
      const nameOf = ({ key }: { readonly key: MemberKey }): string => memberKey(auditId, key);
      const likely = new Map((await probabilities(auditId)).map((one) => [nameOf(one), one.probabilities]));
      const embedded = await embeddingsOf(auditId);
      return (await members(auditId)).map((member) => {
        const codes = likely.get(nameOf(member));
        const embeddings = embedded && nameOf(embedded) === nameOf(member) ? embedded.embeddings : null;
        return { ...member, ...(codes && { probabilities: codes }), ...(embeddings && { embeddings }) };
      });
    },
    member: async (auditId, key) =>
      ((await store.get('members', memberKey(auditId, key))) as MemberResult | undefined) ?? null,
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
