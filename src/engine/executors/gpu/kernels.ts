import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ChunkSpec, TrainingData } from '#engine/executors/executor.ts';
import type {
  BatchNormLayer,
  BlockLayer,
  ConvGeometry,
  PoolLayer,
  WeightedLayer,
} from '#engine/executors/gpu/layout.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { Loss, Shape } from '#engine/model/program.ts';

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
  readonly examples: number;
}

/** An uploaded array of floats that holds example indices and how the examples are seen: member p's example b is at first + p * stride + b. */
export interface IndexList {
  readonly values: TensorInfo;
  readonly first: number;
  /** 0 where all members see the same examples. */
  readonly stride: number;
  /** Where the packed views begin, one behind each index's place (views + p * stride + b); null: every example as it is. */
  readonly views: number | null;
}

/**
 * Slots of the state, each [member, quad]: effective parameters (raw x mask, what forward and backward read), raw ones,
 * velocity or Adam's first moment and, for Adam, the second moment.
 */
export const stateSlots = (optimizer: OptimizerSpec): number => (optimizer.kind === 'adam' ? 4 : 3);
export const SLOT_RAW = 1;

/** The loss of a batch. */
export interface LossSpec {
  readonly kind: Loss;
  /** Logits of an example. */
  readonly outputs: number;
  readonly distillation: TeacherSpec | null;
}
export interface TeacherSpec {
  readonly temperature: number;
  readonly weight: number;
  /** [member, example of the data, output quad] */
  readonly logits: TensorInfo;
}

/** The range of a point in an array of ranges, [member, point] quads (least, largest, 0, 0). The grid follows from it as in `activationGrid` (compression/quantize.ts). */
export interface RangeAt {
  readonly ranges: TensorInfo;
  readonly points: number;
  readonly point: number;
}
/** What made the values of a point: the gradient that arrives there is zero where the relu cut, and where a value lies outside its grid's ends. */
export interface Gate {
  /** The values of the point before rounding, after the relu. */
  readonly values: TensorInfo;
  readonly relu: boolean;
  /** Null where the point is not fake quantized. */
  readonly range: RangeAt | null;
}
/** How a gradient arrives at a point: first what the point's other readers sent is added, then it passes the gate. */
export interface Arrival {
  readonly addend: TensorInfo | null;
  readonly gate: Gate | null;
}

/** Added after a batch norm, before the relu. */
export interface Residual {
  readonly values: TensorInfo;
  readonly relu: boolean;
}

/** What an update needs besides state and gradients. */
export interface UpdateSpec {
  readonly optimizer: OptimizerSpec;
  readonly maskedWeights: NonNullable<ChunkSpec['maskedWeights']>;
  /** Counts from 1. */
  readonly step: number;
  readonly mask: TensorInfo; // [member, quad]
  /** Starts with the learning rates, [member]. */
  readonly learningRates: TensorInfo;
}

/**
 * What one step leaves behind for every block of parameters until its update: gradients, and the statistics of the batch that
 * the running ones move towards. Lives as long as its chunk. A layer's `compute`, or `measure` and then `batchNormGradient`,
 * is called once a step, before `update`.
 */
export interface Gradients {
  /** Keeps the gradient of a layer's kernel and bias from its input and the gradient before its relu. */
  compute(extent: Extent, layer: WeightedLayer, input: TensorInfo, delta: TensorInfo): void;
  /** Keeps mean and unbiased variance of each channel over the batch (biased, that is 0, where there is only one value). */
  measure(extent: Extent, layer: BatchNormLayer, input: TensorInfo): void;
  /** Batch norm with the statistics that `measure` kept, then the residual and the relu, if any. */
  batchNorm(
    extent: Extent,
    layer: BatchNormLayer,
    input: TensorInfo,
    state: TensorInfo,
    residual: Residual | null,
  ): TensorInfo;
  /** Keeps the gradients of scale and shift from the gradient behind the norm (before its relu), and gives that of its input; null if `arrival` is null, as nothing before it learns. */
  batchNormGradient(
    extent: Extent,
    layer: BatchNormLayer,
    input: TensorInfo,
    delta: TensorInfo,
    state: TensorInfo,
    arrival: Arrival | null,
  ): TensorInfo | null;
  /**
   * A new state [slot, member, quad] after one optimizer step; the old one stays the caller's. Weight decay touches kernels
   * only; running statistics move by BATCH_NORM_DECAY, whatever optimizer and mask say; effective = raw x mask.
   */
  update(extent: Extent, spec: UpdateSpec, state: TensorInfo): TensorInfo;
  dispose(): void;
}

/** A point that is fake quantized, with the batch's values before rounding. */
export interface Observed {
  readonly point: number;
  readonly shape: Shape;
  readonly values: TensorInfo; // [member, example, ...shape quads]
}

/**
 * The operations of a step on a device. Every one returns a new array of quads that the caller releases; nothing waits for
 * the device but `read`. Activations are [member, example, ...shape quads]; `state` is [slot, member, quad], of which only
 * the effective parameters are read, so that an array of them alone, [member, quad], will do. Gradients ("delta") of a
 * point have its shape, and are those of what the point's operation made before its relu.
 */
export interface Kernels {
  /** Uploads numbers, padded with zeros to whole quads. */
  upload(values: Float32Array): TensorInfo;
  /** The numbers of an array with its padding. Rejects when the device is lost or has reported an error. */
  read(array: TensorInfo): Promise<Float32Array>;
  release(array: TensorInfo): void;
  loadData(data: TrainingData): ResidentData;

  /** The inputs of a batch in their views; bytes become x / 127.5 - 1. */
  gather(extent: Extent, data: ResidentData, indices: IndexList, shape: Shape): TensorInfo;
  /** Convolution, bias if there is one and, where the layer says so, relu. */
  conv(extent: Extent, layer: WeightedLayer, input: TensorInfo, state: TensorInfo): TensorInfo;
  convInputGradient(
    extent: Extent,
    layer: WeightedLayer,
    delta: TensorInfo,
    state: TensorInfo,
    arrival: Arrival,
  ): TensorInfo;
  maxPool(extent: Extent, layer: PoolLayer, input: TensorInfo): TensorInfo;
  /** The gradient of a window goes to its first maximum; pixels that no window holds get 0 (and the addend). */
  maxPoolGradient(extent: Extent, layer: PoolLayer, input: TensorInfo, delta: TensorInfo, arrival: Arrival): TensorInfo;
  averagePool(extent: Extent, layer: PoolLayer, input: TensorInfo): TensorInfo;
  averagePoolGradient(extent: Extent, layer: PoolLayer, delta: TensorInfo, arrival: Arrival): TensorInfo;
  /** Batch norm with the running statistics. */
  batchNorm(
    extent: Extent,
    layer: BatchNormLayer,
    input: TensorInfo,
    state: TensorInfo,
    residual: Residual | null,
  ): TensorInfo;
  /** Sum of two points of `quads` quads an example, with relu or without. */
  add(extent: Extent, quads: number, left: TensorInfo, right: TensorInfo, relu: boolean): TensorInfo;
  /** A gradient of `quads` quads an example that reaches a point unchanged, through an addition. */
  passGradient(extent: Extent, quads: number, delta: TensorInfo, arrival: Arrival): TensorInfo;

  /** Gradient of the mean loss, [member, example, output quad]; pad lanes zero. */
  lossGradient(extent: Extent, loss: LossSpec, logits: TensorInfo, data: ResidentData, indices: IndexList): TensorInfo;
  /** Mean loss, [member] quads whose first lane counts. */
  meanLoss(extent: Extent, loss: LossSpec, logits: TensorInfo, data: ResidentData, indices: IndexList): TensorInfo;
  createGradients(extent: Extent, layers: readonly BlockLayer[]): Gradients;
  /** State with other raw parameters ([member, quad]; null keeps them) and effective = raw x mask. */
  rebase(extent: Extent, slots: number, state: TensorInfo, raw: TensorInfo | null, mask: TensorInfo): TensorInfo;

  /** Least and largest value of each group of `quads` quads, [group] quads (least, largest, 0, 0). */
  range(groups: number, quads: number, channels: number, values: TensorInfo): TensorInfo;
  /** Rounds to (q - zero point) scale, q in [-128, 127]. points: [member] quads (scale, zero point, 1 if on, 0). */
  quantizeFixed(extent: Extent, quads: number, values: TensorInfo, points: TensorInfo): TensorInfo;
  /** Rounds each group (example) to multiples of max|x| / 127; ranges as `range` gives them. */
  quantizeDynamic(groups: number, quads: number, values: TensorInfo, ranges: TensorInfo): TensorInfo;
  /**
   * The effective parameters alone, [member, quad], with kernels rounded to multiples of max|w| / 127, q in [-127, 127], each
   * output channel of a convolution and each dense kernel with its own scale (1 where all weights are 0).
   */
  quantizeWeights(extent: Extent, layers: readonly BlockLayer[], state: TensorInfo): TensorInfo;
  /** Rounds values of `quads` quads an example to the grid of the point's range. */
  fakeQuantize(extent: Extent, quads: number, values: TensorInfo, range: RangeAt): TensorInfo;
  /** New ranges [member, point]: those of observed points moved to decay range + (1 - decay) (min(0, least), max(0, largest)), the others as they are. */
  moveRanges(
    extent: Extent,
    points: number,
    observed: readonly Observed[],
    ranges: TensorInfo,
    decay: number,
  ): TensorInfo;
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
  const decay = optimizer.weightDecay ?? 0;
  if (optimizer.kind === 'sgd') return { momentum: optimizer.momentum, decay };
  const { beta1, beta2, epsilon } = optimizer;
  return {
    beta1,
    beta2,
    epsilon,
    decay,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
    correction1: 1 - beta1 ** step,
    correction2: 1 - beta2 ** step,
  };
}
