import { fail, ok, type Result } from '#lib/result.ts';
import { blobSource } from './formats/byte-source.ts';
import { extensionOf, isLeftover, safePath } from './formats/file-names.ts';
import { readZipDirectory, readZipEntry } from './formats/zip.ts';
import type { NamedFile, SkippedFile } from './source.ts';

/** A file that can be read when its turn comes, at most `limit` bytes. */
export interface HeldFile {
  readonly path: string;
  readonly size: number;
  readonly read: (limit: number) => Promise<Result<Uint8Array>>;
}

/** What a person brought: loose files and the contents of zips, nothing read yet. */
export interface HeldFiles {
  readonly names: readonly string[]; // of what was brought
  readonly tables: readonly HeldFile[];
  readonly images: readonly HeldFile[];
  readonly skipped: readonly SkippedFile[];
  readonly ignored: readonly string[];
}

const IMAGE_EXTENSIONS = new Set(['png', 'jpg', 'jpeg', 'webp', 'bmp']);
const TABLE_EXTENSIONS = new Set(['csv', 'tsv']);

/** Sorts files into tables, pictures and the rest. Zips are opened, zips within zips are not. */
export async function holdFiles(files: readonly NamedFile[]): Promise<Result<HeldFiles>> {
  if (files.length === 0) return fail('no-files', 'No file was chosen.');
  const tables: HeldFile[] = [];
  const images: HeldFile[] = [];
  const skipped: SkippedFile[] = [];
  const ignored: string[] = [];
  const sort = (file: HeldFile): void => {
    const extension = extensionOf(file.path);
    if (TABLE_EXTENSIONS.has(extension)) tables.push(file);
    else if (IMAGE_EXTENSIONS.has(extension)) images.push(file);
    else ignored.push(file.path);
  };
  for (const { path, blob } of files) {
    const source = blobSource(blob);
    const safe = safePath(path);
    if ('refused' in safe) skipped.push({ name: path, reason: safe.refused });
    else if (isLeftover(safe.path)) ignored.push(safe.path);
    else if (extensionOf(safe.path) === 'zip') {
      const zip = await readZipDirectory(source, safe.path);
      if (!zip.ok) return zip;
      skipped.push(...zip.value.refused);
      for (const name of zip.value.ignored) ignored.push(name);
      for (const entry of zip.value.entries.values()) {
        sort({ path: entry.path, size: entry.size, read: (limit) => readZipEntry(source, entry, limit) });
      }
    } else sort({ path: safe.path, size: blob.size, read: (limit) => readBlob(blob, safe.path, limit) });
  }
  return ok({ names: files.map((file) => file.path), tables, images, skipped, ignored });
}

async function readBlob(blob: Blob, path: string, limit: number): Promise<Result<Uint8Array>> {
  if (blob.size > limit)
    return fail('file-large', `${path}: it is larger than ${String(Math.round(limit / 1e6))} MB`, { file: path });
  try {
    return ok(new Uint8Array(await blob.arrayBuffer()));
  } catch {
    return fail('file-unreadable', `${path}: it could not be read (was it moved or changed?)`, { file: path });
  }
}

/** Bytes as text: UTF-16 by its byte-order mark, else UTF-8, in which damaged bytes become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
