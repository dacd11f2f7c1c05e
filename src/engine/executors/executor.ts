import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';

export type BackendName = 'webgpu' | 'webgl' | 'simd' | 'reference';

/** The inputs that models see, resident on the device. Images as bytes are read as x / 127.5 - 1. */
export type Inputs =
  | { readonly kind: 'bytes'; readonly data: Uint8Array } // [example, ...program.input]
  | { readonly kind: 'floats'; readonly data: Float32Array };

export interface TrainingData {
  readonly inputs: Inputs;
  /** [example] class index. */
  readonly labels: Uint16Array;
  readonly examples: number;
}

/** How activations are quantized at prediction. Points: 0 is the input, i + 1 the output of op i. Simulated in float. */
export type ActivationQuantization =
  | { readonly kind: 'none' }
  /** Per point: real values are rounded to (q - zeroPoint) scale with q in [-128,127]; null leaves the point alone. [member][point] */
  | {
      readonly kind: 'fixed';
      readonly points: readonly (readonly ({ readonly scale: number; readonly zeroPoint: number } | null)[])[];
    }
  /** Before every op i with dynamic[i] the op's input is quantized symmetrically per example: scale = max|x| / 127. */
  | { readonly kind: 'dynamic'; readonly ops: readonly boolean[] };

/**
 * Fake quantization in training steps (quantization-aware training; Jacob et al. 2018). Forward and the gradients of inputs
 * use kernels rounded to int8, symmetric, per output channel for convolutions and per tensor for dense layers, with the scale
 * of the weights as they stand; the gradient of a rounded kernel is taken for that of the kernel (straight through). At marked
 * points activations are rounded to the asymmetric int8 grid of the point's range as it stands before the step; their gradient
 * passes where the value lies between the grid's ends, (-128 - zeroPoint) scale and (127 - zeroPoint) scale, both included, and
 * is 0 elsewhere. After the step each range moves: range = decay range + (1 - decay) (min(0, least), max(0, largest value of this
 * batch at the point, before rounding)). Where a max pool follows a layer the pool's point is marked, not the layer's, so that
 * rounding makes no ties among a window's values. Halves are rounded up.
 */
export interface FakeQuantization {
  /** [point] */
  readonly points: readonly boolean[];
  /** Least and largest value to begin with, [member, point, 2]. */
  readonly ranges: Float32Array;
  /** In [0,1). */
  readonly decay: number;
}

/**
 * Training towards a teacher as well as the labels (Hinton et al. 2015): the loss of an example is (1 - weight) cross-entropy
 * with its label + weight T^2 KL(softmax(teacher / T) || softmax(student / T)); for the logistic loss the same with the two
 * probabilities that the logit stands for.
 */
export interface Distillation {
  readonly temperature: number;
  /** In [0,1]. */
  readonly weight: number;
  /** Logits of each member's teacher for all the data, [member, example, output]. */
  readonly teacher: Float32Array;
}

export interface ChunkSpec {
  readonly program: StepProgram;
  readonly members: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerSpec;
  /** Initial parameters [member, parameterCount]. */
  readonly parameters: Float32Array;
  /** What becomes of a masked weight; see Chunk. Absent: `kept`. */
  readonly maskedWeights?: 'kept' | 'zeroed';
  readonly distillation?: Distillation;
}

/**
 * Members that are trained together, the leading dimension of everything. Each has raw weights, a mask and optimizer
 * state. Forward and backward use weight x mask. With masked weights `kept` (semantics `hooker`) the update touches only
 * weights whose mask is 1 (gradient x mask, as the gradient of mask x weight is): a masked weight keeps its raw value and can
 * revive. With `zeroed` (semantics `tfmot`) a step sets raw = raw x mask first, and then updates every weight with its own
 * gradient, so that a masked weight is what one step makes of 0, and its optimizer state runs on. Running statistics of batch
 * norm move whatever their mask.
 */
export interface Chunk {
  readonly members: number;
  /**
   * Queues one step. indices: [member, batch] examples, at most `batchSize` each, the same number for every member.
   * learningRate: [member]. views: how each example is seen, [member, batch], as `packView` writes it (model/augmentation.ts);
   * null: as it is. Step count starts at 1 for Adam's bias correction.
   */
  step(indices: Int32Array, learningRate: Float32Array, views?: Int32Array | null): void;
  /** Mean loss of the last step, [member]; waits until the device is done. */
  loss(): Promise<Float32Array>;
  /** Raw parameters [member, parameterCount], running statistics of batch norm among them. */
  parameters(): Promise<Float32Array>;
  /** Replaces the raw parameters; optimizer state stays. */
  setParameters(parameters: Float32Array): void;
  /** Replaces the masks, 0 or 1, [member, parameterCount]. All ones at the start. */
  setMask(mask: Float32Array): void;
  /** Fake quantization in the steps that follow, from the given ranges; null: none, and the ranges stay as they are. */
  setFakeQuantization(quantization: FakeQuantization | null): void;
  /** The ranges that fake quantization has moved, [member, point, 2]; as given at points that are not marked; 0 before any are given. */
  fakeRanges(): Promise<Float32Array>;
  /** Logits [member, index, output] of the examples with the given indices. */
  logits(indices: Int32Array, quantization: ActivationQuantization): Promise<Float32Array>;
  /** Activations at `embeddingPoint`, [member, index, width], unquantized. */
  embeddings(indices: Int32Array): Promise<Float32Array>;
  /** Least and largest value at every point over the examples at prediction, [member, point, 2]; point 0 is the input, i + 1 the output of op i. */
  activationRanges(indices: Int32Array): Promise<Float32Array>;
  /** Raw parameters, optimizer state, ranges of fake quantization and step count as one array, for a checkpoint on the same backend. */
  save(): Promise<Float32Array>;
  restore(state: Float32Array): void;
  dispose(): void;
}

/**
 * Codes of the problems with which a GPU's chunk throws or rejects, as a ProblemError: the device is gone; it has no memory for
 * so many members; or it refused a command, so that nothing it gives can be trusted: a fault of this program.
 */
export type DeviceProblem = 'gpu-lost' | 'gpu-memory' | 'gpu-invalid';

/** Ways in which an executor's kernels can share out the same work: bitwise the same results, one or another faster on a device. */
export interface KernelVariants {
  /** The first is used until another is chosen. */
  readonly names: readonly string[];
  /** Chunks run so from their next step on. */
  use(name: string): void;
}

export interface Executor {
  readonly backend: BackendName;
  /** What really runs: adapter name, module variant. */
  readonly detail: string;
  /** Whether the adapter is known to be rendered in software. */
  readonly software: boolean;
  /** Absent: there is one way. */
  readonly variants?: KernelVariants;
  /** Makes the data resident; replaces earlier data. */
  load(data: TrainingData): void;
  createChunk(spec: ChunkSpec): Chunk;
  /** Most members a chunk of this program may have on this device. */
  maxMembers(program: StepProgram, batchSize: number): number;
  /** Tensors alive (GPU) or bytes in use (CPU): constant over steps. */
  allocated(): number;
  dispose(): void;
}
