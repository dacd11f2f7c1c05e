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

export interface ChunkSpec {
  readonly program: StepProgram;
  readonly members: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerSpec;
  /** Initial parameters [member, parameterCount]. */
  readonly parameters: Float32Array;
}

/**
 * Members that are trained together, the leading dimension of everything. Each has raw weights, a mask and optimizer
 * state. Forward and backward use weight x mask. The update touches only weights whose mask is 1 (gradient x mask, as the
 * gradient of mask x weight is): a masked weight keeps its raw value and can revive.
 */
export interface Chunk {
  readonly members: number;
  /** Queues one step. indices: [member, batch] examples, at most `batchSize` each, the same number for every member. learningRate: [member]. Step count starts at 1 for Adam's bias correction. */
  step(indices: Int32Array, learningRate: Float32Array): void;
  /** Mean loss of the last step, [member]; waits until the device is done. */
  loss(): Promise<Float32Array>;
  /** Raw parameters [member, parameterCount]. */
  parameters(): Promise<Float32Array>;
  /** Replaces the raw parameters; optimizer state stays. */
  setParameters(parameters: Float32Array): void;
  /** Replaces the masks, 0 or 1, [member, parameterCount]. All ones at the start. */
  setMask(mask: Float32Array): void;
  /** Logits [member, index, class] of the examples with the given indices. */
  logits(indices: Int32Array, quantization: ActivationQuantization): Promise<Float32Array>;
  /** Least and largest value at every point over the examples, [member, point, 2]; point 0 is the input, i + 1 the output of op i. */
  activationRanges(indices: Int32Array): Promise<Float32Array>;
  /** Raw parameters, optimizer state and step count as one array, for a checkpoint on the same backend. */
  save(): Promise<Float32Array>;
  restore(state: Float32Array): void;
  dispose(): void;
}

export interface Executor {
  readonly backend: BackendName;
  /** What really runs: adapter name, module variant. */
  readonly detail: string;
  /** Whether the adapter is known to be rendered in software. */
  readonly software: boolean;
  /** Makes the data resident; replaces earlier data. */
  load(data: TrainingData): void;
  createChunk(spec: ChunkSpec): Chunk;
  /** Most members a chunk of this program may have on this device. */
  maxMembers(program: StepProgram, batchSize: number): number;
  /** Tensors alive (GPU) or bytes in use (CPU): constant over steps. */
  allocated(): number;
  dispose(): void;
}
