import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { fail, ok, type Result } from '#lib/result.ts';

/**
 * Plain data with typed arrays as one zip file: `longtail.json` and one .bin entry for every array, little-endian. Further texts
 * may lie beside them, for people and other programs; they are not read back.
 */

const MANIFEST = 'longtail.json';
const TYPED = { Uint8Array, Uint16Array, Uint32Array, Int16Array, Int32Array, Float32Array, Float64Array } as const;
type TypedName = keyof typeof TYPED;
interface TypedReference {
  readonly $typed: TypedName;
  readonly entry: string;
}
const isReference = (value: unknown): value is TypedReference =>
  typeof value === 'object' && value !== null && '$typed' in value && 'entry' in value;

export function packTyped(content: object, texts: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  const files: Zippable = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, strToU8(text)]));
  let count = 0;
  const json = JSON.stringify(content, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const entry = `arrays/${String(count++)}.bin`;
    files[entry] = [new Uint8Array(value.buffer, value.byteOffset, value.byteLength), { level: 6 }];
    return { $typed: value.constructor.name, entry };
  });
  files[MANIFEST] = [strToU8(json), { level: 6 }];
  return zipSync(files) as Uint8Array<ArrayBuffer>;
}

/** What `packTyped` wrote, its form unchecked. Refuses with a sentence what is not such a file or is damaged. */
export function unpackTyped(bytes: Uint8Array, fileName: string): Result<unknown> {
  const refuse = (why: string): Result<never> => fail('bundle', `${fileName}: ${why}`, { file: fileName });
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch {
    return refuse('this is not a Longtail audit file, or it is damaged.');
  }
  const manifest = files[MANIFEST];
  if (!manifest) return refuse('this zip holds no Longtail audit.');
  let missing: string | null = null;
  let parsed: unknown;
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
    });
  } catch {
    return refuse(`its ${MANIFEST} cannot be read.`);
  }
  return missing === null ? ok(parsed) : refuse(`the part ${String(missing)} is missing or damaged.`);
}
