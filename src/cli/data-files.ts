import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ok, type Result } from '#lib/result.ts';
import { refuse } from '#sources/formats/refusal.ts';
import type { NamedFile } from '#sources/source.ts';
import { codeOf } from './files.ts';

/** A file as a Blob that is read from the disk piece by piece, when its turn comes. */
class FileBlob extends Blob {
  readonly #path: string;
  readonly #from: number;
  readonly #length: number;

  constructor(path: string, from: number, length: number) {
    super();
    this.#path = path;
    this.#from = from;
    this.#length = length;
  }

  override get size(): number {
    return this.#length;
  }

  override slice(start = 0, end = this.#length): Blob {
    const from = Math.min(start, this.#length);
    return new FileBlob(this.#path, this.#from + from, Math.max(0, Math.min(end, this.#length) - from));
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    const file = openSync(this.#path, 'r');
    try {
      let at = 0;
      while (at < bytes.length) {
        const length = readSync(file, bytes, at, bytes.length - at, this.#from + at);
        if (length === 0) throw new Error(`${this.#path} became shorter while it was read`);
        at += length;
      }
    } finally {
      closeSync(file);
    }
    return Promise.resolve(bytes.buffer);
  }
}

/** The file at a path, or all files of a folder and the folders in it, named from the folder on as the app names them. */
export function filesAt(path: string): Result<readonly NamedFile[]> {
  try {
    const found = statSync(path);
    const name = basename(resolve(path));
    if (!found.isDirectory()) return ok([{ path: name, blob: new FileBlob(path, 0, found.size) }]);
    return ok([...filesIn(path, name)]);
  } catch (error) {
    return refuse(
      'file-read',
      { file: path },
      `cannot be read (${codeOf(error)}), expected a zip of images, a folder of images with a CSV, or a CSV table`,
    );
  }
}

function* filesIn(folder: string, name: string): Generator<NamedFile> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path, `${name}/${entry.name}`);
    else if (entry.isFile()) yield { path: `${name}/${entry.name}`, blob: new FileBlob(path, 0, statSync(path).size) };
  }
}
