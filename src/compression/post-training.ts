import type { PointAccount, TensorAccount } from '#compression/account.ts';
import type { Grid, WeightBits } from '#compression/quantize.ts';
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

/** What quantization did to one kernel or bias; see TensorAccount. */
export type TensorGrid = Pick<TensorAccount, 'name' | 'quantization' | 'rule'>;

export interface HybridMember {
  /** Weights as the integers stand for them, [parameterCount]; biases are untouched. */
  readonly parameters: Float32Array;
  /** Of each kernel. */
  readonly grids: readonly TensorGrid[];
  /** Which ops read int8 weights and therefore quantize their input at run time, [op]. */
  readonly activations: { readonly kind: 'dynamic'; readonly ops: readonly boolean[] };
}

export interface FixedMember {
  /** Weights and biases as the integers stand for them, [parameterCount]. */
  readonly parameters: Float32Array;
  /** Of each kernel and bias. */
  readonly grids: readonly TensorGrid[];
  /** What became of the values at each point, [point]; `clipped` is not counted. */
  readonly activations: readonly PointAccount[];
  /** Grid of the input and of every op's output, [point]; null after a max pool, whose values are on its input's grid already. */
  readonly points: readonly (Grid | null)[];
}

/**
 * Dynamic-range quantization of a trained member: kernels to int8 (or fewer bits), symmetric, per output channel for
 * convolutions and per tensor for dense layers; biases stay in float. `tflite-faithful` leaves kernels below 1,024 elements in
 * float. parameters [parameterCount] stay unchanged. Throws on weights that are not finite.
 */
export function hybridInt8(model: CompressibleModel, parameters: Float32Array, spec: HybridInt8Spec): HybridMember {
  const quantized = parameters.slice();
  const grids: TensorGrid[] = [];
  const ops = model.ops.map((op) => {
    if (op.kind !== 'conv' && op.kind !== 'dense') return false;
    const kernel = kernelAt(model, op.offset);
    if (spec.tensors === 'tflite-faithful' && kernel.size < TFLITE_LEAST_ELEMENTS) {
      const rule = `kept in float: ${String(kernel.size)} elements, TensorFlow Lite quantizes from 1,024`;
      grids.push({ name: kernel.name, quantization: null, rule });
      return false;
    }
    grids.push(quantizeKernel(kernel, quantized, spec.bits).grid);
    return true;
  });
  return { parameters: quantized, grids, activations: { kind: 'dynamic', ops } };
}

/**
 * Fixed-point quantization of a trained member: every kernel to int8 (or fewer bits) as above, biases to int32 with scale
 * input x weight, activations to int8 by the ranges seen on the calibration examples. ranges: [point, 2] least and largest
 * value; point 0 is the input, i + 1 the output of op i. The softmax is left out: it does not change which logit is largest. An
 * average pool keeps the grid of its input, a global one (TensorFlow Lite's MEAN) has its own. Batch norm must have been folded.
 * Throws on weights or ranges that are not finite.
 */
export function fixedInt8(
  model: CompressibleModel,
  parameters: Float32Array,
  ranges: Float32Array,
  bits: WeightBits = 8,
): FixedMember {
  if (ranges.length !== 2 * (model.ops.length + 1))
    throw new RangeError(
      `The ranges must have ${String(2 * (model.ops.length + 1))} numbers, not ${String(ranges.length)}.`,
    );
  const quantized = parameters.slice();
  const grids: TensorGrid[] = [];
  const pointAt = (name: string, point: number): PointAccount => {
    const range = [ranges[2 * point]!, ranges[2 * point + 1]!] as const;
    return { name, grid: activationGrid(...range), range, clipped: null, rule: 'int8, asymmetric, per tensor' };
  };
  const activations = [pointAt('input', 0)];
  model.ops.forEach((op, index) => {
    const input = activations[op.from]!;
    activations.push(
      op.kind === 'maxpool' || op.kind === 'avgpool'
        ? { name: op.name, grid: input.grid, range: null, clipped: null, rule: 'int8, on the grid of what it reads' }
        : pointAt(op.name, index + 1),
    );
    if (op.kind === 'batchnorm') throw new RangeError(`${op.name} must be folded before quantization.`);
    if (op.kind !== 'conv' && op.kind !== 'dense') return;
    const kernel = kernelAt(model, op.offset);
    const { scales, grid } = quantizeKernel(kernel, quantized, bits);
    grids.push(grid);
    if (op.kind === 'conv' && !op.bias) return;
    const bias = tensorAt(model, kernel.offset + kernel.size);
    const clipped = quantizeBias(slice(bias, quantized), input.grid.scale, scales) / bias.size;
    const steps = Array.from(scales, (scale) => input.grid.scale * scale);
    grids.push({
      name: bias.name,
      quantization: { bits: 32, scales: steps, zeroPoint: 0, clipped },
      rule: 'int32, scale of the input x scale of the kernel',
    });
  });
  const points = [
    activations[0]!.grid,
    ...model.ops.map(({ kind }, i) => (kind === 'maxpool' ? null : activations[i + 1]!.grid)),
  ];
  return { parameters: quantized, grids, activations, points };
}

/** Rounds the kernel in place. */
function quantizeKernel(
  kernel: CompressibleTensor,
  parameters: Float32Array,
  bits: WeightBits = 8,
): { readonly scales: Float32Array; readonly grid: TensorGrid } {
  const values = slice(kernel, parameters);
  const perChannel = kernel.kind === 'conv-kernel';
  const scales = perChannel
    ? perChannelScales(values, outputChannels(kernel), bits)
    : Float32Array.of(symmetricScale(values, bits));
  const clipped = quantizeWeights(values, scales, bits) / kernel.size;
  const rule = `int${String(bits)}, symmetric, ${perChannel ? 'per output channel' : 'per tensor'}`;
  const quantization = { bits, scales: [...scales], zeroPoint: 0 as const, clipped };
  return { scales, grid: { name: kernel.name, quantization, rule } };
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
