import { fail, ok, type Result } from '#lib/result.ts';

/** The types of numbers that are written and read, by their names in the format. */
const TYPES = { F32: Float32Array, I32: Int32Array, U32: Uint32Array, U16: Uint16Array, I8: Int8Array } as const;
type TypeName = keyof typeof TYPES;
export type TensorData = Float32Array | Int32Array | Uint32Array | Uint16Array | Int8Array;

export interface SafeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/**
 * Named arrays of numbers in the safetensors format: 8 bytes with the length of the header (little-endian), the header as
 * JSON, filled up with spaces to a multiple of 8, then the numbers (https://huggingface.co/docs/safetensors).
 */
export interface SafeTensors {
  readonly tensors: readonly SafeTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
/** The format allows no longer header. */
const MOST_HEADER_BYTES = 100_000_000;

/** The numbers lie with the widest type first, so that each array begins at a multiple of the bytes of its numbers. */
export function writeSafetensors({ tensors, metadata }: SafeTensors): Uint8Array<ArrayBuffer> {
  const inOrder = tensors.toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = inOrder.map(({ name, shape, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: typeOf(data), shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  bytes.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { data } of inOrder) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function typeOf(data: TensorData): TypeName {
  return (Object.keys(TYPES) as TypeName[]).find((name) => TYPES[name].name === data[Symbol.toStringTag])!;
}

/** Reads a file of such tensors. Refuses with a sentence what is not such a file, is damaged, or holds other types of numbers. */
export function readSafetensors(bytes: Uint8Array, fileName: string): Result<SafeTensors> {
  const refuse = (why: string): Result<never> => fail('safetensors', `${fileName}: ${why}`, { file: fileName });
  const notOne = 'this is no safetensors file, or it is damaged.';
  if (bytes.length < LENGTH_BYTES) return refuse(notOne);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerBytes > Math.min(MOST_HEADER_BYTES, bytes.length - LENGTH_BYTES)) return refuse(notOne);
  const body = bytes.subarray(LENGTH_BYTES + headerBytes);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes)));
  } catch {
    return refuse(notOne);
  }
  if (typeof header !== 'object' || header === null) return refuse(notOne);
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>;
  if (!isTexts(metadata)) return refuse(notOne);
  const tensors: SafeTensor[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) return refuse(`the tensor ${name} is described in a way that is not understood.`);
    const [begin, end] = entry.data_offsets;
    const size = entry.shape.reduce((product, length) => product * length, 1);
    if (!Object.hasOwn(TYPES, entry.dtype)) {
      const known = Object.keys(TYPES).join(', ');
      return refuse(`the tensor ${name} has numbers of type ${entry.dtype}, expected one of ${known}.`);
    }
    const Type = TYPES[entry.dtype as TypeName];
    if (begin < 0 || end > body.length || end - begin !== Type.BYTES_PER_ELEMENT * size)
      return refuse(`the tensor ${name} is cut off.`);
    tensors.push({ name, shape: entry.shape, data: new Type(body.slice(begin, end).buffer) });
  }
  return ok({ tensors, metadata });
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>;
  const isCounts = (numbers: unknown): boolean => Array.isArray(numbers) && numbers.every(Number.isSafeInteger);
  return typeof dtype === 'string' && isCounts(shape) && isCounts(offsets) && offsets!.length === 2;
}
