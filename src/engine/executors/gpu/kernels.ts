import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TrainingData } from '#engine/executors/executor.ts';
import type { ConvGeometry, PoolLayer, WeightedLayer } from '#engine/executors/gpu/layout.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';

/** The members that run together, the examples each of them sees, and the parameter quads of one member. */
export interface Extent {
  readonly members: number;
  readonly examples: number;
  readonly quads: number;
}

/** The dataset on the device. */
export interface ResidentData {
  readonly inputs: TensorInfo;
  readonly encoding: TrainingData['inputs']['kind'];
  readonly labels: TensorInfo; // [example] as floats
}

/** An uploaded array that holds the example indices: member p's example b is at first + p * stride + b. */
export interface IndexList {
  readonly values: TensorInfo;
  readonly first: number;
  /** 0 where all members see the same examples. */
  readonly stride: number;
}

/** State slots, each [member, quad]. */
export const SLOT_EFFECTIVE = 0; // raw x mask: what forward and backward read
export const SLOT_RAW = 1;
export const SLOT_MOMENT = 2; // velocity, or Adam's first moment
/** Slots of an optimizer: effective, raw, moment and, for Adam, the second moment. */
export const stateSlots = (optimizer: OptimizerSpec): number => (optimizer.kind === 'adam' ? 4 : 3);

/** What an update needs besides state and gradients. */
export interface UpdateSpec {
  readonly optimizer: OptimizerSpec;
  /** Counts from 1. */
  readonly step: number;
  readonly mask: TensorInfo; // [member, quad]
  /** Starts with the learning rates, [member]. */
  readonly learningRates: TensorInfo;
}

/** Where the weight gradients of one step gather. Lives as long as its chunk. */
export interface Gradients {
  /** Adds the gradient of one layer from its input and the gradient before its relu. */
  compute(extent: Extent, layer: WeightedLayer, input: TensorInfo, delta: TensorInfo): void;
  /** A new state [slot, member, quad] after one optimizer step; the old one stays the caller's. */
  update(extent: Extent, spec: UpdateSpec, state: TensorInfo): TensorInfo;
  dispose(): void;
}

/**
 * The operations of a step on a device. Every one returns a new array of quads that the caller releases; nothing waits for
 * the device but `read`. Activations are [member, example, ...shape quads]; state is [slot, member, quad].
 */
export interface Kernels {
  /** Uploads numbers, padded with zeros to whole quads. */
  upload(values: Float32Array): TensorInfo;
  /** The numbers of an array with its padding. Rejects when the device is lost or has reported an error. */
  read(array: TensorInfo): Promise<Float32Array>;
  release(array: TensorInfo): void;
  loadData(data: TrainingData): ResidentData;

  /** The inputs of a batch; bytes become x / 127.5 - 1. */
  gather(extent: Extent, data: ResidentData, indices: IndexList, shape: Shape): TensorInfo;
  /** Convolution, bias and, where the layer says so, relu. */
  conv(extent: Extent, layer: WeightedLayer, input: TensorInfo, state: TensorInfo): TensorInfo;
  /** Gradient of a layer's input; zero where `activation` (that input, if it came through a relu) is not positive. */
  convInputGradient(
    extent: Extent,
    layer: WeightedLayer,
    delta: TensorInfo,
    state: TensorInfo,
    activation: TensorInfo | null,
  ): TensorInfo;
  maxPool(extent: Extent, layer: PoolLayer, input: TensorInfo): TensorInfo;
  /** Gradient of a pool's input: that of the window for its first maximum, if `relu` only where that is positive. */
  maxPoolGradient(extent: Extent, layer: PoolLayer, input: TensorInfo, delta: TensorInfo, relu: boolean): TensorInfo;
  /** Gradient of the mean softmax cross-entropy, [member, example, class quad]. */
  softmaxGradient(
    extent: Extent,
    classes: number,
    logits: TensorInfo,
    labels: TensorInfo,
    indices: IndexList,
  ): TensorInfo;
  /** Mean softmax cross-entropy, [member] quads whose first lane counts. */
  meanLoss(extent: Extent, classes: number, logits: TensorInfo, labels: TensorInfo, indices: IndexList): TensorInfo;
  createGradients(extent: Extent, layers: readonly WeightedLayer[]): Gradients;
  /** State with other raw parameters ([member, quad]; null keeps them) and effective = raw x mask. */
  rebase(extent: Extent, slots: number, state: TensorInfo, raw: TensorInfo | null, mask: TensorInfo): TensorInfo;
  /** Least and largest value of each group of `quads` quads, [group] quads (least, largest, 0, 0). */
  range(groups: number, quads: number, channels: number, values: TensorInfo): TensorInfo;
  /** Rounds to (q - zero point) scale, q in [-128, 127]. points: [member] quads (scale, zero point, 1 if on, 0). */
  quantizeFixed(extent: Extent, quads: number, values: TensorInfo, points: TensorInfo): TensorInfo;
  /** Rounds each group (example) to multiples of max|x| / 127; ranges as `range` gives them. */
  quantizeDynamic(groups: number, quads: number, values: TensorInfo, ranges: TensorInfo): TensorInfo;
}

/** A text that tells geometries apart, for shader keys. */
export const geometryKey = (g: ConvGeometry): string =>
  [
    g.height,
    g.width,
    g.channels,
    g.outHeight,
    g.outWidth,
    g.filters,
    g.kernelHeight,
    g.kernelWidth,
    g.stride,
    g.padTop,
    g.padLeft,
  ].join('_');

/** Slices of the batch's output rows that a weight gradient is summed in; from geometry only, so that a member's result never depends on its neighbours. */
export function gradientSlices(layer: WeightedLayer, examples: number, threads: number, wantedThreads: number): number {
  return Math.max(1, Math.min(examples * layer.geometry.outHeight, Math.ceil(wantedThreads / threads)));
}

/** The factors of one optimizer step, as uniforms; bias corrections are computed here in float64. */
export function updateFactors({ optimizer, step }: UpdateSpec): Record<string, number> {
  if (optimizer.kind === 'sgd') return { momentum: optimizer.momentum };
  const { beta1, beta2, epsilon } = optimizer;
  return {
    beta1,
    beta2,
    epsilon,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
    correction1: 1 - beta1 ** step,
    correction2: 1 - beta2 ** step,
  };
}
