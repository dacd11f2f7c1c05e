import type { Dataset } from '#dataset/dataset.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { levelAccounts, memberAccount, simulations } from './level-account.ts';
import type { Preview } from './preview.ts';
import type { AuditRecord, LabelEvent } from './records.ts';
import { packTyped, unpackTyped } from './typed-zip.ts';

/** One audit with everything it needs, as one zip file (see typed-zip.ts). */
export interface Bundle {
  readonly record: AuditRecord;
  /** Built-in data is named, not carried: it is made again and held against its hash. */
  readonly dataset: Dataset | Pick<Dataset, 'name' | 'origin' | 'hash'>;
  /** Beside built-in data that take a while to be made. */
  readonly preview?: Preview;
  readonly members: readonly MemberResult[];
  readonly labels: readonly LabelEvent[];
}

/** Embeddings of more bytes are left out of a bundle: they can be had again by training, and no measure is made from them. */
export const MOST_EMBEDDING_BYTES = 32 * 2 ** 20;

const FORMAT = 'longtail-audit';
const SCHEMA_VERSION = 1;
const MANIFEST = 'manifest.json';

/**
 * The bundle as the bytes of a zip file. Numbers in typed arrays are little-endian. Beside them lies manifest.json, with the
 * same account of what was really done as that of `cli run`, for people and other programs.
 */
export function packBundle(bundle: Bundle): Uint8Array<ArrayBuffer> {
  const members = bundle.members.map(withoutLargeEmbeddings);
  const content = { format: FORMAT, schemaVersion: SCHEMA_VERSION, bundle: { ...bundle, members } };
  return packTyped(content, { [MANIFEST]: `${JSON.stringify(manifestOf(bundle), null, 2)}\n` });
}

function manifestOf({ record: { plan, admission }, dataset: { name, origin, hash }, members }: Bundle) {
  return {
    schemaVersion: SCHEMA_VERSION,
    data: { name, origin, hash },
    seeds: { plan: plan.seed },
    admission,
    simulated: simulations(plan),
    levels: levelAccounts(plan, members),
    members: members.map(memberAccount),
  };
}

function withoutLargeEmbeddings(member: MemberResult): MemberResult {
  const { embeddings, ...rest } = member;
  return embeddings && embeddings.values.byteLength > MOST_EMBEDDING_BYTES ? rest : member;
}

/** Reads what `packBundle` wrote. Refuses with a sentence what is not such a file, is damaged, or comes from a newer version. */
export function unpackBundle(bytes: Uint8Array, fileName: string): Result<Bundle> {
  const refuse = (why: string): Result<never> => fail('bundle', `${fileName}: ${why}`, { file: fileName });
  const unpacked = unpackTyped(bytes, fileName);
  if (!unpacked.ok) return unpacked;
  const parsed = unpacked.value as { format?: unknown; schemaVersion?: unknown; bundle?: Bundle };
  if (parsed.format !== FORMAT) return refuse('this zip holds no Longtail audit.');
  if (parsed.schemaVersion !== SCHEMA_VERSION) {
    return refuse('it was written by a newer version of Longtail; reload the app to get that version.');
  }
  const bundle = parsed.bundle;
  if (
    !bundle ||
    typeof bundle.record?.id !== 'string' ||
    typeof bundle.record.plan !== 'object' ||
    typeof bundle.dataset?.hash !== 'string' ||
    !Array.isArray(bundle.members) ||
    !Array.isArray(bundle.labels)
  ) {
    return refuse('parts of the audit are missing.');
  }
  return ok(bundle);
}
