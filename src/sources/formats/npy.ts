import { ok, type Result } from '#lib/result.ts';
import { quoted, refuse } from './refusal.ts';

/** A matrix of class indices. */
export interface NpyMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array | Uint16Array; // [row, column]
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const LONGEST_HEADER = 65_536;

/**
 * Reads a NumPy `.npy` file: format 1 to 3, two dimensions, C order, uint8 or uint16 of either byte order. The header is
 * matched, never evaluated. Everything else is refused with what was found: other types, Fortran order, another number of
 * dimensions, a header past 64 KiB, a size that is not exactly that of the shape.
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, file: string): Result<NpyMatrix> {
  const bad = (sentence: string): Result<never> => refuse('npy', { file, row: 1, column: 'header' }, sentence);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    return bad('this is no NumPy file, expected a .npy file of class indices');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) return bad(`the format version is ${String(version)}, expected 1, 2 or 3`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER || start + length > bytes.length) {
    return bad(
      `the header claims ${String(length)} bytes, expected at most ${String(LONGEST_HEADER)} and no more than the file has`,
    );
  }
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const type = /'descr'\s*:\s*'([^']{1,20})'/u.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/u.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]{0,60})\)/u.exec(header)?.[1];
  if (order === undefined || shape === undefined) {
    return bad(`the header ${quoted(header.trim())} cannot be read, expected 'descr', 'fortran_order' and 'shape'`);
  }
  const width = type === undefined ? 0 : /^[|<>=]u1$/u.test(type) ? 1 : /^[<>]u2$/u.test(type) ? 2 : 0;
  if (width === 0)
    return bad(
      `the type is ${quoted(type ?? 'a record or object')}, expected uint8 or uint16 (save predictions.astype("uint16"))`,
    );
  if (order === 'True')
    return bad('the order is Fortran, expected C order (save numpy.ascontiguousarray(predictions))');
  const sizes = shape
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [rows, columns] = sizes.map(Number);
  if (sizes.length !== 2 || rows === undefined || columns === undefined) {
    return bad(`the shape is (${sizes.join(', ')}), expected two dimensions: [member, example]`);
  }
  const body = bytes.subarray(start + length);
  const expected = rows * columns * width;
  if (body.length !== expected) {
    return bad(
      `${String(body.length)} bytes follow the header, expected ${String(expected)} for the shape (${sizes.join(', ')})`,
    );
  }
  return ok({ rows, columns, data: width === 1 ? body : toUint16(body, type!.startsWith('>')) });
}

function toUint16(body: Uint8Array, isBigEndian: boolean): Uint16Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const data = new Uint16Array(body.length / 2);
  for (let i = 0; i < data.length; i++) data[i] = view.getUint16(2 * i, !isBigEndian);
  return data;
}

/** A matrix of class indices as a `.npy` file, format 1: header padded to 64 bytes, C order, little-endian. */
export function writeNpy(matrix: NpyMatrix): Uint8Array<ArrayBuffer> {
  const { rows, columns, data } = matrix;
  const width = data.BYTES_PER_ELEMENT;
  const type = width === 1 ? '|u1' : '<u2';
  const dict = `{'descr': '${type}', 'fortran_order': False, 'shape': (${String(rows)}, ${String(columns)}), }`;
  const total = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total + data.length * width);
  bytes.set([...MAGIC, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, total - 10, true);
  bytes.set(new TextEncoder().encode(`${dict.padEnd(total - 11)}\n`), 10);
  for (let i = 0; i < data.length; i++) {
    if (width === 1) bytes[total + i] = data[i]!;
    else view.setUint16(total + 2 * i, data[i]!, true);
  }
  return bytes;
}
