import type { QuantizedSpec, StructuredSpec, TrainedSpec } from '#compression/spec.ts';
import type { CompressibleModel, CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, isPrunable, outputChannels } from '#compression/tensors.ts';
import { unitLayers } from '#compression/units.ts';

/** What the training of a level did to a tensor, in words for people. whole: the model before filters and neurons were removed. */
export function trainedRule(tensor: CompressibleTensor, spec: TrainedSpec, whole: CompressibleModel): string {
  switch (spec.kind) {
    case 'baseline':
      return 'as trained';
    case 'distilled':
      return 'as trained towards its teacher';
    case 'pruned':
      if (isPrunable(tensor, spec.semantics))
        return spec.scope === 'global'
          ? 'pruned with all tensors: the smallest magnitudes of the whole model are removed'
          : 'pruned by itself: the smallest magnitudes of the tensor are removed';
      return isKernel(tensor) ? 'kept whole: the kernel of the last layer' : 'kept whole: only kernels are pruned';
    case 'structured':
      return structuredRule(tensor, spec, whole);
    case 'qat-int8':
      return 'kept in float: the member diverged';
    default:
      return spec satisfies never;
  }
}

/** Why post-training quantization has left a tensor in float, in words for people. */
export function keptInFloatRule(tensor: CompressibleTensor, spec: QuantizedSpec): string {
  return spec.kind === 'hybrid-int8' && !isKernel(tensor)
    ? 'kept in float: hybrid quantization rounds kernels only'
    : 'kept in float: the member diverged';
}

function structuredRule(tensor: CompressibleTensor, { norm }: StructuredSpec, whole: CompressibleModel): string {
  const layer = unitLayers(whole).find(({ kernel, vectors }) =>
    [kernel, ...vectors].some(({ name }) => name === tensor.name),
  );
  const before = whole.tensors.find(({ name }) => name === tensor.name) ?? tensor;
  if (layer === undefined) return before.size === tensor.size ? 'kept whole' : 'kept for the inputs that are left';
  const what = layer.kernel.kind === 'conv-kernel' ? 'filters' : 'neurons';
  const kept = `${String(outputChannels(tensor))} of ${String(layer.units)} ${what} kept`;
  if (!isKernel(tensor)) return kept;
  const fewer =
    before.size / layer.units > tensor.size / outputChannels(tensor) ? ', for the inputs that are left' : '';
  return `${kept}, those of largest ${norm.toUpperCase()} norm${fewer}`;
}
