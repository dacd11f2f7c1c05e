import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import type { Dataset } from '#dataset/dataset.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import type { AuditRecord, LabelEvent } from './records.ts';

/** One audit with everything it needs, as one zip file: `longtail.json` and one .bin entry for every typed array. */
export interface Bundle {
  readonly record: AuditRecord;
  /** Built-in data is named, not carried: it is made again and held against its hash. */
  readonly dataset: Dataset | Pick<Dataset, 'name' | 'origin' | 'hash'>;
  readonly members: readonly MemberResult[];
  readonly labels: readonly LabelEvent[];
}

const FORMAT = 'longtail-audit';
const SCHEMA_VERSION = 1;
const TYPED = { Uint8Array, Uint16Array, Uint32Array, Int16Array, Int32Array, Float32Array, Float64Array } as const;
type TypedName = keyof typeof TYPED;
interface TypedReference {
  readonly $typed: TypedName;
  readonly entry: string;
}
const isReference = (value: unknown): value is TypedReference =>
  typeof value === 'object' && value !== null && '$typed' in value && 'entry' in value;

/** The bundle as the bytes of a zip file. Numbers in typed arrays are little-endian. */
export function packBundle(bundle: Bundle): Uint8Array<ArrayBuffer> {
  const files: Zippable = {};
  let count = 0;
  const json = JSON.stringify({ format: FORMAT, schemaVersion: SCHEMA_VERSION, bundle }, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const entry = `arrays/${String(count++)}.bin`;
    files[entry] = [new Uint8Array(value.buffer, value.byteOffset, value.byteLength), { level: 6 }];
    return { $typed: value.constructor.name, entry };
  });
  files['longtail.json'] = [strToU8(json), { level: 6 }];
  return zipSync(files) as Uint8Array<ArrayBuffer>;
}

/** Reads what `packBundle` wrote. Refuses with a sentence what is not such a file, is damaged, or comes from a newer version. */
export function unpackBundle(bytes: Uint8Array, fileName: string): Result<Bundle> {
  const refuse = (why: string): Result<never> => fail('bundle', `${fileName}: ${why}`, { file: fileName });
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch {
    return refuse('this is not a Longtail audit file, or it is damaged.');
  }
  const manifest = files['longtail.json'];
  if (!manifest) return refuse('this zip holds no Longtail audit.');
  let missing: string | null = null;
  let parsed: { format?: unknown; schemaVersion?: unknown; bundle?: Bundle };
  try {
    parsed = JSON.parse(strFromU8(manifest), (key, value: unknown) => {
      if (key === '__proto__') return undefined;
      if (!isReference(value)) return value;
      const entry = files[value.entry];
      const Type = Object.hasOwn(TYPED, value.$typed) ? TYPED[value.$typed] : null;
      if (!entry || !Type || entry.byteLength % Type.BYTES_PER_ELEMENT !== 0) {
        missing = value.entry;
        return null;
      }
      return new Type(entry.slice().buffer);
    }) as typeof parsed;
  } catch {
    return refuse('its longtail.json cannot be read.');
  }
  if (missing !== null) return refuse(`the part ${missing} is missing or damaged.`);
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
