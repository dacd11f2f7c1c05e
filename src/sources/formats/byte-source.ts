/** Bytes that can be read in any order: a Blob in the browser, an open file elsewhere. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from start to end (exclusive), cut to the size. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(Math.max(start, 0), Math.max(end, 0)).arrayBuffer()),
  };
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(Math.max(start, 0), Math.max(end, 0))),
  };
}
