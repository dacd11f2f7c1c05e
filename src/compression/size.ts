import { gzipSync } from 'fflate';
import type { TensorGrid } from '#compression/post-training.ts';
import type { WeightBits } from '#compression/quantize.ts';
import { perChannelScales, quantizeWeights, symmetricScale } from '#compression/quantize.ts';
import type { CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, outputChannels, slice } from '#compression/tensors.ts';

/** Bytes of a tensor or of a whole model, computed from its real weights. */
export interface Size {
  /** Every number as float32. */
  readonly denseBytes: number;
  /** Those bytes after gzip. */
  readonly gzipBytes: number;
  /** Each kernel as compressed sparse rows, or dense where that is smaller; vectors dense. */
  readonly sparseBytes: number;
  /**
   * Kernels as int8 (or the fewer bits that they have, packed) with their float32 scales: per output channel for convolutions,
   * one for a dense layer; vectors 4 bytes a number. A kernel that quantization left in float counts as such.
   */
  readonly int8Bytes: number;
  /** Those bytes after gzip. */
  readonly int8GzipBytes: number;
}

const FLOAT_BYTES = 4;
const ROW_POINTER_BYTES = 4;

/**
 * Sizes of a member: of all tensors one after the other (`total`, gzip over all of it), and of each by itself. parameters:
 * weights as used at prediction, [parameterCount]; gaps between blocks are not counted. grids: what quantization did, by tensor;
 * kernels of which it says nothing are counted as `hybrid-int8` with `all` would round them. Sparse rows of a kernel seen as a
 * matrix [inputs, outputs]: 4 bytes a value that is not zero, its column (2 bytes up to 65,536 outputs, else 4), and 4 bytes for
 * each of inputs + 1 row pointers.
 */
export function sizeAccount(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  grids: readonly TensorGrid[] = [],
): { readonly total: Size; readonly tensors: readonly Size[] } {
  const gridOf = new Map(grids.map((grid) => [grid.name, grid]));
  const forms = tensors.map((tensor) => {
    const values = slice(tensor, parameters);
    const dense = bytesOf(values);
    const sparseBytes = isKernel(tensor) ? Math.min(dense.length, sparseRowsBytes(tensor, values)) : dense.length;
    return { dense, sparseBytes, int8: int8Form(tensor, values, gridOf.get(tensor.name)) };
  });
  return {
    total: {
      ...packed(joined(forms.map(({ dense }) => dense)), joined(forms.map(({ int8 }) => int8))),
      sparseBytes: forms.reduce((sum, form) => sum + form.sparseBytes, 0),
    },
    tensors: forms.map(({ dense, sparseBytes, int8 }) => ({ ...packed(dense, int8), sparseBytes })),
  };
}

function packed(dense: Uint8Array, int8: Uint8Array): Omit<Size, 'sparseBytes'> {
  return {
    denseBytes: dense.length,
    gzipBytes: gzipLength(dense),
    int8Bytes: int8.length,
    int8GzipBytes: gzipLength(int8),
  };
}

/** mtime: the header's time, which takes the same bytes whatever it says. */
const gzipLength = (bytes: Uint8Array): number => gzipSync(bytes, { level: 6, mtime: 1 }).length;

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function sparseRowsBytes(kernel: CompressibleTensor, weights: Float32Array): number {
  const columns = outputChannels(kernel);
  const rows = kernel.size / columns;
  const columnBytes = columns <= 65_536 ? 2 : 4;
  let values = 0;
  for (const value of weights) if (value !== 0) values++;
  return values * (FLOAT_BYTES + columnBytes) + (rows + 1) * ROW_POINTER_BYTES;
}

/** The bytes of a tensor in a quantized model. Weights that are not finite have no integers: zeros stand for them. */
function int8Form(tensor: CompressibleTensor, values: Float32Array, grid: TensorGrid | undefined): Uint8Array {
  if (!isKernel(tensor) || grid?.quantization === null) return bytesOf(values);
  const channels = tensor.kind === 'conv-kernel' ? outputChannels(tensor) : 1;
  const finite = values.every(Number.isFinite) ? values.slice() : new Float32Array(values.length);
  const bits = (grid?.quantization.bits ?? 8) as WeightBits;
  const scales = grid ? Float32Array.from(grid.quantization.scales) : ownScales(finite, channels);
  if (!grid) quantizeWeights(finite, scales);
  const integers = new Uint8Array(Math.ceil((tensor.size * bits) / 8));
  finite.forEach((value, i) => {
    const place = i * bits;
    const q = Math.round(value / scales[i % scales.length]!) & (2 ** bits - 1);
    integers[place >> 3]! |= q << (place & 7);
  });
  return joined([integers, bytesOf(scales)]);
}

const ownScales = (values: Float32Array, channels: number): Float32Array =>
  channels === 1 ? Float32Array.of(symmetricScale(values)) : perChannelScales(values, channels);
