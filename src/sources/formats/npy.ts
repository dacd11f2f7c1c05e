import { ok, type Result } from '#lib/result.ts';
import { quoted, refuse } from './refusal.ts';

/** A matrix of class indices. */
export interface NpyMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array | Uint16Array; // [row, column]
}

/** A matrix of numbers. */
export interface NpyFloats {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array; // [row, column]
}

/** What is to be read: the types that it may have, each with its bytes, and how to say which are wanted. */
interface Wanted {
  readonly what: string;
  readonly widthOf: (type: string) => number; // 0: another type
  readonly types: string;
}
const CLASSES: Wanted = {
  what: 'class indices',
  widthOf: (type) => (/^[|<>=]u1$/u.test(type) ? 1 : /^[<>]u2$/u.test(type) ? 2 : 0),
  types: 'uint8 or uint16 (save predictions.astype("uint16"))',
};
const FLOATS: Wanted = {
  what: 'probabilities',
  widthOf: (type) => (/^[<>]f4$/u.test(type) ? 4 : /^[<>]f8$/u.test(type) ? 8 : 0),
  types: 'float32 or float64 (save probabilities.astype("float32"))',
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const LONGEST_HEADER = 65_536;

/**
 * Reads a NumPy `.npy` file: format 1 to 3, two dimensions, C order, uint8 or uint16 of either byte order. The header is
 * matched, never evaluated. Everything else is refused with what was found: other types, Fortran order, another number of
 * dimensions, a header past 64 KiB, a size that is not exactly that of the shape.
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, file: string): Result<NpyMatrix> {
  const opened = openNpy(bytes, file, CLASSES);
  if (!opened.ok) return opened;
  const { rows, columns, width, isBigEndian, body } = opened.value;
  return ok({ rows, columns, data: width === 1 ? body : toUint16(body, isBigEndian) });
}

/** The same for float32 or float64. The numbers are taken as they are. */
export function readNpyFloats(bytes: Uint8Array<ArrayBuffer>, file: string): Result<NpyFloats> {
  const opened = openNpy(bytes, file, FLOATS);
  if (!opened.ok) return opened;
  const { rows, columns, width, isBigEndian, body } = opened.value;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const data = width === 4 ? new Float32Array(rows * columns) : new Float64Array(rows * columns);
  for (let i = 0; i < data.length; i++)
    data[i] = width === 4 ? view.getFloat32(4 * i, !isBigEndian) : view.getFloat64(8 * i, !isBigEndian);
  return ok({ rows, columns, data });
}

function openNpy(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  wanted: Wanted,
): Result<{
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  readonly isBigEndian: boolean;
  readonly body: Uint8Array<ArrayBuffer>;
}> {
  const bad = (sentence: string): Result<never> => refuse('npy', { file, row: 1, column: 'header' }, sentence);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    return bad(`this is no NumPy file, expected a .npy file of ${wanted.what}`);
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
  const width = type === undefined ? 0 : wanted.widthOf(type);
  if (width === 0) return bad(`the type is ${quoted(type ?? 'a record or object')}, expected ${wanted.types}`);
  if (order === 'True') return bad('the order is Fortran, expected C order (save numpy.ascontiguousarray of it)');
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
  return ok({ rows, columns, width, isBigEndian: type!.startsWith('>'), body });
}

function toUint16(body: Uint8Array, isBigEndian: boolean): Uint16Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const data = new Uint16Array(body.length / 2);
  for (let i = 0; i < data.length; i++) data[i] = view.getUint16(2 * i, !isBigEndian);
  return data;
}

/** A matrix as a `.npy` file, format 1: header padded to 64 bytes, C order, little-endian. */
export function writeNpy(matrix: NpyMatrix | NpyFloats): Uint8Array<ArrayBuffer> {
  const { rows, columns, data } = matrix;
  const width = data.BYTES_PER_ELEMENT;
  const dict = `{'descr': '${typeOf(data)}', 'fortran_order': False, 'shape': (${String(rows)}, ${String(columns)}), }`;
  const total = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total + data.length * width);
  bytes.set([...MAGIC, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, total - 10, true);
  bytes.set(new TextEncoder().encode(`${dict.padEnd(total - 11)}\n`), 10);
  if (data instanceof Uint8Array) bytes.set(data, total);
  else for (let i = 0; i < data.length; i++) setNumber(view, total + i * width, data, i);
  return bytes;
}

function typeOf(data: (NpyMatrix | NpyFloats)['data']): string {
  if (data instanceof Uint8Array) return '|u1';
  if (data instanceof Uint16Array) return '<u2';
  return data instanceof Float32Array ? '<f4' : '<f8';
}

function setNumber(view: DataView, at: number, data: Uint16Array | Float32Array | Float64Array, i: number): void {
  if (data instanceof Uint16Array) view.setUint16(at, data[i]!, true);
  else if (data instanceof Float32Array) view.setFloat32(at, data[i]!, true);
  else view.setFloat64(at, data[i]!, true);
}
