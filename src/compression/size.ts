import type { CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, outputChannels, slice } from '#compression/tensors.ts';

/** Bytes of one model, computed from its real weights. */
export interface ModelSize {
  /** Every kernel and bias as float32. */
  readonly denseBytes: number;
  /** Each kernel as compressed sparse rows, or dense where that is smaller; vectors dense. */
  readonly sparseBytes: number;
  /** Kernels as int8 with their float32 scales (per output channel for convolutions, one for a dense layer), biases 4 bytes each. */
  readonly int8Bytes: number;
}

const FLOAT_BYTES = 4;
const ROW_POINTER_BYTES = 4;

/**
 * Sizes of a member. parameters: weights as used at prediction, [parameterCount]; gaps between blocks are not counted.
 * Sparse rows of a kernel seen as a matrix [inputs, outputs]: 4 bytes a value that is not zero, its column (2 bytes up to
 * 65,536 outputs, else 4), and 4 bytes for each of inputs + 1 row pointers. `keptInFloat` names kernels that quantization left
 * alone; they count 4 bytes a weight in `int8Bytes`.
 */
export function sizeAccount(
  tensors: readonly CompressibleTensor[],
  parameters: Float32Array,
  keptInFloat: ReadonlySet<string> = new Set(),
): ModelSize {
  let denseBytes = 0;
  let sparseBytes = 0;
  let int8Bytes = 0;
  for (const tensor of tensors) {
    const dense = tensor.size * FLOAT_BYTES;
    denseBytes += dense;
    sparseBytes += !isKernel(tensor) ? dense : Math.min(dense, sparseRowsBytes(tensor, parameters));
    int8Bytes += !isKernel(tensor) || keptInFloat.has(tensor.name) ? dense : int8KernelBytes(tensor);
  }
  return { denseBytes, sparseBytes, int8Bytes };
}

function sparseRowsBytes(kernel: CompressibleTensor, parameters: Float32Array): number {
  const columns = outputChannels(kernel);
  const rows = kernel.size / columns;
  const columnBytes = columns <= 65_536 ? 2 : 4;
  let values = 0;
  for (const value of slice(kernel, parameters)) if (value !== 0) values++;
  return values * (FLOAT_BYTES + columnBytes) + (rows + 1) * ROW_POINTER_BYTES;
}

function int8KernelBytes(kernel: CompressibleTensor): number {
  const scales = kernel.kind === 'conv-kernel' ? outputChannels(kernel) : 1;
  return kernel.size + scales * FLOAT_BYTES;
}
