import type { Grid } from '#compression/quantize.ts';
import {
  activationGrid,
  perChannelScales,
  quantizeBias,
  quantizeWeights,
  symmetricScale,
} from '#compression/quantize.ts';
import type { HybridInt8Spec } from '#compression/spec.ts';
import type { CompressibleModel, CompressibleTensor } from '#compression/tensors.ts';
import { isKernel, outputChannels, slice } from '#compression/tensors.ts';

/** TensorFlow Lite's default for dynamic-range quantization (kWeightsMinNumElementsDefault). */
const TFLITE_LEAST_ELEMENTS = 1024;

/** What was done to one kernel. */
export interface KernelReport {
  readonly name: string;
  readonly quantized: boolean;
  /** In words, for people. */
  readonly rule: string;
  /** The scale of the whole tensor; null where each output channel has one, or nothing was quantized. */
  readonly scale: number | null;
}

export interface HybridMember {
  /** Weights as the integers stand for them, [parameterCount]; biases are untouched. */
  readonly parameters: Float32Array;
  readonly kernels: readonly KernelReport[];
  /** Which ops read int8 weights and therefore quantize their input at run time, [op]. */
  readonly activations: { readonly kind: 'dynamic'; readonly ops: readonly boolean[] };
}

export interface FixedMember {
  /** Weights and biases as the integers stand for them, [parameterCount]. */
  readonly parameters: Float32Array;
  readonly kernels: readonly KernelReport[];
  /** Grid of the input and of every op's output, [point]; null after a max pool, whose values are on its input's grid already. */
  readonly points: readonly (Grid | null)[];
}

/**
 * Dynamic-range quantization of a trained member: kernels to int8, symmetric, per output channel for convolutions and per
 * tensor for dense layers; biases stay in float. `tflite-faithful` leaves kernels below 1,024 elements in float.
 * parameters [parameterCount] stay unchanged. Throws on weights that are not finite.
 */
export function hybridInt8(model: CompressibleModel, parameters: Float32Array, spec: HybridInt8Spec): HybridMember {
  const quantized = parameters.slice();
  const kernels: KernelReport[] = [];
  const ops = model.ops.map((op) => {
    if (op.kind !== 'conv' && op.kind !== 'dense') return false;
    const kernel = kernelAt(model, op.offset);
    if (spec.tensors === 'tflite-faithful' && kernel.size < TFLITE_LEAST_ELEMENTS) {
      const rule = `kept in float: ${String(kernel.size)} elements, TensorFlow Lite quantizes from 1,024`;
      kernels.push({ name: kernel.name, quantized: false, rule, scale: null });
      return false;
    }
    kernels.push(quantizeKernel(kernel, quantized).report);
    return true;
  });
  return { parameters: quantized, kernels, activations: { kind: 'dynamic', ops } };
}

/**
 * Fixed-point quantization of a trained member: every kernel to int8 as above, biases to int32 with scale input x weight,
 * activations to int8 by the ranges seen on the calibration examples. ranges: [point, 2] least and largest value; point 0 is
 * the input, i + 1 the output of op i. The softmax is left out: it does not change which logit is largest. An average pool
 * keeps the grid of its input, a global one (TensorFlow Lite's MEAN) has its own. Batch norm must have been folded.
 * Throws on weights or ranges that are not finite.
 */
export function fixedInt8(model: CompressibleModel, parameters: Float32Array, ranges: Float32Array): FixedMember {
  if (ranges.length !== 2 * (model.ops.length + 1))
    throw new RangeError(
      `The ranges must have ${String(2 * (model.ops.length + 1))} numbers, not ${String(ranges.length)}.`,
    );
  const quantized = parameters.slice();
  const kernels: KernelReport[] = [];
  const gridAt = (point: number): Grid => activationGrid(ranges[2 * point]!, ranges[2 * point + 1]!);
  const grids = [gridAt(0)]; // of the values at each point
  const points: (Grid | null)[] = [grids[0]!];
  model.ops.forEach((op, index) => {
    const input = grids[op.from]!;
    const grid = op.kind === 'maxpool' || op.kind === 'avgpool' ? input : gridAt(index + 1);
    grids.push(grid);
    points.push(op.kind === 'maxpool' ? null : grid);
    if (op.kind === 'batchnorm') throw new RangeError(`${op.name} must be folded before quantization.`);
    if (op.kind !== 'conv' && op.kind !== 'dense') return;
    const kernel = kernelAt(model, op.offset);
    const { scales, report } = quantizeKernel(kernel, quantized);
    kernels.push(report);
    if (op.kind === 'conv' && !op.bias) return;
    quantizeBias(slice(tensorAt(model, kernel.offset + kernel.size), quantized), input.scale, scales);
  });
  return { parameters: quantized, kernels, points };
}

function quantizeKernel(
  kernel: CompressibleTensor,
  parameters: Float32Array,
): { readonly scales: Float32Array; readonly report: KernelReport } {
  const values = slice(kernel, parameters);
  const perChannel = kernel.kind === 'conv-kernel';
  const scales = perChannel
    ? perChannelScales(values, outputChannels(kernel))
    : Float32Array.of(symmetricScale(values));
  quantizeWeights(values, scales);
  const rule = perChannel ? 'int8, symmetric, per output channel' : 'int8, symmetric, per tensor';
  return { scales, report: { name: kernel.name, quantized: true, rule, scale: perChannel ? null : scales[0]! } };
}

function kernelAt(model: CompressibleModel, offset: number): CompressibleTensor {
  const tensor = tensorAt(model, offset);
  if (!isKernel(tensor)) throw new RangeError(`${tensor.name} stands where a kernel should start.`);
  return tensor;
}

function tensorAt(model: CompressibleModel, offset: number): CompressibleTensor {
  const tensor = model.tensors.find((candidate) => candidate.offset === offset);
  if (!tensor) throw new RangeError(`No tensor starts at ${String(offset)}.`);
  return tensor;
}
