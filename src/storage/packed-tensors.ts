import type { TensorSlot } from '#engine/model/program.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { SafeTensor, TensorData } from './safetensors.ts';

/** What quantization made of a tensor; null: floating point. */
type Quantization = NonNullable<MemberResult['tensors']>[number]['quantization'];

/** Compressed sparse rows of a kernel seen as a matrix [inputs, outputs]: three arrays under the tensor's name and these. */
const VALUES = '.values';
const COLUMNS = '.columns';
const ROWS = '.rows';

/**
 * A tensor as small as a file can hold it without loss: a quantized one as its integers (int8, also of fewer bits; biases
 * int32), a kernel with many zeros as compressed sparse rows, anything else as float32. values: [slot.size].
 */
export function packTensor(slot: TensorSlot, values: Float32Array, quantization: Quantization): readonly SafeTensor[] {
  const { name, shape } = slot;
  if (quantization !== null) return [{ name, shape, data: integersOf(values, quantization) }];
  const sparse = slot.kind === 'conv-kernel' || slot.kind === 'dense-kernel' ? sparseRows(slot, values) : [];
  const bytes = sparse.reduce((sum, { data }) => sum + data.byteLength, 0);
  return sparse.length > 0 && bytes < values.byteLength ? sparse : [{ name, shape, data: values }];
}

/** Real numbers on a grid are the integers times the scale, rounded to float32: dividing and rounding gives the integers back. */
function integersOf(values: Float32Array, { bits, scales }: NonNullable<Quantization>): Int8Array | Int32Array {
  const data = bits > 8 ? new Int32Array(values.length) : new Int8Array(values.length);
  values.forEach((value, i) => (data[i] = Math.round(value / scales[i % scales.length]!)));
  return data;
}

function sparseRows({ name, shape }: TensorSlot, values: Float32Array): readonly SafeTensor[] {
  const outputs = shape.at(-1)!;
  const kept: number[] = [];
  const columns: number[] = [];
  const rows = new Uint32Array(values.length / outputs + 1);
  values.forEach((value, i) => {
    if (value === 0) return;
    kept.push(value);
    columns.push(i % outputs);
    rows[Math.floor(i / outputs) + 1]!++;
  });
  for (let row = 1; row < rows.length; row++) rows[row]! += rows[row - 1]!;
  const Columns = outputs <= 65_536 ? Uint16Array : Uint32Array;
  return [
    { name: name + VALUES, shape: [kept.length], data: Float32Array.from(kept) },
    { name: name + COLUMNS, shape: [kept.length], data: Columns.from(columns) },
    { name: name + ROWS, shape: [rows.length], data: rows },
  ];
}

/** The numbers of a tensor, [slot.size], from a file in either form; null where the file does not hold them. */
export function unpackTensor(
  slot: TensorSlot,
  quantization: Quantization,
  dataOf: ReadonlyMap<string, TensorData>,
): Float32Array | null {
  const data = dataOf.get(slot.name);
  if (data === undefined) return fromSparseRows(slot, dataOf);
  if (data.length !== slot.size) return null;
  if (data instanceof Float32Array) return data;
  if (quantization === null) return null;
  const { scales } = quantization;
  return Float32Array.from(data, (q, i) => q * scales[i % scales.length]!);
}

function fromSparseRows(
  { name, size, shape }: TensorSlot,
  dataOf: ReadonlyMap<string, TensorData>,
): Float32Array | null {
  const [kept, columns, rows] = [VALUES, COLUMNS, ROWS].map((part) => dataOf.get(name + part));
  const outputs = shape.at(-1)!;
  if (kept === undefined || columns?.length !== kept.length || rows?.length !== size / outputs + 1) return null;
  const values = new Float32Array(size);
  for (let row = 0; row + 1 < rows.length; row++) {
    const end = rows[row + 1]!;
    if (end > kept.length) return null;
    for (let at = rows[row]!; at < end; at++) {
      if (columns[at]! >= outputs) return null;
      values[row * outputs + columns[at]!] = kept[at]!;
    }
  }
  return values;
}
