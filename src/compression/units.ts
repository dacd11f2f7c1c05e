import type { CompressibleModel, CompressibleOp, CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, outputChannels } from '#compression/tensors.ts';

/** The filters of a convolution, or the neurons of a dense layer, that can be taken out of a network. */
export interface UnitLayer {
  /** The operation that computes them, as an index into the model's operations. */
  readonly op: number;
  readonly name: string;
  readonly units: number;
  readonly kernel: CompressibleTensor;
  /** Bias, and scale and shift of the batch norm that follows: without them a masked unit gives exactly 0. */
  readonly vectors: readonly CompressibleTensor[];
}

/**
 * The layers whose filters or neurons can be removed: those whose outputs reach nothing but the kernels of later layers, on
 * the way through batch norm, relu and pools only. The last layer stays whole, as its units are the classes, and so do
 * convolutions that meet another one in a residual addition, whose channels belong to both: of a residual block the inner
 * convolution can go, as in Li et al. (2017).
 */
export function unitLayers(model: CompressibleModel): readonly UnitLayer[] {
  return model.ops.flatMap((op, index): UnitLayer[] => {
    if (op.kind !== 'conv' && op.kind !== 'dense') return [];
    const norms = normsBehind(model.ops, index);
    if (norms === null) return [];
    const kernel = model.tensors.find((tensor) => tensor.offset === op.offset && isKernel(tensor))!;
    const blocks = model.tensors.filter(({ name }) =>
      [op.name, ...norms].includes(name.slice(0, name.lastIndexOf('/'))),
    );
    const vectors = blocks.filter(({ kind }) => kind === 'bias' || kind === 'bn-scale' || kind === 'bn-shift');
    return [{ op: index, name: op.name, units: outputChannels(kernel), kernel, vectors }];
  });
}

/** The names of the batch norms behind an operation's output; null where it reaches anything but kernels, or nothing at all. */
function normsBehind(ops: readonly CompressibleOp[], index: number): readonly string[] | null {
  const readers = ops.flatMap((op, i) =>
    op.from === index + 1 || (op.kind === 'add' && op.other === index + 1) ? [{ op, i }] : [],
  );
  if (readers.length === 0) return null;
  const norms: string[] = [];
  for (const { op, i } of readers) {
    if (op.kind === 'add') return null;
    if (op.kind === 'conv' || op.kind === 'dense') continue;
    const further = normsBehind(ops, i);
    if (further === null) return null;
    if (op.kind === 'batchnorm') norms.push(op.name);
    norms.push(...further);
  }
  return norms;
}
