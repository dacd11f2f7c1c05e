import { fail, ok, type Result } from '#lib/result.ts';

/** An array of bytes in the idx format of the MNIST files. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array; // a view, not a copy
}

/** Reads an idx file of unsigned bytes (type 0x08), already unpacked. Refused unless its length is exactly what its header says. */
export function parseIdx(bytes: Uint8Array, file: string): Result<IdxArray> {
  const refuse = (why: string): Result<never> => fail('idx', `${file}: ${why}`, { file });
  const dimensions = bytes[3] ?? 0;
  const start = 4 + 4 * dimensions;
  if (bytes[0] !== 0 || bytes[1] !== 0 || dimensions === 0 || bytes.length < start)
    return refuse('this is not an idx file');
  if (bytes[2] !== 0x08) return refuse('only idx files of unsigned bytes are read');
  const header = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: dimensions }, (_, i) => header.getUint32(4 + 4 * i));
  const expected = shape.reduce((product, side) => product * side, 1);
  if (bytes.length - start !== expected) {
    return refuse(`expected ${String(expected)} values after the header, found ${String(bytes.length - start)}`);
  }
  return ok({ shape, data: bytes.subarray(start) });
}
