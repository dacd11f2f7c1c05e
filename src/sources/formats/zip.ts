import { Inflate } from 'fflate';
import { fail, ok, type Result } from '#lib/result.ts';
import type { ByteSource } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { isLeftover, safePath } from './file-names.ts';

/**
 * A zip archive by its central directory, read entry by entry so that memory stays flat. Stored and deflated entries, zip64
 * included; encrypted ones and other methods are refused. What an entry declares is not believed: inflating ends at the
 * declared size or the caller's limit, and the checksum must fit.
 */
export interface ZipEntry {
  readonly path: string;
  readonly size: number; // bytes, inflated, as declared
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
  readonly offset: number; // of the local header
}

export interface ZipDirectory {
  /** By safe path. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly ignored: readonly string[];
}

const MOST_ENTRIES = 500_000;
const LARGEST_DIRECTORY = 200_000_000;
const END_LENGTH = 22;
const STORED = 0;
const DEFLATED = 8;
/** Bytes given to the inflater at a time: they can become at most a thousand times as many before the limit is looked at. */
const FEED = 4096;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const notZip = (file: string, why: string): Result<never> =>
  fail('zip-broken', `${file}: this is not a readable zip, ${why}`, { file });

/** Lists what is in an archive. Unsafe, encrypted and repeated names are refused one by one, with the reason. */
export async function readZipDirectory(source: ByteSource, file: string): Promise<Result<ZipDirectory>> {
  const end = await findEnd(source);
  if (!end) return notZip(file, 'its end is missing (is the download complete?)');
  if (end.count > MOST_ENTRIES || end.size > LARGEST_DIRECTORY) {
    return fail('zip-large', `${file}: the zip lists more than ${MOST_ENTRIES.toLocaleString('en')} files`, { file });
  }
  if (end.offset + end.size > source.size) return notZip(file, 'its list of files lies outside of it');
  const directory = await source.read(end.offset, end.offset + end.size);
  const entries = new Map<string, ZipEntry>();
  const refused: { name: string; reason: string }[] = [];
  const ignored: string[] = [];
  const data = view(directory);
  let at = 0;
  for (let i = 0; i < end.count; i++) {
    if (at + 46 > directory.length || data.getUint32(at, true) !== 0x02014b50)
      return notZip(file, 'its list of files is damaged');
    const nameLength = data.getUint16(at + 28, true);
    const extraLength = data.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + data.getUint16(at + 32, true);
    if (next > directory.length) return notZip(file, 'its list of files is damaged');
    const flags = data.getUint16(at + 8, true);
    const name = new TextDecoder(flags & 0x800 ? 'utf-8' : 'windows-1252').decode(
      directory.subarray(at + 46, at + 46 + nameLength),
    );
    const safe = safePath(name);
    const here = at;
    at = next;
    const entry = { ...entryAt(data, here, nameLength, extraLength), path: 'path' in safe ? safe.path : '' };
    if ('refused' in safe) refused.push({ name, reason: safe.refused });
    else if (name.endsWith('/'))
      continue; // a folder
    else if (isLeftover(safe.path)) ignored.push(safe.path);
    else if (flags & 1) refused.push({ name, reason: 'it is encrypted' });
    else if (entry.method !== STORED && entry.method !== DEFLATED)
      refused.push({ name, reason: 'it is packed by a method other than deflate' });
    else if (entries.has(safe.path)) refused.push({ name, reason: 'a file of the same name came before it' });
    else entries.set(safe.path, entry);
  }
  return ok({ entries, refused, ignored });
}

/** The bytes of one entry, at most `limit` of them; a reason where they cannot be had. */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, limit: number): Promise<Result<Uint8Array>> {
  const broken = (why: string): Result<never> => fail('zip-entry', `${entry.path}: ${why}`, { file: entry.path });
  if (entry.size > limit) return broken(`it is larger than ${String(Math.round(limit / 1e6))} MB`);
  if (entry.offset + 30 + entry.compressedSize > source.size) return broken('it lies outside of the zip');
  const header = await source.read(entry.offset, entry.offset + 30);
  if (header.length < 30 || view(header).getUint32(0, true) !== 0x04034b50)
    return broken('its place in the zip is damaged');
  const start = entry.offset + 30 + view(header).getUint16(26, true) + view(header).getUint16(28, true);
  const packed = await source.read(start, start + entry.compressedSize);
  if (packed.length < entry.compressedSize) return broken('the zip ends in the middle of it');
  const bytes = entry.method === STORED ? packed : inflate(packed, entry.size);
  if (bytes?.length !== entry.size) return broken('its size is not what the zip says');
  if (crc32(bytes) !== entry.crc) return broken('its checksum is wrong');
  return ok(bytes);
}

/** Exactly `size` inflated bytes, or null when there are more, fewer, or the stream is damaged. */
function inflate(packed: Uint8Array, size: number): Uint8Array | null {
  // Not allocated up front: the size is only what the archive claims.
  const parts: Uint8Array[] = [];
  let length = 0;
  let over = false;
  const stream = new Inflate((part) => {
    length += part.length;
    over ||= length > size;
    if (!over) parts.push(part);
  });
  try {
    for (let at = 0; at < packed.length && !over; at += FEED)
      stream.push(packed.subarray(at, at + FEED), at + FEED >= packed.length);
  } catch {
    return null;
  }
  if (over || length !== size) return null;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

async function findEnd(source: ByteSource): Promise<End | null> {
  const tailStart = Math.max(source.size - END_LENGTH - 0xffff, 0);
  const tail = await source.read(tailStart, source.size);
  const data = view(tail);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (data.getUint32(at, true) !== 0x06054b50) continue;
    const end = {
      count: data.getUint16(at + 10, true),
      size: data.getUint32(at + 12, true),
      offset: data.getUint32(at + 16, true),
    };
    const isZip64 = end.count === 0xffff || end.size === 0xffffffff || end.offset === 0xffffffff;
    return isZip64 ? ((await findZip64End(source, tailStart + at)) ?? end) : end;
  }
  return null;
}

async function findZip64End(source: ByteSource, endAt: number): Promise<End | null> {
  const locator = await source.read(endAt - 20, endAt);
  if (locator.length < 20 || view(locator).getUint32(0, true) !== 0x07064b50) return null;
  const at = Number(view(locator).getBigUint64(8, true));
  const record = await source.read(at, at + 56);
  if (record.length < 56 || view(record).getUint32(0, true) !== 0x06064b50) return null;
  const number = (offset: number): number => Number(view(record).getBigUint64(offset, true));
  return { count: number(32), size: number(40), offset: number(48) };
}

function entryAt(data: DataView, at: number, nameLength: number, extraLength: number): Omit<ZipEntry, 'path'> {
  let size = data.getUint32(at + 24, true);
  let compressedSize = data.getUint32(at + 20, true);
  let offset = data.getUint32(at + 42, true);
  const extraEnd = at + 46 + nameLength + extraLength;
  for (let extra = at + 46 + nameLength; extra + 4 <= extraEnd; extra += 4 + data.getUint16(extra + 2, true)) {
    if (data.getUint16(extra, true) !== 1) continue; // zip64: the fields that did not fit, in this order
    let field = extra + 4;
    const wide = (): number => {
      field += 8;
      return field <= extraEnd ? Number(data.getBigUint64(field - 8, true)) : Infinity;
    };
    if (size === 0xffffffff) size = wide();
    if (compressedSize === 0xffffffff) compressedSize = wide();
    if (offset === 0xffffffff) offset = wide();
  }
  return { size, compressedSize, offset, method: data.getUint16(at + 10, true), crc: data.getUint32(at + 16, true) };
}
