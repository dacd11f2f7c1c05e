import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ok, ProblemError, type Result } from '#lib/result.ts';
import { problemAt, refuse } from '#sources/formats/refusal.ts';
import { decodeText } from '#sources/formats/text.ts';

const CHUNK_BYTES = 1 << 20;

/** The text of a file in chunks, however large. Throws a ProblemError where it cannot be read. */
export function* textOf(path: string): Generator<string> {
  yield* decodeText(bytesOf(path));
}

function* bytesOf(path: string): Generator<Uint8Array> {
  let file = -1;
  try {
    file = openSync(path, 'r');
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const length = readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } catch (error) {
    throw new ProblemError(
      problemAt('file-read', { file: path }, `cannot be read (${codeOf(error)}), expected a file`),
    );
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/** All bytes of a file. */
export function readBytes(path: string): Result<Uint8Array<ArrayBuffer>> {
  try {
    return ok(new Uint8Array(readFileSync(path)));
  } catch (error) {
    return refuse('file-read', { file: path }, `cannot be read (${codeOf(error)}), expected a file`);
  }
}

/** Writes a file of these pieces whole or not at all: beside its place first, then moved there. */
export function writeWhole(path: string, pieces: Iterable<string | Uint8Array>): Result<null> {
  const temporary = `${path}.${String(process.pid)}${UNFINISHED}`;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (const piece of pieces) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    return ok(null);
  } catch (error) {
    rmSync(temporary, { force: true });
    return refuse('file-write', { file: path }, `cannot be written (${codeOf(error)}), expected a place for a file`);
  }
}

/** How the names of files end that are being written. */
export const UNFINISHED = '.part';

/** What the system calls the error: ENOENT. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  return 'code' in error ? String(error.code) : error.message;
}
