import type { Op, TensorSlot } from '#engine/model/program.ts';

/** Executors read parameters four at a time: the block of each operation starts at a multiple of this. */
const BLOCK_ALIGNMENT = 4;

const BATCH_NORM_VECTORS = ['scale', 'shift', 'mean', 'variance'] as const;

/** Parameters of an operation: what its block holds. */
export function blockSize(op: Op): number {
  if (op.kind === 'batchnorm') return BATCH_NORM_VECTORS.length * op.out[2];
  if (op.kind !== 'conv' && op.kind !== 'dense') return 0;
  return op.kernelSize + (op.kind === 'dense' || op.bias ? op.out[2] : 0);
}

/** Where the block behind that of an operation at `offset` begins. */
export function nextBlock(op: Op, offset: number): number {
  return Math.ceil((offset + blockSize(op)) / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
}

/** The slices of the flat parameter vector, in its order. The last operation's kernel is not prunable (see TensorSlot). */
export function tensorSlots(ops: readonly Op[]): TensorSlot[] {
  const last = ops.at(-1);
  return ops.flatMap((op): TensorSlot[] => {
    const channels = op.out[2];
    switch (op.kind) {
      case 'conv':
      case 'dense': {
        const fanIn = op.kernelSize / channels;
        const kernel: TensorSlot = {
          name: `${op.name}/kernel`,
          kind: op.kind === 'conv' ? 'conv-kernel' : 'dense-kernel',
          offset: op.offset,
          size: op.kernelSize,
          shape: op.kind === 'conv' ? [op.kernel, op.kernel, op.in[2], channels] : [fanIn, channels],
          fanIn,
          prunable: op !== last,
        };
        if (op.kind === 'conv' && !op.bias) return [kernel];
        return [kernel, vector(`${op.name}/bias`, 'bias', op.offset + op.kernelSize, channels, fanIn)];
      }
      case 'batchnorm':
        return BATCH_NORM_VECTORS.map((what, i) =>
          vector(`${op.name}/${what}`, `bn-${what}`, op.offset + i * channels, channels, 1),
        );
      case 'maxpool':
      case 'avgpool':
      case 'global-avgpool':
      case 'add':
        return [];
      default:
        return op satisfies never;
    }
  });
}

function vector(name: string, kind: TensorSlot['kind'], offset: number, size: number, fanIn: number): TensorSlot {
  return { name, kind, offset, size, shape: [size], fanIn, prunable: false };
}
